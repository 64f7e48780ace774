import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { programs } from '../support/programs.ts';
import { type Desk, openBrowser } from './desk-browser.ts';
import { type MockServer, startMock, type World } from './desk-mock.ts';

const softphone = join(import.meta.dirname, '../../softphone');

export interface MockedDesk {
  /** The browser of the running test. */
  readonly desk: Desk;
  /** The server of the running test, once it serves. */
  readonly mock: MockServer;
  /** Starts the server with this world behind it; it ends with the test. */
  serve(world: World): Promise<MockServer>;
}

/** Hooks of a suite that drives the built desk against the mock server: a browser for each test, no error on any page. */
export function mockedDesk(): MockedDesk {
  let desk: Desk;
  let mock: MockServer;
  const errors: string[] = [];

  beforeAll(async () => {
    if (existsSync(join(softphone, 'dist/index.html'))) return;
    const { build } = await import('vite');
    await build({ configFile: join(softphone, 'vite.config.ts'), logLevel: 'error' });
  }, 120_000);
  beforeEach(async () => {
    desk = await openBrowser(programs.chromium ?? '');
    desk.page.on('pageerror', (error) => errors.push(error.message));
  });
  afterEach(async () => {
    await desk.stop();
    await mock.stop();
  });
  afterAll(() => expect(errors).toEqual([]));

  return {
    get desk() {
      return desk;
    },
    get mock() {
      return mock;
    },
    serve: async (world) => (mock = await startMock(world)),
  };
}
