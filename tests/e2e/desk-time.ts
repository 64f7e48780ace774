/** Instants of the mocked desk, told from now. */
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
export const ahead = (seconds: number): string => ago(-seconds);
