/**
 * What nobody answered is tried again by itself: when the live line is back, or after a while when it never went.
 *
 * Text needs no such thing (the line repeats it until it is acknowledged); files go over HTTP and do.
 */
const OFTEN_ENOUGH = 6;
const LONGEST_WAIT_MS = 30_000;

interface Waiting {
  again: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Retries {
  private readonly tries = new Map<string, number>();
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly lineIsUp: () => boolean) {}

  /** Nobody answered. False: it was tried often enough over a line that is up, so something else is wrong. */
  later(key: string, again: () => void): boolean {
    const tries = (this.tries.get(key) ?? 0) + 1;
    this.forget(key);
    if (this.lineIsUp() && tries > OFTEN_ENOUGH) return false;
    this.tries.set(key, tries);
    const wait = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** tries);
    this.waiting.set(key, {
      again,
      timer: this.lineIsUp() ? setTimeout(() => this.run(key), wait) : undefined,
    });
    return true;
  }

  /** The line is back. */
  resume(): void {
    this.tries.clear();
    for (const key of [...this.waiting.keys()]) this.run(key);
  }

  /** It got through, was refused, or is not wanted any more. */
  forget(key: string): void {
    clearTimeout(this.waiting.get(key)?.timer);
    this.waiting.delete(key);
    this.tries.delete(key);
  }

  private run(key: string): void {
    const waiting = this.waiting.get(key);
    clearTimeout(waiting?.timer);
    this.waiting.delete(key);
    waiting?.again();
  }
}
