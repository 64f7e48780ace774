import { mkdtempSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFlow } from '../../src/flows/parse.ts';
import type { Interaction } from '../../src/interactions/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { AgentId, InteractionId } from '../../src/shared/ids.ts';
import { createVoice, DEFAULT_DIALING, type TrunkLine, type VoiceWorld } from '../../src/voice/index.ts';
import type {
  EndpointStats,
  IncomingCall,
  MediaEndpoint,
  OutgoingCall,
  RegistrationChange,
  SipDialog,
  SipEdge,
} from '../../src/voice/ports.ts';
import { createManualClock } from '../simulation/manual-time.ts';
import { newDisk } from '../simulation/memory-disk.ts';
import { COMPANY, prepare, START } from '../simulation/scripted.ts';

const SDP = 'v=0\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n';
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

type EndCause = 'bye' | 'sessionTimer' | 'transport';

/** One leg as the fakes see it: its line can die in any way at any moment. */
export interface FakeLeg {
  readonly to: string;
  readonly dialog: SipDialog & { remoteSdp: string };
  readonly endpoint: FakeEndpoint;
  /** What its peer does: dead answers nothing; mute answers, but sends no sound. */
  life: 'alive' | 'mute' | 'dead';
  /** Off: packets come, with digital silence in them. */
  microphone: 'on' | 'off';
  byes: string[];
  /** The peer hangs up. */
  hangUp(cause?: EndCause): void;
}

interface FakeEndpoint extends MediaEndpoint {
  readonly kind: 'rtp' | 'webrtc';
  leg: FakeLeg | undefined;
  /** What is heard on it now: names of files, or of the leg that it is bridged to. */
  heard(): string;
  quietSince: number | undefined;
}

