/**
 * Times as the customer reads them, in their own time zone; `format` is the only place where one becomes text.
 */
import { locale, t } from "../words";

function format(options: Intl.DateTimeFormatOptions, at: Date): string {
  return new Intl.DateTimeFormat(locale(), options).format(at);
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hour12: false };

/** On the customer's clock, or on that of another zone. */
export function timeOf(iso: string | number, timeZone?: string): string {
  return format({ ...CLOCK, ...(timeZone && { timeZone }) }, new Date(iso)).replace(/^24/, "00");
}

/** What the shop's clock shows, where it differs from the customer's; a browser that knows no such zone says nothing. */
export function shopTime(timeZone: string, now = Date.now()): string | undefined {
  try {
    const there = timeOf(now, timeZone);
    return there === timeOf(now) ? undefined : there;
  } catch {
    return undefined;
  }
}

export function sameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

export function dayOf(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (sameDay(iso, now.toISOString())) return t("day.today");
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === yesterday.toDateString()) return t("day.yesterday");
  const year: Intl.DateTimeFormatOptions = at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  return format({ ...year, month: "long", day: "numeric", weekday: "short" }, at);
}

/** A day to come: today, tomorrow, or its date. */
export function comingDay(iso: string, now = new Date()): string {
  const tomorrow = new Date(now);
  tomorrow.setDate(now.getDate() + 1);
  return new Date(iso).toDateString() === tomorrow.toDateString() ? t("day.tomorrow") : dayOf(iso, now);
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
