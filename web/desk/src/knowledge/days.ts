/**
 * Days without a time, as the server keeps them: 2026-12-01, on the shop's clock.
 */
import { instantOf, wall } from "../words/zone";

const DAY = 86_400_000;

/** The instant at which the day begins in the shop. */
export const startOf = (day: string): string => instantOf(new Date(`${day}T00:00:00Z`)).toISOString();

/** The day it is in the shop, so many days from now. */
export const dayFromNow = (days: number): string =>
  new Date(wall(new Date()).getTime() + days * DAY).toISOString().slice(0, 10);
