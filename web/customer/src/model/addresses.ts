/**
 * Where the bytes of a file are, right now.
 *
 * Addresses are signed for one reader and ten minutes. They are asked for in bunches (a timeline of pictures is one
 * request) and again shortly before they expire.
 */
import type { FileAddress, FileAddresses } from "@mashang/protocol";

const MARGIN_MS = 30_000;

export class Addresses {
  private held = new Map<string, FileAddress>();
  private asked = new Map<string, Promise<FileAddress>>();
  private bunch: string[] = [];
  private answer: Promise<FileAddresses> | null = null;

  constructor(private readonly ask: (files: string[]) => Promise<FileAddresses>) {}

  /** The address if it is still good, without asking. */
  known(file: string): FileAddress | undefined {
    const address = this.held.get(file);
    return address && Date.parse(address.expires_at) - MARGIN_MS > Date.now() ? address : undefined;
  }

  of(file: string): Promise<FileAddress> {
    const known = this.known(file);
    if (known) return Promise.resolve(known);
    const asked = this.asked.get(file);
    if (asked) return asked;
    const promise = this.askFor(file).finally(() => this.asked.delete(file));
    this.asked.set(file, promise);
    return promise;
  }

  /** The address did not work. */
  forget(file: string): void {
    this.held.delete(file);
  }

  clear(): void {
    this.held.clear();
  }

  private async askFor(file: string): Promise<FileAddress> {
    this.bunch.push(file);
    this.answer ??= Promise.resolve().then(() => {
      const files = this.bunch;
      this.bunch = [];
      this.answer = null;
      return this.ask(files);
    });
    const { addresses } = await this.answer;
    const address = addresses[file];
    if (!address) throw new Error("file without address");
    this.held.set(file, address);
    return address;
  }
}
