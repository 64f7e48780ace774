import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers for the desk and the API (OWASP ASVS 5 §3.4): everything from this origin; ws to it is covered by 'self'
 * (CSP level 3 §6.7.2.8), named as well for browsers that differ; blob and data for call sounds and avatars;
 * inline styles are Mantine's; inline scripts never.
 */
export function securityHeaders(options: { readonly https: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        'media-src': ["'self'", 'data:', 'blob:'],
        'connect-src': ["'self'", 'blob:', 'data:'],
        'worker-src': ["'self'", 'blob:'],
        'manifest-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // HSTS only where TLS is certain: a development host must not be locked out of http.
    strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

/** The desk needs the microphone, the headset's buttons and the choice of speakers; nothing else. */
const PERMISSIONS =
  'microphone=(self), hid=(self), speaker-selection=(self), camera=(), geolocation=(), payment=()';

/** Request id (never the client's: log lines must not be forgeable) and Permissions-Policy. */
export function requestMarks(): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('X-Request-Id', randomUUID());
    response.setHeader('Permissions-Policy', PERMISSIONS);
    next();
  };
}
