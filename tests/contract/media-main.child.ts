/** A main process of its own with one bridged call, that stalls when it is told to and says what `stop` took. */
import { createEmbeddedMediaServer } from '../../src/voice/media/index.ts';
import type { MediaEndpoint } from '../../src/voice/ports.ts';

export type MainOrder =
  | { readonly do: 'bridge'; readonly rtp: string; readonly webrtc: string }
  | { readonly do: 'offer'; readonly count: number }
  | { readonly do: 'stall'; readonly ms: number }
  | { readonly do: 'stop' };

const server = await createEmbeddedMediaServer({
  rtpPortMin: Number(process.argv[2]),
  rtpPortMax: Number(process.argv[2]) + 199,
  host: '127.0.0.1',
  advertiseAddress: '127.0.0.1',
  logger: {
    warn: (details, message) => console.error('WARN', message, details),
    error: (details, message) => console.error('ERROR', message, details),
  },
});

async function obey(order: MainOrder): Promise<unknown> {
  switch (order.do) {
    case 'bridge': {
      const a = await server.createEndpoint({ kind: 'rtp', remoteSdp: order.rtp });
      const b = await server.createEndpoint({ kind: 'webrtc', remoteSdp: order.webrtc });
      await a.bridge(b);
      return { rtp: a.localSdp, webrtc: b.localSdp };
    }
    case 'offer': {
      const legs: Promise<MediaEndpoint>[] = [];
      for (let i = 0; i < order.count; i++) legs.push(server.createEndpoint({ kind: 'webrtc' }));
      return (await Promise.all(legs)).map((leg) => leg.localSdp);
    }
    case 'stall': {
      // Until this turn of the loop ends nothing else of this process runs.
      const end = performance.now() + order.ms;
      while (performance.now() < end);
      return 'stalled';
    }
    case 'stop': {
      const from = performance.now();
      await server.stop();
      return performance.now() - from;
    }
  }
}

process.on('message', (order: MainOrder) => {
  void obey(order).then((value) => {
    process.send?.({ value });
    // Nothing may be left that holds the process: it ends by itself.
    if (order.do === 'stop') process.disconnect();
  });
});
process.send?.({ value: 'ready' });
