/**
 * The server's verbs over HTTP.
 *
 * Two things can go wrong and they are told apart: the server understood and said no (`Refused`, with a sentence in
 * the reader's language), or nobody answered (`Unreachable`). Anything the customer typed stays where it is in both.
 */
import type {
  ActionOffer,
  Attachment,
  Claim,
  CodeAnswer,
  CodeLink,
  CodeSent,
  Continued,
  ContinuedAs,
  ContinueLink,
  CustomerConversation,
  CustomerSession,
  EntryPage,
  FileAddresses,
  HelpArticle,
  HelpFound,
  Locale,
  OpenConversation,
  OrderAction,
  OrderCard,
  RefusalBody,
  Renewal,
  SessionRequest,
  Standing,
} from "@mashang/protocol";

import type { Followed } from "./state";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: RefusalBody,
  ) {
    super(body.message);
  }

  get code(): string {
    return this.body.code;
  }
}

export class Unreachable extends Error {}

const BASE = "/api/v1";
const PATIENCE_MS = 25_000;
/** An upload that neither moves nor ends: the network went without a word. */
const STALLED_MS = 30_000;

export class Api {
  session: string | null = null;
  /** Makes `session` good again when the server no longer knows it. */
  renew: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly locale: () => Locale) {}

  startSession(request: SessionRequest): Promise<CustomerSession> {
    return this.call("POST", "/customer/sessions", request);
  }

  endSession(): Promise<void> {
    return this.call("DELETE", "/customer/sessions");
  }

  claim(value: string): Promise<Claim> {
    return this.call("PUT", "/customer/claim", { value });
  }

  wantOffers(wanted: boolean): Promise<void> {
    return this.call("PUT", "/customer/offers-wish", { wanted });
  }

  findCode(text: string): Promise<CodeAnswer> {
    return this.call("POST", "/customer/codes", { text });
  }

  standing(): Promise<Standing> {
    return this.call("GET", "/customer/standing");
  }

  proveLastFour(order_number: string, last_four: string): Promise<Standing> {
    return this.call("POST", "/customer/proofs/last-four", { order_number, last_four });
  }

  proveLookUpPassword(order_number: string, password: string): Promise<Standing> {
    return this.call("POST", "/customer/proofs/look-up-password", { order_number, password });
  }

  sendCode(account: string): Promise<CodeSent> {
    return this.call("POST", "/customer/proofs/codes", { account });
  }

  proveCode(sent: string, code: string): Promise<Standing> {
    return this.call("POST", `/customer/proofs/codes/${sent}`, { code });
  }

  join(visitor: string | null): Promise<Standing> {
    return this.call("POST", "/customer/joins", visitor ? { visitor } : {});
  }

  part(visitor: string): Promise<Standing> {
    return this.call("DELETE", `/customer/joins/${visitor}`);
  }

  order(number: string): Promise<OrderCard> {
    return this.call("GET", `/customer/orders/${encodeURIComponent(number)}`);
  }

  /** The same round again is the same press, with the same answer. */
  press(number: string, { action, line, round }: ActionOffer): Promise<OrderAction> {
    return this.call("POST", `/customer/orders/${encodeURIComponent(number)}/actions`, {
      action,
      line,
      round,
    });
  }

  mintCode(number: string, renew: boolean): Promise<OrderCard> {
    return this.call("POST", `/customer/orders/${encodeURIComponent(number)}/code`, { renew });
  }

  renewCodes(codes: string[]): Promise<Renewal[]> {
    return this.call("POST", "/customer/code-renewals", { codes });
  }

  /** What became of reminders of one's own codes. */
  reminded(codes: string[], said: "shown" | "declined"): Promise<void> {
    return this.call("POST", "/customer/code-reminders", { codes, said });
  }

  /** Link and QR code of the codes of one's own order. */
  orderLinks(number: string): Promise<CodeLink[]> {
    return this.call("GET", `/customer/orders/${encodeURIComponent(number)}/links`);
  }

  searchHelp(words: string, typing: boolean): Promise<HelpFound[]> {
    return this.call("GET", `/customer/help?q=${encodeURIComponent(words)}&typing=${typing}`);
  }

  readHelp(article: string): Promise<HelpArticle> {
    return this.call("GET", `/customer/help/${article}`);
  }

  conversations(): Promise<CustomerConversation[]> {
    return this.call("GET", "/customer/conversations");
  }

  /** Had this visitor a conversation? Asked with the visitor's own secret. */
  async saidSomething(visitor: string): Promise<boolean> {
    const { status, text } = await this.exchange("GET", "/customer/conversations", undefined, visitor);
    return status === 200 && (JSON.parse(text) as unknown[]).length > 0;
  }

  open(request: OpenConversation): Promise<CustomerConversation> {
    return this.call("POST", "/customer/conversations", request);
  }

  close(conversation: string): Promise<CustomerConversation> {
    return this.call("POST", `/customer/conversations/${conversation}/close`);
  }

  leaveMessage(conversation: string): Promise<CustomerConversation> {
    return this.call("POST", `/customer/conversations/${conversation}/leave-message`);
  }

  /** From the assistant to the queue of people. */
  callPerson(conversation: string): Promise<CustomerConversation> {
    return this.call("POST", `/customer/conversations/${conversation}/person`);
  }

  comeBack(conversation: string): Promise<CustomerConversation> {
    return this.call("POST", `/customer/conversations/${conversation}/come-back`);
  }

  reopen(conversation: string): Promise<CustomerConversation> {
    return this.call("POST", `/customer/conversations/${conversation}/reopen`);
  }

  entriesBefore(conversation: string, before: number, limit: number): Promise<EntryPage> {
    return this.call(
      "GET",
      `/customer/conversations/${conversation}/entries?before=${before}&limit=${limit}`,
    );
  }

  recall(conversation: string, seq: number): Promise<void> {
    return this.call("POST", `/customer/conversations/${conversation}/entries/${seq}/recall`);
  }

  /** As plain text, in the reader's language and time. */
  async transcript(conversation: string): Promise<string> {
    const offset = -new Date().getTimezoneOffset();
    const path = `/customer/conversations/${conversation}/transcript?offset=${offset}`;
    return this.answer("GET", path, undefined);
  }

  continueLink(conversation: string | null, code?: string): Promise<ContinueLink> {
    return this.call("POST", "/customer/continuations", { conversation, code });
  }

  continued(): Promise<Continued[]> {
    return this.call("GET", "/customer/continuations");
  }

  endContinued(id: string): Promise<void> {
    return this.call("DELETE", `/customer/continuations/${id}`);
  }

  lookAtLink(secret: string): Promise<ContinuedAs> {
    return this.call("POST", "/customer/continuations/look", { secret }, false);
  }

  takeLink({ secret, conversation }: Followed): Promise<CustomerSession> {
    return this.call("POST", "/customer/continuations/take", { secret, conversation }, false);
  }

  fileAddresses(files: string[]): Promise<FileAddresses> {
    return this.call("POST", "/customer/files/addresses", { files });
  }

  /** XMLHttpRequest, because only it tells how far an upload has come. */
  upload(
    conversation: string,
    file: File,
    progress: (share: number) => void,
    cancelled: AbortSignal,
  ): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${BASE}/customer/conversations/${conversation}/files`);
      for (const [name, value] of Object.entries(this.headers())) request.setRequestHeader(name, value);
      cancelled.addEventListener("abort", () => request.abort());
      let stalled = setTimeout(() => request.abort(), STALLED_MS);
      request.upload.onprogress = (event) => {
        clearTimeout(stalled);
        stalled = setTimeout(() => request.abort(), STALLED_MS);
        if (event.lengthComputable) progress(event.loaded / event.total);
      };
      request.onloadend = () => clearTimeout(stalled);
      request.onerror = request.onabort = () => reject(new Unreachable());
      request.onload = () => {
        if (request.status < 300) resolve(JSON.parse(request.responseText) as Attachment);
        else reject(refusalIn(request.status, request.responseText));
      };
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    });
  }

  private headers(session = this.session): Record<string, string> {
    const headers: Record<string, string> = { "Accept-Language": this.locale() };
    if (session) headers.Authorization = `Bearer ${session}`;
    return headers;
  }

  private async call<T>(method: string, path: string, body?: unknown, again = true): Promise<T> {
    const text = await this.answer(method, path, body, again);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  private async answer(method: string, path: string, body: unknown, again = true): Promise<string> {
    const { status, text } = await this.exchange(method, path, body);
    if (status === 401 && again && path !== "/customer/sessions") {
      await this.renew();
      return this.answer(method, path, body, false);
    }
    if (status >= 300) throw refusalIn(status, text);
    return text;
  }

  /** As it is answered; a form goes as it is, anything else as JSON. */
  async exchange(
    method: string,
    path: string,
    body: unknown,
    session = this.session,
    giveUp = new AbortController(),
  ): Promise<{ status: number; text: string }> {
    const headers = this.headers(session);
    const isForm = body instanceof FormData;
    if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
    const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
    try {
      const request: RequestInit = { method, headers, credentials: "omit", signal: giveUp.signal };
      if (body !== undefined) request.body = isForm ? body : JSON.stringify(body);
      const response = await fetch(BASE + path, request);
      return { status: response.status, text: await response.text() };
    } catch {
      throw new Unreachable();
    } finally {
      clearTimeout(timer);
    }
  }
}

export function refusalIn(status: number, text: string): Refused | Unreachable {
  try {
    const body = JSON.parse(text) as RefusalBody;
    if (typeof body.code === "string" && typeof body.message === "string") return new Refused(status, body);
  } catch {
    // Not ours: a proxy's error page.
  }
  return new Unreachable();
}
