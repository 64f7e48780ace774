/** The media process with faults on demand: what a test sends it as `{fault}` happens inside. */
import '../../src/voice/media/media.worker.ts';

process.on('message', ({ fault }: { fault?: 'throw' | 'hang' | 'abort' }) => {
  if (fault === 'throw')
    setImmediate(() => {
      throw new Error('planted fault');
    });
  if (fault === 'abort') process.abort();
  if (fault === 'hang') for (;;);
});
