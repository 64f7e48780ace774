import { isIP } from 'node:net';

/** An address of this machine alone, or its usual name. A name that only looks like one (`127.example.com`) is somebody's. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
