import { createSampleErp } from './server.ts';

// The demo's ERP as its own program: `node dist/erp/sample/sample-erp.cli.js`. It ends with its parent.
const port = Number(process.env['SAMPLE_ERP_PORT'] ?? '3001');
const server = createSampleErp();
server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE' ? `A porta ${port} (SAMPLE_ERP_PORT) já está em uso.` : error.message,
  );
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => process.send?.({ ready: true }));
const stop = () => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
