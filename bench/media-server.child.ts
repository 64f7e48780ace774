/** Our media server alone in a process; told over IPC what calls to carry. */
import { createEmbeddedMediaServer } from '../src/voice/media/index.ts';
import type { MediaEndpoint } from '../src/voice/ports.ts';

const [min = '0', recordTo = ''] = process.argv.slice(2);
const server = await createEmbeddedMediaServer({
  rtpPortMin: Number(min),
  rtpPortMax: Number(min) + 999,
  host: '127.0.0.1',
  advertiseAddress: '127.0.0.1',
  logger: { warn: (...a) => console.error(...a), error: (...a) => console.error(...a) },
});
const legs: MediaEndpoint[] = [];

interface Order {
  readonly a?: { kind: 'rtp' | 'webrtc'; sdp: string };
  readonly b?: { kind: 'rtp' | 'webrtc'; sdp: string };
  readonly record?: boolean;
}

async function obey(order: Order): Promise<unknown> {
  if (order.a === undefined || order.b === undefined) {
    await Promise.all(legs.splice(0).map((leg) => leg.destroy()));
    return 'cleared';
  }
  const a = await server.createEndpoint({ kind: order.a.kind, remoteSdp: order.a.sdp });
  const b = await server.createEndpoint({ kind: order.b.kind, remoteSdp: order.b.sdp });
  if (order.record === true) await a.startRecording(`${recordTo}/${a.id}.wav`);
  await a.bridge(b);
  legs.push(a, b);
  return { a: a.localSdp, b: b.localSdp };
}

process.on('message', (message: { id: number; order: Order }) => {
  obey(message.order).then(
    (value) => process.send?.({ id: message.id, value }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
  );
});
process.on('disconnect', () => void server.stop().then(() => process.exit(0)));
process.send?.({ id: 0, value: 'ready' });
