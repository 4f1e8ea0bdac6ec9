/**
 * Times, spans, sizes and amounts as a person of either language writes them.
 *
 * Times are on the shop's clock (zone.ts), and `format` is the only place where one becomes text.
 *
 * Does not: tick (useNow does), or convert currencies.
 */
import type { Row } from "../server/shapes";
import type { Locale, Tell } from "./words";
import { dayNumber, wall, zone } from "./zone";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In English the month is a word: readers of different countries put the numbers in different order. */
const DATE: Record<Locale, Intl.DateTimeFormatOptions> = {
  "zh-CN": { year: "numeric", month: "2-digit", day: "2-digit" },
  en: { year: "numeric", month: "short", day: "numeric" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: Locale, at: string | Date, options: Intl.DateTimeFormatOptions, timeZone = zone()) {
  const key = locale + timeZone + JSON.stringify(options);
  const kept =
    formats.get(key) ?? new Intl.DateTimeFormat(locale, { hourCycle: "h23", timeZone, ...options });
  formats.set(key, kept);
  return kept.format(new Date(at));
}

/** `on`: another zone's clock than the shop's. */
export function clock(locale: Locale, at: string | Date, on?: string): string {
  return format(locale, at, { hour: "2-digit", minute: "2-digit" }, on);
}

export function exactClock(locale: Locale, at: string): string {
  return format(locale, at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "Today", "Yesterday", or the date; the year only when it is another one. */
export function dayName(locale: Locale, t: Tell, at: string, now: number): string {
  const day = new Date(at);
  const ago = dayNumber(new Date(now)) - dayNumber(day);
  if (ago === 0) return t("time.today");
  if (ago === 1) return t("time.yesterday");
  const same = wall(day).getUTCFullYear() === wall(new Date(now)).getUTCFullYear();
  const year = same ? undefined : ("numeric" as const);
  return format(locale, at, { year, month: "short", day: "numeric", weekday: "short" });
}

export function sameDay(one: string, other: string): boolean {
  return dayNumber(new Date(one)) === dayNumber(new Date(other));
}

/** What somebody waits for, whatever their last words were; of everybody else the last words. */
export function gist(t: Tell, row: Pick<Row, "status" | "matter" | "last">): string {
  return (row.status === "waiting" && row.matter) || preview(t, row.last);
}

/** The time of day for today, the day for anything older: for lists. */
export function shortTime(locale: Locale, t: Tell, at: string, now: number): string {
  const ago = dayNumber(new Date(now)) - dayNumber(new Date(at));
  if (ago === 0) return clock(locale, at);
  if (ago === 1) return t("time.yesterday");
  return format(locale, at, { month: "numeric", day: "numeric" });
}

/** The time of day for today, the day and the time for anything older; the year only when it is another one. */
export function dayAndTime(locale: Locale, t: Tell, at: string, now: number): string {
  const day = new Date(at);
  const ago = dayNumber(new Date(now)) - dayNumber(day);
  if (ago === 0) return clock(locale, at);
  if (ago === 1) return `${t("time.yesterday")} ${clock(locale, at)}`;
  if (wall(day).getUTCFullYear() !== wall(new Date(now)).getUTCFullYear()) return fullTime(locale, at);
  const month = locale === "en" ? "short" : "2-digit";
  return format(locale, at, { month, day: "2-digit", hour: "2-digit", minute: "2-digit" });
}

export function fullTime(locale: Locale, at: string): string {
  return format(locale, at, { ...DATE[locale], hour: "2-digit", minute: "2-digit" });
}

/** With seconds, where the order of what happened matters. */
export function exactTime(locale: Locale, at: string): string {
  return format(locale, at, { ...DATE[locale], hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function day(locale: Locale, at: string): string {
  return format(locale, at, DATE[locale]);
}

export function span(t: Tell, milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  if (time < MINUTE) return t("time.seconds", { n: Math.floor(time / 1000) });
  if (time < HOUR) return t("time.minutes", { n: Math.floor(time / MINUTE) });
  if (time < DAY)
    return t("time.hours", { n: Math.floor(time / HOUR), m: Math.floor((time % HOUR) / MINUTE) });
  return t("time.days", { n: Math.floor(time / DAY) });
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** One line of the last message: its words, or what was sent and its name; before it, the code that was entered. */
export function preview(t: Tell, last: Row["last"]): string {
  const { kind = "text", preview: words = "", entered } = last ?? {};
  if (!words && entered) return t("preview.entered", { code: entered });
  return kind === "text" || !words ? words : t(`preview.${kind}`, { name: words });
}

/** The time of day for today, the day and the time for anything later. */
export function backAt(locale: Locale, t: Tell, at: string, now: number): string {
  const today = dayNumber(new Date(at)) === dayNumber(new Date(now));
  return today
    ? t("snooze.back", { time: clock(locale, at) })
    : t("snooze.back", { time: fullTime(locale, at) });
}

/** Until when a conversation is put aside. */
export function asideUntil(t: Tell, locale: Locale, row: Row): string {
  return row.snoozed_until
    ? t("snooze.until", { time: fullTime(locale, row.snoozed_until) })
    : t("snooze.until_written");
}

/** An amount as the shop wrote it ("88.00", "CNY"), with its sign; unknown currencies keep their code. */
export function money(locale: Locale, amount: string, currency: string): string {
  const value = Number(amount);
  if (!Number.isFinite(value)) return `${amount} ${currency}`;
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(value);
  } catch {
    return `${amount} ${currency}`;
  }
}