/** Call control with the real core behind it and lines made of paper; time by hand. */
export async function voiceRig() {
  const clock = createManualClock(START);
  const { core } = prepare(newDisk(), { clock, inOrder: true });
  const legs: FakeLeg[] = [];
  const plays: { atMs: number; file: string; endpoint: string }[] = [];
  let endpoints = 0;
  let calls = 0;
  let onInvite: (call: IncomingCall) => void = () => undefined;
  let onRegistration: (change: RegistrationChange) => void = () => undefined;
  /** What happens to an INVITE of ours; by default it is answered at once. */
  const rig = {
    answers: (_call: OutgoingCall): Promise<void> => Promise.resolve(),
    /** What they say to a question: yes, nothing, or that nobody is known there. */
    phones: new Map<string, { answers: boolean | 'no' }>(),
    /** Whether the edge tells of 100 Trying. */
    showsTrying: true,
    /** Whether a file cannot be played now. */
    unplayable: (_file: string): boolean => false,
    queueFor: (_contact: InteractionId, wanted: string): Promise<string | undefined> =>
      Promise.resolve(wanted),
    /** What the queues say out of their hours. */
    closed: undefined as string | undefined,
    /** What comes of an answer: WebRTC may end while it is read. */
    reads: (): Promise<void> => Promise.resolve(),
    /** Of a leg that comes up now. */
    life: (_to: string): FakeLeg['life'] => 'alive',
    trunks: [
      {
        ...{ id: 't1', companyId: COMPANY, name: 'T', channels: 10, direction: 'both' },
        callerId: '+551140004000',
      },
    ] as TrunkLine[],
  };

  function endpointOf(kind: 'rtp' | 'webrtc'): FakeEndpoint {
    const id = `e${endpoints++}`;
    let playing: string | undefined;
    let bridged: FakeEndpoint | undefined;
    const watches: { ms: number; fn: () => void; fired: boolean }[] = [];
    const silentForMs = (): number => {
      const dead = endpoint.leg !== undefined && endpoint.leg.life !== 'alive';
      if (!dead) endpoint.quietSince = undefined;
      else endpoint.quietSince ??= clock.now();
      return endpoint.quietSince === undefined ? 0 : clock.now() - endpoint.quietSince;
    };
    const tick = (): void => {
      if (gone) return;
      const silent = silentForMs();
      if (endpoint.leg?.life === 'alive') packets += 5;
      for (const watch of watches) {
        if (silent < watch.ms) watch.fired = false;
        else if (!watch.fired) {
          watch.fired = true;
          watch.fn();
        }
      }
      clock.after(100, tick);
    };
    let gone = false;
    let packets = 0;
    const endpoint: FakeEndpoint = {
      ...{ id, kind, codec: 'PCMU', localSdp: SDP, leg: undefined, quietSince: undefined },
      heard: () => playing ?? (bridged?.leg?.life === 'alive' ? `voice of ${bridged.leg.to}` : 'silence'),
      setRemote: () => rig.reads().then(() => SDP),
      offer: () => Promise.resolve(SDP),
      press: () => Promise.resolve(),
      play(files, { loop = false, signal } = {}) {
        if (signal?.aborted === true) return Promise.resolve('stopped');
        if (rig.unplayable(files.join())) return Promise.reject(new Error('unplayable'));
        playing = files.join();
        plays.push({ atMs: clock.now(), file: playing, endpoint: id });
        return new Promise((resolve) => {
          const mine = playing;
          const end = (how: 'done' | 'stopped') => {
            if (playing === mine) playing = undefined;
            resolve(how);
          };
          signal?.addEventListener('abort', () => end('stopped'), { once: true });
          if (!loop) clock.after(1500, () => end('done'));
        });
      },
      onDigit: () => undefined,
      sendDigits: () => Promise.resolve(),
      bridge(other) {
        bridged = other as FakeEndpoint;
        return Promise.resolve();
      },
      unbridge: () => Promise.resolve(void (bridged = undefined)),
      startRecording: () => Promise.resolve(),
      stopRecording: () => Promise.resolve(),
      stats: () =>
        Promise.resolve({
          ...{ silentForMs: silentForMs(), packetsReceived: packets },
          soundReceived: endpoint.leg?.microphone === 'off' ? 0 : packets,
        } as EndpointStats),
      onSilence: (ms, fn) => void watches.push({ ms, fn, fired: false }),
      connected: () =>
        endpoint.leg?.life === 'alive'
          ? Promise.resolve()
          : new Promise((_resolve, reject) =>
              clock.after(10_000, () => reject(new AppError('media.notConnected', 504, 'no media'))),
            ),
      destroy: () => Promise.resolve(void (gone = true)),
    };
    clock.after(100, tick);
    return endpoint;
  }

  function legOf(to: string, endpoint: FakeEndpoint): FakeLeg {
    let ended: (cause: EndCause) => void = () => undefined;
    let over: EndCause | undefined;
    const leg: FakeLeg = {
      ...{ to, endpoint, life: rig.life(to), microphone: 'on', byes: [] },
      hangUp(cause = 'bye') {
        over = cause;
        ended(cause);
      },
      dialog: {
        ...{ callId: `call${calls++}`, localSdp: SDP, remoteSdp: SDP },
        modify: () => never(),
        alive: () => (leg.life === 'dead' ? never() : Promise.resolve(true)),
        // As the port says: sent, and nothing is known of an answer.
        bye: (reason = '') => Promise.resolve(void leg.byes.push(reason)),
        onEnd(handler) {
          ended = handler;
          if (over !== undefined && leg.byes.length === 0) handler(over);
        },
        ...{
          onModify: () => undefined,
          onInfoDigit: () => undefined,
          onRefer: () => undefined,
          onOfferWanted: () => undefined,
        },
      },
    };
    endpoint.leg = leg;
    legs.push(leg);
    return leg;
  }

  /** The endpoint that was made last has no leg yet: its description goes out in the next INVITE or answer. */
  let fresh: FakeEndpoint | undefined;
  const edge: SipEdge = {
    get showsTrying() {
      return rig.showsTrying;
    },
    setTrunks: () => undefined,
    registrationOf: () => undefined,
    onInvite: (handler) => void (onInvite = handler),
    onRegistration: (handler) => void (onRegistration = handler),
    async invite(call) {
      const endpoint = fresh;
      if (endpoint === undefined) throw new Error('no endpoint');
      const aborted = new Promise<never>((_resolve, reject) =>
        call.signal?.addEventListener('abort', () =>
          reject(Object.assign(new Error('487'), { status: 487 })),
        ),
      );
      await Promise.race([rig.answers(call), aborted]);
      return legOf(call.to.kind === 'softphone' ? call.to.username : call.to.number, endpoint).dialog;
    },
    answers(username) {
      const said = rig.phones.get(username)?.answers ?? false;
      return said === false ? never() : Promise.resolve(said === true);
    },
    unregister: () => undefined,
    health: () => Promise.resolve({ ok: true, detail: '', facts: [] }),
    stop: () => Promise.resolve(),
  };
  const flow = parseFlow(
    'flow: curto\nlanguage: pt-BR\nstart: fila\nnodes:\n  fila: { queue: suporte }\n',
    'curto.yaml',
  );
  if (flow.flow === undefined) throw new Error('the flow of the rig is broken');
  const world: VoiceWorld = {
    edge,
    media: {
      createEndpoint: ({ kind }) => Promise.resolve((fresh = endpointOf(kind))),
      health: () => Promise.resolve({ ok: true, detail: '', facts: [] }),
      stop: () => Promise.resolve(),
    },
    interactions: core.interactions,
    flows: {
      flow: () => flow.flow,
      files: () => Promise.resolve([]),
      vars: () => Promise.resolve({}),
      lookup: () => () => Promise.resolve(undefined),
    },
    speech: { wav: (text) => Promise.resolve(text) },
    ...{ musicPath: 'music', comfortPath: 'comfort', ringbackPath: 'ringback' },
    directory: {
      did: () => Promise.resolve({ companyId: COMPANY, number: '+551140004000', flow: 'curto' }),
      trunks: () => rig.trunks,
      dialing: () => DEFAULT_DIALING,
      ownNumbers: () => ['+551140004000'],
      queueExists: (_company, key) => key === 'suporte',
      softphoneOf: (_company, agentId) => agentId,
      isOnCall: (company, agentId) =>
        core.agents.get(company, agentId)?.work.some(({ channel }) => channel === 'voice') === true,
      queuesOf: (company, agentId) => core.agents.get(company, agentId)?.queues ?? [],
      queueFor: ({ id }, wanted) => rig.queueFor(id, wanted),
      closedMessage: () => Promise.resolve(rig.closed),
    },
    customers: { byPhone: () => Promise.resolve({ customer: null, identity: 'unknown' }) },
    queue: {
      accept: (company, id, agentId) => core.router.accept(company, id, agentId),
      reject: (company, id, agentId) => core.router.reject(company, id, agentId),
      takeOwn: (company, id, agentId) => core.router.take(company, id, agentId, { own: true }),
      waitOf: () => ({ position: 1, estimatedWaitMs: null }),
    },
    agents: core.agents,
    recordingsDir: mkdtempSync(join(tmpdir(), 'ramal-voice-')),
    newKey: () => String(calls++),
    clock,
    logger: silentLogger(),
  };
  const voice = createVoice({ ...world, interactions: core.interactions });
  await core.start();
  await voice.start();

  /** Lets everything that hangs on this moment run. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 48; i++) {
      // A round trip through the threads of the file system: the folder of recordings is made there.
      await stat(world.recordingsDir);
      // And one through the store, which reads and writes in turn.
      await core.interactions.get(COMPANY, 'none' as InteractionId);
      await core.idle();
    }
  };
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 250) {
      clock.advance(Math.min(250, left));
      await settle();
    }
  };
  return {
    ...{ rig, core, voice, clock, legs, plays, pass, settle },
    /** An operator with a phone of this kind, available. */
    async operator(name: string, kind: 'desk' | 'phone' = 'desk'): Promise<AgentId> {
      const id = name as AgentId;
      await core.agents.ensure({ id, companyId: COMPANY, name, queues: ['suporte'] });
      rig.phones.set(name, { answers: true });
      this.register(name, kind);
      await core.agents.setPresence(COMPANY, id, 'available');
      await settle();
      return id;
    },
    register(name: string, kind: 'desk' | 'phone' = 'desk', contacts = 1): void {
      const transport = kind === 'desk' ? 'ws' : 'udp';
      onRegistration({
        ...{ username: name, contacts, userAgent: kind === 'desk' ? 'Ramal-Desk/1' : 'baresip' },
        peer: { transport, address: '127.0.0.1', port: 5062 },
      });
    },
    /** A caller, answered and in the queue; `name`: what the display says. */
    async customer(
      number = '+5511987654321',
      name?: string,
    ): Promise<{ leg: FakeLeg; contact: () => Promise<Interaction> }> {
      let leg: FakeLeg | undefined;
      onInvite({
        ...{ callId: `in${calls++}`, source: { kind: 'trunk', trunkId: 't1' }, remoteSdp: SDP },
        ...{ callerUser: number, callerName: name, calledUser: '+551140004000' },
        peer: { transport: 'udp', address: '127.0.0.1', port: 5080 },
        onCancel: () => undefined,
        ringing: () => undefined,
        answer: () => Promise.resolve((leg = legOf(number, fresh as FakeEndpoint)).dialog),
        reject: () => undefined,
      });
      await settle();
      if (leg === undefined) throw new Error('not answered');
      const { items } = await core.interactions.list(COMPANY, {}, { limit: 1 });
      const id = items[0]?.id as InteractionId;
      return {
        leg,
        contact: async () => (await core.interactions.get(COMPANY, id)) as Interaction,
      };
    },
    legTo: (name: string) => legs.findLast((leg) => leg.to === name),
  };
}
