/** Milliseconds that only run forward, whatever somebody does to the computer's clock; from an arbitrary beginning. */
export const monotonic = (): number => performance.now();

/** What to add for the time of this computer's clock, while nobody has told a better one. */
export const wallClock = (): number => Date.now() - monotonic();
