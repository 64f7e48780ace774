import { describe, expect, it } from 'vitest';
import { createLive, type LiveDeps } from './live.ts';

/** A socket whose events the test tells by itself. */
function fakeSocket() {
  const handlers = new Map<string, (payload?: unknown) => void>();
  return {
    connected: true,
    on(name: string, handler: (payload?: unknown) => void) {
      handlers.set(name, handler);
      return this;
    },
    emit: () => undefined,
    disconnect: () => undefined,
    tell: (name: string, payload?: unknown) => handlers.get(name)?.(payload),
  };
}

function setup() {
  const socket = fakeSocket();
  let reads = 0;
  const live = createLive({
    token: () => 'tok',
    onUnauthorized: () => undefined,
    onUnnumbered: () => (reads += 1),
    now: () => 0,
    connect: (() => socket) as unknown as NonNullable<LiveDeps['connect']>,
  });
  live.start();
  return { socket, live, reads: () => reads };
}

describe('the live connection', () => {
  it('reads the state anew on its first connection: an offer may have come before it stood', () => {
    const { socket, live, reads } = setup();
    socket.tell('connect');
    expect(live.state.get()).toEqual({ kind: 'on' });
    expect(reads()).toBe(1);
  });

  it('relies on the replay once it knows a number', () => {
    const { socket, reads } = setup();
    socket.tell('connect');
    socket.tell('resync', { seq: 7 });
    socket.tell('disconnect', 'transport close');
    socket.tell('connect');
    expect(reads()).toBe(1);
  });
});
