import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../src/voice/media/index.ts';
import { createRtpPeer, loudest, tone, wavChannels, writeToneWav } from '../support/audio.ts';
import { mediaRig } from './media-rig.ts';

describe('media server: recordings', () => {
  const rig = mediaRig(28_600);
  const { closing, rtpLeg } = rig;

  it('records the peer on the left and what it hears on the right', async () => {
    const a = await rtpLeg();
    const b = await rtpLeg({ codec: 'PCMA' });
    const path = join(rig.folder, 'call.wav');
    await a.leg.startRecording(path);
    const file = await writeToneWav(join(rig.folder, 'prompt.wav'), 440, 500);
    await a.leg.play([file]);
    await a.leg.bridge(b.leg);
    a.peer.say(tone(600, 1000, -15));
    b.peer.say(tone(1300, 1000, -15));
    await Promise.all([a.peer.untilTone(1300, 1000), b.peer.untilTone(600, 1000)]);
    await a.leg.stopRecording();
    const recording = await openRecording(path);
    const wav = await buffer(recording.stream());
    expect(wav.length).toBe(recording.sizeBytes);
    const [left, right] = wavChannels(wav) as [Int16Array, Int16Array];
    expect(loudest(right.slice(400, 3600)).hz).toBe(440);
    expect(loudest(left.slice(-6000, -2000)).hz).toBe(600);
    expect(loudest(right.slice(-6000, -2000)).hz).toBe(1300);
    // A machine under load makes the sender late: what it sends then has gaps.
    expect(loudest(left.slice(-6000, -2000)).level).toBeGreaterThan(-18);
    expect(recording.durationMs).toBeGreaterThan(1500);
    const part = await buffer(recording.stream({ start: 41, end: 2_001 }));
    expect(part.equals(wav.subarray(41, 2_002))).toBe(true);
  });

  it.each([
    ['the main process is killed', 1],
    ['both processes are killed', -1],
  ])('leaves a readable recording behind when %s', async (_who, group) => {
    const peer = await createRtpPeer();
    closing.push(() => peer.close());
    const path = join(rig.folder, 'killed.wav');
    const entry = fileURLToPath(new URL('./media-recorder.child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', entry, path, peer.sdp(), '28300'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Its own group: a negative id is everybody in it, the media process too.
      detached: true,
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    peer.connect((JSON.parse(line.toString()) as { sdp: string }).sdp);
    peer.say(tone(750, 1000));
    await peer.until(() => peer.packets.length >= 100);
    process.kill(group * child.pid!, 'SIGKILL');
    await once(child, 'exit');
    const recording = await openRecording(path);
    // About 2 s passed; at most the last second may be missing.
    expect(recording.durationMs).toBeGreaterThan(1_000);
    const [left] = wavChannels(await buffer(recording.stream())) as [Int16Array];
    expect(loudest(left.slice(-3000)).hz).toBe(750);
    if (group < 0) expect((await readFile(path)).readUInt32LE(40)).toBe(0);
  });
});
