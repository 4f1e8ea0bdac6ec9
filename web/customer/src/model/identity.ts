/**
 * Who the customer is taken to be, and what follows from it: proofs, the question about the visitor, cards of orders.
 *
 * Nothing here decides anything. What was proved is the server's answer each time, and a card the server does not
 * give is simply not shown.
 */
import type { DueCode, Renewal, Standing } from "@mashang/protocol";
import { type Api, Refused } from "./api";
import type { State } from "./state";
import type { Store } from "./store";

export class Identity {
  /** The secret of the visitor this browser was before the sign-in; asked about once, never stored. */
  private former: string | null = null;

  private known: Promise<void> | null = null;

  constructor(
    private readonly store: Store<State>,
    private readonly api: Api,
  ) {}

  /** Somebody signed in where a visitor was: what the visitor said may be theirs. */
  remember(visitor: string | null): void {
    this.former = visitor;
  }

  load(): Promise<void> {
    this.known = this.fetch();
    return this.known;
  }

  private async fetch(): Promise<void> {
    try {
      this.stands(await this.api.standing());
      if (this.former && (await this.api.saidSomething(this.former))) this.store.patch({ joining: true });
    } catch {
      // Asked again at the next start; until then nobody is taken for proved.
    }
  }

  /** `whole`: four digits, which show the status only, would not be enough. */
  ask(order: string | null, whole = false): void {
    this.store.patch({ proving: { order: order ?? "", whole } });
  }

  leave(): void {
    this.store.patch({ proving: null });
  }

  async lastFour(order: string, digits: string): Promise<void> {
    this.stands(await this.api.proveLastFour(order, digits));
    await this.listAgain();
  }

  async lookUpPassword(order: string, password: string): Promise<void> {
    this.stands(await this.api.proveLookUpPassword(order, password));
    await this.listAgain();
  }

  async code(sent: string, code: string): Promise<void> {
    this.stands(await this.api.proveCode(sent, code));
    await this.listAgain();
  }

  /** The answer to the question about the visitor. */
  async answer(yes: boolean): Promise<void> {
    const { former } = this;
    if (yes) this.stands(await this.api.join(former));
    this.former = null;
    this.store.patch({ joining: false });
    if (yes) await this.listAgain();
  }

  async undo(visitor: string): Promise<void> {
    this.stands(await this.api.part(visitor));
    this.store.patch({ joining: false });
    await this.listAgain();
  }

  /** Fetches the card of an order once; one that is not the customer's own is remembered as none. */
  async card(number: string): Promise<void> {
    if (number in this.store.state.cards) return;
    this.keep(number, "coming");
    try {
      this.keep(number, await this.api.order(number));
    } catch (error) {
      if (error instanceof Refused) this.keep(number, null);
      else this.drop(number);
    }
  }

  /** The order's one code, made if there is none: whoever pressed the order wants to see it. */
  async mintOnce(number: string): Promise<void> {
    await this.known;
    await this.mint(number, false).catch(() => undefined);
  }

  async mint(number: string, renew: boolean): Promise<void> {
    try {
      this.keep(number, await this.api.mintCode(number, renew));
    } catch (error) {
      if (error instanceof Refused) this.keep(number, await this.api.order(number).catch(() => null));
      throw error;
    }
  }

  /** Lets codes of one's own live on, each for itself. */
  async renew(codes: string[]): Promise<Renewal[]> {
    const renewals = await this.api.renewCodes(codes);
    const { standing } = this.store.state;
    if (renewals.some(({ outcome }) => outcome === "renewed") && standing)
      this.store.patch({ standing: { ...standing }, cards: {} }); // cards are fetched again with a new standing
    return renewals;
  }

  /** These were spoken of: no page of this visit does again. */
  settled(codes: DueCode[]): void {
    const { standing } = this.store.state;
    if (!standing) return;
    const due = standing.due.filter(({ id }) => !codes.some((one) => one.id === id));
    this.store.patch({ standing: { ...standing, due } });
  }

  /** A proof can tell which order a conversation is about, and a joined visitor brings its own. */
  private async listAgain(): Promise<void> {
    const coming = await this.api.conversations().catch(() => null);
    if (coming) this.store.patch({ conversations: coming });
  }

  private stands(standing: Standing): void {
    const { joining, standing: before, conversations } = this.store.state;
    const asks = standing.may_join && !before?.may_join && conversations.length > 0;
    this.store.patch({ standing, customer: standing.customer, cards: {}, joining: joining || asks });
  }

  keep(number: string, card: State["cards"][string]): void {
    this.store.patch({ cards: { ...this.store.state.cards, [number]: card } });
  }

  private drop(number: string): void {
    const { [number]: _, ...cards } = this.store.state.cards;
    this.store.patch({ cards });
  }
}

/** May this order be spoken of as the customer's own? */
export function isProved(state: State, order: string): boolean {
  return Boolean(state.customer?.proved || state.standing?.orders.includes(order));
}
