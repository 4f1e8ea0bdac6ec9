/**
 * Whose token this is, read without trusting it: only to notice that somebody else is here now.
 *
 * Does not: prove anything. The server verifies the signature.
 */
export function subjectOf(token: string): string | null {
  try {
    const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const subject = (JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown }).sub;
    return typeof subject === "string" ? subject : null;
  } catch {
    return null;
  }
}

/** 128 random bits; `crypto.randomUUID` is younger than the browsers we serve. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
