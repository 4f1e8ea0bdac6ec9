/**
 * What is attached and not sent yet: each file uploads at once and waits beside the text of its conversation.
 *
 * A file stays attached while one looks at another conversation. One that nobody took for want of a network uploads
 * again by itself when it is back; "send" before it is uploaded sends it as soon as it is. One that was refused keeps
 * its place with the reason.
 *
 * Does not: outlive the page, as the browser lends the file to this page only.
 */
import type { Attachment, Audience } from "@mashang/protocol";
import { Retries } from "@mashang/protocol/retries";
import { EmptyFile, Refused, Unreachable } from "../server/http";
import { Store } from "./store";

export interface TrayItem {
  key: string;
  conversation: string;
  file: Pick<File, "name" | "size">;
  /** What is uploaded; a file the server has already has none. */
  source?: File;
  preview?: string;
  progress: number;
  /** `waiting`: for the network. */
  state: "uploading" | "waiting" | "ready" | "failed";
  trouble?: unknown;
  /** To whom it goes as soon as it is uploaded. */
  sendTo?: Audience;
  attachment?: Attachment;
}

const AT_ONCE = 2;

/** The file itself is not taken, and will not be the next time. */
const HOPELESS = [413, 415, 422];

export const isHopeless = ({ trouble }: TrayItem): boolean =>
  trouble instanceof EmptyFile || (trouble instanceof Refused && HOPELESS.includes(trouble.status));

type Upload = (conversation: string, file: File, progress: (part: number) => void) => Promise<Attachment>;
type Say = (conversation: string, audience: Audience, file: Attachment) => void;

export class Trays extends Store<TrayItem[]> {
  private readonly retries: Retries;
  private busy = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly upload: Upload,
    private readonly say: Say,
    lineIsUp: () => boolean,
  ) {
    super([]);
    this.retries = new Retries(lineIsUp);
  }

  add(conversation: string, files: File[]): void {
    const added = files.map((file) => begun(conversation, file));
    this.change((all) => [...all, ...added]);
    for (const item of added) if (item.state === "uploading") void this.start(item);
  }

  /** Files of this conversation that the server has already; `preview` is the address of each. */
  place(conversation: string, files: { attachment: Attachment; preview: string | undefined }[]): void {
    const placed = files.map(({ attachment, preview }): TrayItem => {
      const item = { key: crypto.randomUUID(), conversation, file: attachment, progress: 1, attachment };
      return { ...item, state: "ready", ...(preview ? { preview } : {}) };
    });
    this.change((all) => [...all, ...placed]);
  }

  /** The network is back. */
  resume(): void {
    this.retries.resume();
  }

  retry(key: string): void {
    this.retries.forget(key);
    this.again(key);
  }

  remove(key: string): void {
    this.retries.forget(key);
    const item = this.find(key);
    if (item?.preview) URL.revokeObjectURL(item.preview);
    this.change((all) => all.filter((one) => one.key !== key));
  }

  /** Sends what is uploaded, and the rest as soon as it is; what failed stays. */
  send(conversation: string, audience: Audience): void {
    for (const item of this.get()) {
      if (item.conversation !== conversation || item.state === "failed" || item.sendTo) continue;
      this.patch(item.key, { sendTo: audience });
      this.sendIfReady(item.key);
    }
  }

  private async start(item: TrayItem): Promise<void> {
    if (!item.source) return;
    try {
      const progress = (part: number) => this.patch(item.key, { progress: part });
      const { conversation, source } = item;
      const attachment = await this.inTurn(() => this.upload(conversation, source, progress));
      this.retries.forget(item.key);
      this.patch(item.key, { state: "ready", attachment });
      this.sendIfReady(item.key);
    } catch (trouble) {
      const later =
        trouble instanceof Unreachable && this.retries.later(item.key, () => this.again(item.key));
      this.patch(item.key, { state: later ? "waiting" : "failed", trouble });
    }
  }

  /** The server works on two pictures of one person at a time and refuses the third. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy < AT_ONCE) this.busy += 1;
    else await new Promise<void>((go) => this.line.push(go));
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.busy -= 1;
    }
  }

  private again(key: string): void {
    this.patch(key, { state: "uploading", progress: 0 });
    const item = this.find(key);
    if (item) void this.start(item);
  }

  private sendIfReady(key: string): void {
    const item = this.find(key);
    if (!item?.sendTo || !item.attachment) return;
    this.say(item.conversation, item.sendTo, item.attachment);
    this.remove(key);
  }

  private find(key: string): TrayItem | undefined {
    return this.get().find((item) => item.key === key);
  }

  private patch(key: string, change: Partial<TrayItem>): void {
    this.change((all) => all.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }
}

function begun(conversation: string, file: File): TrayItem {
  const begins = { file, source: file, progress: 0, state: "uploading" as const };
  const item: TrayItem = { key: crypto.randomUUID(), conversation, ...begins };
  if (file.size === 0) return { ...item, state: "failed", trouble: new EmptyFile() };
  return file.type.startsWith("image/") ? { ...item, preview: URL.createObjectURL(file) } : item;
}
