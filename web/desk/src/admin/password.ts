/** Letters and digits that cannot be mistaken for one another when read out or copied by hand. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS = 4;
const GROUP = 4;

/** A random password of about 92 bits, grouped for reading: `k3Wd-x7Qp-…`. */
export function randomPassword(): string {
  const limit = 256 - (256 % ALPHABET.length);
  const letters: string[] = [];
  while (letters.length < GROUPS * GROUP)
    for (const byte of crypto.getRandomValues(new Uint8Array(32)))
      if (byte < limit) letters.push(ALPHABET.charAt(byte % ALPHABET.length));
  return Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP, (at + 1) * GROUP).join("")).join(
    "-",
  );
}
