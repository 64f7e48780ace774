/** RFC 3261 §17.1.1.1 and table 4, in milliseconds. */
export const T1 = 500;
export const T2 = 4000;
export const T4 = 5000;
/** Timers B, F, H, J, L (RFC 6026), M. */
export const TRANSACTION_TIMEOUT = 64 * T1;
/** Timer D over UDP. */
export const TIMER_D = 32_000;
