/**
 * For whom a session begins: the account that the carrying page names, or nobody, and never for another than whom it
 * was made for.
 *
 * What has become stale is left out, so that a customer is a visitor rather than locked out.
 */
import type { CustomerSession, SessionRequest } from "@mashang/protocol";
import { t } from "../words";
import { Refused } from "./api";
import type { App } from "./app";
import { subjectOf } from "./token";

const FRESH_TOKEN_MS = 5_000;

export class Session {
  private token: string | null = null;
  private freshToken: ((token: string | null) => void) | null = null;

  constructor(
    private readonly app: Pick<App, "siteKey" | "host" | "store" | "api" | "identity" | "secrets" | "forget">,
  ) {}

  /** The page names who is signed in; whether that is somebody else than before. */
  named(token: string): boolean {
    this.freshToken?.(token);
    this.freshToken = null;
    const same = this.token !== null && subjectOf(token) === subjectOf(this.token);
    this.token = token;
    return !same;
  }

  /** The page says that nobody is signed in any more. */
  signedOut(): void {
    this.token = null;
  }

  /** Begins it, or goes on with the one that is kept; `page` is the address of the carrying page. */
  async begin(page?: string): Promise<CustomerSession> {
    const sub = this.token ? subjectOf(this.token) : null;
    const remembered = this.app.secrets.session();
    if (remembered && remembered.sub !== sub) {
      this.app.identity.remember(sub !== null && remembered.sub === null ? remembered.session : null);
      this.app.forget();
    }
    const request: SessionRequest = { site: this.app.siteKey };
    if (remembered && remembered.sub === sub) request.session = remembered.session;
    if (this.token) request.token = this.token;
    if (page) request.page = page;
    const session = await this.askForSession(request);
    const signedIn = sub !== null && session.customer.proved;
    this.app.secrets.keepSession({ session: session.session, sub: signedIn ? sub : null });
    return session;
  }

  /** With token and session; without what turns out to be stale. */
  private async askForSession(request: SessionRequest): Promise<CustomerSession> {
    try {
      return await this.app.api.startSession(request);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      const { token, session, ...rest } = request;
      if (token) return this.withoutStaleToken(request, token, error);
      if (session) return this.app.api.startSession(rest);
      throw error;
    }
  }

  /** The token is too old or not accepted: a fresh one, else the session we hold, else as a visitor who is told so. */
  private async withoutStaleToken(
    request: SessionRequest,
    stale: string,
    refusal: Refused,
  ): Promise<CustomerSession> {
    const { token: _, ...rest } = request;
    if (refusal.code === "token_expired") {
      const fresh = await this.askForFreshToken();
      if (fresh && subjectOf(fresh) === subjectOf(stale)) {
        this.token = fresh;
        return this.app.api.startSession({ ...rest, token: fresh });
      }
    }
    const session = await this.askForSession(rest);
    if (!session.customer.proved)
      this.app.store.patch({ notice: { kind: "info", text: t("account.token_stale") } });
    return session;
  }

  private askForFreshToken(): Promise<string | null> {
    return new Promise((resolve) => {
      this.freshToken = resolve;
      this.app.host.say({ type: "token-needed" });
      setTimeout(() => resolve(null), FRESH_TOKEN_MS);
    });
  }
}
