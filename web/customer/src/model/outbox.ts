/**
 * Own messages between "send" and the server's acknowledgement.
 *
 * Each carries its `client_id` for life: over breaks of the line, reloads of the page and retries, so that the server
 * stores it once. A refused message stays with its reason until the customer sends it again or drops it. A file
 * that nobody took for want of a network goes by itself once there is one, as text does. What the customer thinks
 * better of is not sent; where it may have arrived already, it is taken back once its number is known.
 */
import type { Ack, Attachment, Choice, CustomerFrameIn, Entry } from "@mashang/protocol";
import type { Live } from "@mashang/protocol/live";
import { Retries } from "@mashang/protocol/retries";
import { t } from "../words";
import { type Api, Refused } from "./api";
import type { Secrets } from "./secrets";
import type { State, Unsent } from "./state";
import type { Store } from "./store";
import { freshKey } from "./token";

/** The file itself is not taken, and will not be the next time. */
const HOPELESS = [413, 415, 422];

export class Outbox {
  private files = new Map<string, File>();
  private uploading = new Map<string, AbortController>();
  /** One after another, so that files arrive in the order in which they were chosen. */
  private uploads = Promise.resolve();
  private readonly retries = new Retries(() => this.store.state.line === "open");

  constructor(
    private readonly store: Store<State>,
    private readonly api: Api,
    private readonly live: Live<CustomerFrameIn>,
    private readonly secrets: () => Secrets,
    /** It was stored after the customer had thought better of it. */
    private readonly recall: (conversation: string, seq: number) => void,
  ) {}

  /** Messages a former page of this tab wrote and never saw acknowledged. */
  restore(): void {
    const held = this.store.state.unsent;
    const before = this.secrets()
      .unsent<Unsent>()
      .filter(({ client_id }) => !this.find(client_id))
      .map(restored);
    this.store.patch({ unsent: [...before, ...held] });
    for (const message of before) if (message.state === "sending") this.begin(message);
  }

  /** The network is back. */
  resume(): void {
    this.retries.resume();
  }

  clear(): void {
    for (const message of this.store.state.unsent) this.release(message);
    this.store.patch({ unsent: [] });
  }

  /** `choice`: these are the words of a button of the assistant. */
  sendText(conversation: string, text: string, choice?: Choice): void {
    this.add({ ...fresh(conversation, text), ...(choice ? { choice } : {}) });
  }

  /** The customer wants a person: asked for until the server has heard it, once however often it is pressed. */
  callPerson(conversation: string): void {
    const calls = this.store.state.unsent.find((one) => one.conversation === conversation && one.person);
    if (!calls) this.add({ ...fresh(conversation, t("person.wanted")), person: true });
    else if (calls.state === "failed") this.retry(calls.client_id);
  }

  sendFile(conversation: string, file: File): void {
    const client_id = freshKey();
    const picture = /^image\/(png|jpe?g|gif|webp)$/.test(file.type);
    const local = picture ? URL.createObjectURL(file) : "";
    const upload = { name: file.name, size: file.size, picture, local, share: 0 };
    const message: Unsent = {
      client_id,
      conversation,
      at: new Date().toISOString(),
      state: "uploading",
      upload,
    };
    this.files.set(client_id, file);
    const reason = this.whyNot(file);
    if (reason)
      this.keep([...this.store.state.unsent, { ...message, state: "failed", hopeless: true, reason }]);
    else this.add(message);
  }

  /** What the server would say anyway is said before anything is uploaded. */
  private whyNot(file: File): string | null {
    const limit = this.store.state.uploadLimit;
    if (file.size === 0) return t("file.empty");
    return file.size > limit ? t("file.too_large", { limit: Math.floor(limit / 1024 / 1024) }) : null;
  }

  retry(client_id: string): void {
    const message = this.find(client_id);
    if (!message) return;
    this.retries.forget(client_id);
    this.again(client_id);
  }

  /** Whatever failed in this conversation and can be sent: it goes on. */
  retryAll(conversation: string): void {
    for (const message of this.store.state.unsent)
      if (message.conversation === conversation && message.state === "failed" && !message.hopeless)
        this.retry(message.client_id);
  }

  private again(client_id: string): void {
    const message = this.find(client_id);
    if (!message) return;
    const { reason: _, ...again } = message;
    const uploading = !message.file && message.upload;
    const next: Unsent = { ...again, state: uploading ? "uploading" : "sending" };
    this.replace(next);
    this.begin(next);
  }

  /** The customer does not want to send it any more. */
  withdraw(client_id: string): void {
    const message = this.find(client_id);
    if (message?.state === "sending" && !this.live.withdraw(client_id))
      this.replace({ ...message, withdrawn: true });
    else this.remove(client_id);
  }

  private remove(client_id: string): void {
    const message = this.find(client_id);
    if (message) this.release(message);
    this.keep(this.store.state.unsent.filter((held) => held.client_id !== client_id));
  }

