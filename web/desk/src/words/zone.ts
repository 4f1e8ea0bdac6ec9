/**
 * The clock on the shop's wall. Every time at the desk is told and typed on it, wherever the browser is: two people
 * who look at the same screen read the same time, and 09:00 is when the shop opens.
 *
 * The server names the zone with who is signed in; before that it is the browser's own.
 *
 * Does not: word times (telling.ts).
 */
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

const own = new Intl.DateTimeFormat("en-US").resolvedOptions().timeZone;
let shop = own;
let reading = reader(shop);

function reader(zone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  return new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
}

/** From now on it is this zone's clock; a browser too old to know the zone stays on its own, and names that. */
export function keepZone(zone: string): void {
  if (zone === shop) return;
  try {
    reading = reader(zone);
    shop = zone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

export const zone = (): string => shop;
export const ownZone = (): string => own;

/** What the wall shows at an instant, as a date whose UTC parts are the wall's. */
export function wall(at: Date, by = reading): Date {
  const found: Record<string, number> = {};
  for (const { type, value } of by.formatToParts(at)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** The instant at which the wall shows this; where clocks are set forward, the first after the gap. */
export function instantOf(shown: Date): Date {
  const ahead = (at: number) => wall(new Date(at)).getTime() - at;
  const first = shown.getTime() - ahead(shown.getTime());
  return new Date(shown.getTime() - ahead(first));
}

export const dayNumber = (at: Date): number => Math.floor(wall(at).getTime() / DAY);

/** `2026-11-21T18:30` on the wall, as the browser's own field writes it; undefined when nothing whole was typed. */
export function typedInstant(typed: string): Date | undefined {
  const shown = new Date(`${typed}Z`);
  return Number.isNaN(shown.getTime()) ? undefined : instantOf(shown);
}

export const typedForm = (at: string): string => wall(new Date(at)).toISOString().slice(0, 16);

/** Does a clock in this browser's place show something else now? */
export function isElsewhere(now = new Date()): boolean {
  return shop !== own && wall(now).getTime() !== wall(now, reader(own)).getTime();
}
