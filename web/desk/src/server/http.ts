/**
 * Asking the server: one way to send a request, and two ways for it to fail.
 *
 * `Refused` was understood and turned down; its message is already a sentence in the reader's language.
 * `Unreachable` never got an answer. Unsafe requests repeat the readable CSRF cookie in a header.
 *
 * Does not: retry or keep answers (TanStack Query does), or know any address.
 */
import type { RefusalBody } from "@mashang/protocol";
import { spokenLocale } from "../words/words";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly facts: Record<string, unknown>,
  ) {
    super(message);
  }
}

export class Unreachable extends Error {}

/** There is nothing in the file to send. */
export class EmptyFile extends Error {}

const BASE = "/api/v1";
/** An upload that neither moves nor ends for so long (ms): the network went without a word. */
const STALLED = 30_000;

/** Not signed in, or not so that one may work: `useMe` knows which. */
const OUTSIDE = new Set(["not_signed_in", "second_factor_missing"]);

/** Called whenever the server says that nobody is signed in (any more). */
export const signedOut = new EventTarget();

function csrf(): string {
  return /(?:^|;\s*)mashang_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

function headers(method: string): Record<string, string> {
  const common = { accept: "application/json", "accept-language": spokenLocale() };
  return method === "GET" ? common : { ...common, "x-csrf-token": csrf() };
}

async function refusal(response: Response): Promise<Refused> {
  const body = (await response.json().catch(() => ({}))) as Partial<RefusalBody>;
  const { code = `http_${response.status}`, message = `HTTP ${response.status}`, facts = {} } = body;
  if (response.status === 401 && OUTSIDE.has(code)) signedOut.dispatchEvent(new Event("signed-out"));
  return new Refused(response.status, code, message, facts);
}

export async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<T> {
  const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: { ...headers(method), ...json, ...more },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new Unreachable();
  }
  if (!response.ok) throw await refusal(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const get = <T>(path: string, more?: Record<string, string>) => ask<T>("GET", path, undefined, more);
export const post = <T>(path: string, body?: unknown) => ask<T>("POST", path, body);
export const put = <T>(path: string, body: unknown) => ask<T>("PUT", path, body);
export const remove = <T>(path: string) => ask<T>("DELETE", path);

/** Asks for a file and gives it to the browser to keep. */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method: "POST",
      headers: { ...headers("POST"), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Unreachable();
  }
  if (!response.ok) throw await refusal(response);
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}

/** Uploads one file; `progress` hears parts of one. (XMLHttpRequest, because fetch tells nothing of uploads.) */
export function upload<T>(path: string, file: File, progress: (part: number) => void): Promise<T> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", BASE + path);
    for (const [name, value] of Object.entries(headers("POST"))) request.setRequestHeader(name, value);
    let stalled = setTimeout(() => request.abort(), STALLED);
    request.upload.onprogress = (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
      progress(event.total ? event.loaded / event.total : 0);
    };
    request.onloadend = () => clearTimeout(stalled);
    request.onerror = request.onabort = () => failed(new Unreachable());
    request.onload = async () => {
      const response = new Response(request.responseText, { status: request.status });
      if (response.ok) done(JSON.parse(request.responseText) as T);
      else failed(await refusal(response));
    };
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}
