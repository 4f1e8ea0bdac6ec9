/**
 * Two texts, line by line: what both have, what only the former has, what only the latter.
 */
export interface Line {
  kind: "same" | "out" | "in";
  text: string;
}

/** More lines than this are compared as one block: the table below grows with their product. */
const MOST = 1500;

export function difference(former: string, latter: string): Line[] {
  const [a, b] = [split(former), split(latter)];
  if (a.length > MOST || b.length > MOST)
    return former === latter ? a.map(line("same")) : [...a.map(line("out")), ...b.map(line("in"))];
  const common = table(a, b);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push({ kind: "out", text: a[i] ?? "" });
      i += 1;
    } else {
      lines.push({ kind: "in", text: b[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

const split = (text: string): string[] => (text ? text.split("\n") : []);
const line =
  (kind: Line["kind"]) =>
  (text: string): Line => ({ kind, text });
const at = (common: Uint16Array[], i: number, j: number): number => common[i]?.[j] ?? 0;

/** How many lines the rests from i and j have in common. */
function table(a: string[], b: string[]): Uint16Array[] {
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row)
        row[j] =
          a[i] === b[j] ? at(common, i + 1, j + 1) + 1 : Math.max(at(common, i + 1, j), at(common, i, j + 1));
    }
  return common;
}
