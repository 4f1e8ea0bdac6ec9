/**
 * Other people's words inside our sentences.
 *
 * A name or a file name may be written from right to left, or carry marks that turn the direction of what follows
 * (U+202E shows "gpj.exe" as "exe.jpg"). Set apart, it turns nothing but itself.
 */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const [FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE] = ["\u2068", "\u2069"];

/** The text as it is, or set apart when it could turn its neighbours. */
export function setApart(text: string): string {
  return TURNS.test(text) ? FIRST_STRONG_ISOLATE + text + POP_DIRECTIONAL_ISOLATE : text;
}
