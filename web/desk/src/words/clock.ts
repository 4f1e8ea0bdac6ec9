/**
 * Times of day as they are typed and as they are kept: 09:30, on a clock of 24 hours.
 */
export const isClockTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** `9`, `930`, `9:30` (a full-width colon too) and `24:00` made whole; what is no time of day stays as it is. */
export function clockTime(typed: string): string {
  const plain = typed.normalize("NFKC").trim();
  const parts = /^(\d{1,2})(?::?([0-5]\d))?$/.exec(plain);
  const hour = Number(parts?.[1]);
  if (!parts || hour > 24 || (hour === 24 && Number(parts[2] ?? 0) > 0)) return plain;
  return `${String(hour % 24).padStart(2, "0")}:${parts[2] ?? "00"}`;
}
