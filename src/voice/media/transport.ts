/** How packets of one endpoint reach its peer: plain UDP or WebRTC. */
export interface Transport {
  /** Sends one RTP packet; drops it when the path is not up. Never throws. */
  send(packet: Buffer): void;
  /** Resolves when media can flow (ICE and DTLS done, or the first packet seen), rejects when it cannot. */
  readonly ready: Promise<void>;
  /** Closes sockets; idempotent. */
  close(): void;
}

/** Called for each packet that the transport accepted. */
export type PacketHandler = (packet: Buffer) => void;
