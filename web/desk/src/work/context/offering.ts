/**
 * What the server offers to be pressed, and why not, sorted by where it is said.
 *
 * A reason that holds for an action everywhere in the order is said once; what stands there already is not said.
 */
import type { ActionOffer, ShopAction } from "../../server/beside";

export interface Why {
  why: string;
  actions: ShopAction[];
}

/** Reasons that hold for every offer of an action, those with the same reason together. */
export function sharedWhys(offers: readonly ActionOffer[]): Why[] {
  const whys: Why[] = [];
  for (const action of new Set(offers.map((offer) => offer.action))) {
    const [why, ...others] = new Set(offers.filter((one) => one.action === action).map((one) => one.why_not));
    if (!why || others.length > 0) continue;
    const same = whys.find((one) => one.why === why);
    if (same) same.actions.push(action);
    else whys.push({ why, actions: [action] });
  }
  return whys;
}

/** The reasons of this one place: not those that hold everywhere. */
export function ownWhys(offers: readonly ActionOffer[], line: string | null): Why[] {
  const shared = sharedWhys(offers);
  const isShared = (offer: ActionOffer) => shared.some((one) => one.actions.includes(offer.action));
  return sharedWhys(offers.filter((offer) => offer.line === line && !isShared(offer)));
}

/** What is being asked for, or was, stands there by itself. */
export const isNews = ({ why }: Why, last: readonly unknown[]) =>
  !(last.length > 0 && (why === "under_way" || why === "already_asked"));
