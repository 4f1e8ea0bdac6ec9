/**
 * Searching the help centre from the chat: while one types a moment after, at once when it is sent, and never both.
 *
 * Of several answers under way only the newest counts, be it a search or an article that is opened.
 */
import type { HelpArticle, HelpFound } from "@mashang/protocol";
import type { Api } from "./api";

export const PAUSE_MS = 250;

export interface Sought {
  /** null: nothing is searched for. */
  found(found: HelpFound[] | null): void;
  opened(article: HelpArticle): void;
  failed(error: unknown): void;
}

export class Seeking {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private searches = 0;
  private reads = 0;

  constructor(
    private readonly api: Pick<Api, "searchHelp" | "readHelp">,
    private readonly sought: Sought,
  ) {}

  /** The customer has not finished: half a word that finds nothing is not counted. */
  type(words: string): void {
    this.forget();
    this.timer = setTimeout(() => this.search(words, true), PAUSE_MS);
  }

  send(words: string): void {
    this.forget();
    this.search(words, false);
  }

  open(id: string): void {
    const mine = ++this.reads;
    this.api.readHelp(id).then(
      (article) => mine === this.reads && this.sought.opened(article),
      (error: unknown) => mine === this.reads && this.sought.failed(error),
    );
  }

  /** Nothing that is still under way matters any more. */
  leave(): void {
    this.forget();
    this.reads += 1;
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.searches += 1;
  }

  private search(words: string, typing: boolean): void {
    const mine = this.searches;
    const said = words.trim();
    if (!said) return this.sought.found(null);
    this.api.searchHelp(said, typing).then(
      (found) => mine === this.searches && this.sought.found(found),
      (error: unknown) => mine === this.searches && this.sought.failed(error),
    );
  }
}
