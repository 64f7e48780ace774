/** The B2BUA under test: every call from the trunk goes out over it again. Arguments: port of the far end. */
import { systemClock } from '../src/shared/clock.ts';
import { systemRandom } from '../src/shared/random.ts';
import { createEmbeddedSipEdge } from '../src/voice/sip/index.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error };
const edge = await createEmbeddedSipEdge({
  host: '127.0.0.1',
  port: 0,
  advertiseAddress: '127.0.0.1',
  realm: 'bench',
  auth: { ha1: () => Promise.resolve([]) },
  logger: silent,
  clock: systemClock,
  random: systemRandom,
});
edge.setTrunks([
  {
    id: 'bench',
    peers: ['127.0.0.1'],
    outboundUri: `sip:127.0.0.1:${process.argv[2] ?? ''}`,
    trustsAssertedIdentity: false,
  },
]);
edge.onInvite((call) => {
  const connect = async (): Promise<void> => {
    const b = await edge.invite({
      to: { kind: 'trunk', trunkId: 'bench', number: call.calledUser },
      callerUser: call.callerUser,
      localSdp: call.remoteSdp,
    });
    const a = await call.answer(b.remoteSdp);
    a.onEnd(() => void b.bye());
    b.onEnd(() => void a.bye());
  };
  connect().catch((error: unknown) => {
    console.error('call failed', error);
    call.reject(503);
  });
});
process.stdout.write(`${edge.port}\n`);
process.on('SIGTERM', () => void edge.stop(500).then(() => process.exit(0)));
