import { AppError } from '../shared/errors.ts';
import type { SipFailure } from './ports.ts';

const statusOf = (error: unknown): number => (error as Partial<SipFailure>).status ?? 0;

/** Given up by us, run out, or no way there; anything else is an answer of the phone. */
export const gaveNoAnswer = (error: unknown): boolean => [408, 480, 487, 503].includes(statusOf(error));

/** There is no phone at the other end, or it takes nothing now. */
export const isUnreachable = (error: unknown): boolean => [408, 480, 503].includes(statusOf(error));

/** The phone is there and wants no calls now: do not disturb (RFC 3261 §21.4.18). */
export const takesNoCalls = (error: unknown): boolean => statusOf(error) === 480;

/** How long the phone asks to be left alone, ms; 0 when it does not say. */
export const leftAloneMs = (error: unknown): number =>
  ((error as Partial<SipFailure>).retryAfterS ?? 0) * 1000;

/** Somebody, or the phone's own setting, does not want the call (RFC 3261 §21.4.24, §21.6). */
export const isDeclined = (error: unknown): boolean => [486, 600, 603].includes(statusOf(error));

/** A WebRTC association that did not come up, or a leg that ended before its first sound. */
export const isNoSound = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'media.notConnected';
