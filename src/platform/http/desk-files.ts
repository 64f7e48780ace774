import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Router } from 'express';
import { AppError } from '../../shared/errors.ts';

/** Paths that are never a page of the desk: an unknown one answers a problem document. */
const NOT_PAGES = /^\/(api|webhooks|sip|socket\.io|assets|healthz|readyz|metrics)(\/|$)/;

/**
 * The built desk: hashed files under /assets are immutable, the rest is revalidated, and every other path without
 * a file extension is a page of the single-page application.
 */
export function deskFiles(dir: string): Router {
  const router = express.Router();
  router.use(
    '/assets',
    express.static(join(dir, 'assets'), { immutable: true, maxAge: '365d', index: false, redirect: false }),
  );
  router.use(
    express.static(dir, {
      index: false,
      redirect: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  router.get('/{*path}', (request, response, next) => {
    if (NOT_PAGES.test(request.path) || /\.\w+$/.test(request.path)) {
      next();
      return;
    }
    if (!existsSync(join(dir, 'index.html')))
      throw new AppError('desk.notBuilt', 404, 'The desk is not built. Run npm run build.');
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: dir, cacheControl: false });
  });
  return router;
}