  /** Stored under a number: what is shown instead of the waiting message, or null when it was not ours. */
  acknowledged(ack: Ack): { entry: Entry; masked: boolean } | null {
    const message = this.find(ack.client_id);
    if (!message) return null;
    this.settle(message, ack.seq);
    const entry: Entry = {
      seq: ack.seq,
      prev: ack.seq - 1,
      at: ack.at,
      audience: "everyone",
      author: { kind: "customer" },
      kind: message.file ? "file" : "text",
      text: ack.text ?? message.text ?? "",
      client_id: ack.client_id,
      ...(message.file ? { file: message.file } : {}),
    };
    return { entry, masked: isMasked(message, ack.text) };
  }

  refused(client_id: string, reason: string, hopeless = false): void {
    const message = this.find(client_id);
    if (message) this.replace({ ...message, state: "failed", reason, hopeless });
  }

  /** Our own entry came back before its acknowledgement, or instead of it after a break; was a part of it hidden? */
  arrived(entry: Entry): boolean {
    const message = entry.client_id ? this.find(entry.client_id) : undefined;
    if (!message) return false;
    this.settle(message, entry.seq);
    return isMasked(message, entry.text);
  }

  private settle(message: Unsent, seq: number): void {
    this.remove(message.client_id);
    if (message.withdrawn) this.recall(message.conversation, seq);
  }

  private add(message: Unsent): void {
    this.keep([...this.store.state.unsent, message]);
    this.begin(message);
  }

  private begin(message: Unsent): void {
    if (message.person) void this.call(message);
    else if (message.state === "uploading") this.uploads = this.uploads.then(() => this.upload(message));
    else this.transmit(message);
  }

  private async call({ client_id, conversation }: Unsent): Promise<void> {
    try {
      await this.api.callPerson(conversation);
      this.remove(client_id);
    } catch (error) {
      this.notTaken(client_id, error, t("person.not_reached"));
    }
  }

  private async upload(message: Unsent): Promise<void> {
    const file = this.files.get(message.client_id);
    if (!file) return this.refused(message.client_id, t("file.lost"));
    const cancel = new AbortController();
    this.uploading.set(message.client_id, cancel);
    const progress = (share: number) => {
      const held = this.find(message.client_id);
      if (held?.upload) this.replace({ ...held, upload: { ...held.upload, share } });
    };
    try {
      const stored = await this.api.upload(message.conversation, file, progress, cancel.signal);
      this.uploaded(message.client_id, stored);
    } catch (error) {
      this.notTaken(message.client_id, error, t("file.not_sent"));
    }
  }

  /** `why`: the sentence for who sees it given up. */
  private notTaken(client_id: string, error: unknown, why: string): void {
    const held = this.find(client_id);
    if (!held) return;
    const refused = error instanceof Refused;
    if (refused && error.status !== 401)
      return this.refused(client_id, error.message, HOPELESS.includes(error.status));
    if (refused) void this.api.renew(); // the session ended; what follows is as after an outage
    if (this.retries.later(client_id, () => this.again(client_id)))
      this.replace({ ...held, state: "waiting" });
    else this.refused(client_id, why);
  }

  private uploaded(client_id: string, file: Attachment): void {
    this.retries.forget(client_id);
    const held = this.find(client_id);
    if (!held) return;
    const message: Unsent = { ...held, file, state: "sending" };
    this.replace(message);
    this.transmit(message);
  }

  private transmit(message: Unsent): void {
    const { client_id, conversation, text, file, choice } = message;
    this.live.send({
      client_id,
      conversation,
      ...(text === undefined ? {} : { text }),
      ...(file ? { file: file.id } : {}),
      ...(choice ? { choice } : {}),
    });
  }

  private find(client_id: string): Unsent | undefined {
    return this.store.state.unsent.find((message) => message.client_id === client_id);
  }

  private replace(message: Unsent): void {
    const { unsent } = this.store.state;
    this.keep(unsent.map((held) => (held.client_id === message.client_id ? message : held)));
  }

  private release(message: Unsent): void {
    this.retries.forget(message.client_id);
    this.files.delete(message.client_id);
    this.uploading.get(message.client_id)?.abort();
    this.uploading.delete(message.client_id);
    if (message.upload?.local) URL.revokeObjectURL(message.upload.local);
  }

  private keep(unsent: Unsent[]): void {
    this.store.patch({ unsent });
    this.secrets().keepUnsent(unsent.filter((message) => !message.hopeless).map(lasting));
  }
}

function fresh(conversation: string, text: string): Unsent {
  return { client_id: freshKey(), conversation, text, at: new Date().toISOString(), state: "sending" };
}

/** Was a part of it hidden? A button's words are the server's own. */
function isMasked({ text, choice }: Unsent, stored: string | null | undefined): boolean {
  return text !== undefined && !choice && typeof stored === "string" && stored !== text;
}

/** As it outlives the page: the words, what was uploaded, or the name of what was not. */
function lasting({ upload, ...message }: Unsent): Unsent {
  return !message.file && upload ? { ...message, upload: { ...upload, local: "", share: 0 } } : message;
}

/** On the next page: a file that was not uploaded must be chosen again, because only its name is left. */
function restored(message: Unsent): Unsent {
  if (message.person) return { ...message, state: "sending" };
  if (message.file || !message.upload) return message;
  return { ...message, state: "failed", hopeless: true, reason: t("file.lost") };
}
