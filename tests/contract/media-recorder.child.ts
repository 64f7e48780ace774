/** Child of the recording test: records a call until it is killed. Prints its SDP, then what it is told by nobody. */
import { createEmbeddedMediaServer } from '../../src/voice/media/index.ts';

const [path = '', sdp = '', min = '0'] = process.argv.slice(2);
const server = await createEmbeddedMediaServer({
  rtpPortMin: Number(min),
  rtpPortMax: Number(min) + 20,
  host: '127.0.0.1',
  advertiseAddress: '127.0.0.1',
  logger: { warn: () => undefined, error: () => undefined },
});
const leg = await server.createEndpoint({ kind: 'rtp', remoteSdp: sdp });
await leg.startRecording(path);
process.stdout.write(`${JSON.stringify({ sdp: leg.localSdp })}\n`);
