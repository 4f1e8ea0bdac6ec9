/**
 * Makes any colour a shop chooses readable.
 *
 * The shop's colour fills buttons and bubbles as it is; what is written on it is black or white, whichever contrasts
 * more. Where the colour is itself text, it is moved towards black or white until it has the 4.5 : 1 of WCAG AA.
 */
type Rgb = [number, number, number];

export const DEFAULT_COLOUR = "#1257d6";
const DARK_INK: Rgb = [16, 22, 32];
const WHITE: Rgb = [255, 255, 255];
const AA = 4.5;

export function parseColour(text: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1] ?? DEFAULT_COLOUR.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb;
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r}, ${g}, ${b})`;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function inkOn(ground: Rgb): Rgb {
  return contrast(ground, WHITE) >= AA || contrast(ground, WHITE) >= contrast(ground, DARK_INK)
    ? WHITE
    : DARK_INK;
}

function mixed(colour: Rgb, other: Rgb, share: number): Rgb {
  return colour.map((value, i) => Math.round(value + ((other[i] ?? 0) - value) * share)) as Rgb;
}

/** The nearest shade of `colour` that can be read on `ground`. */
export function readableOn(colour: Rgb, ground: Rgb): Rgb {
  const away = luminance(ground) > 0.4 ? DARK_INK : WHITE;
  for (let share = 0; share < 1; share += 0.05) {
    const shade = mixed(colour, away, share);
    if (contrast(shade, ground) >= AA) return shade;
  }
  return away;
}

/** The fill of buttons and own bubbles: the shop's colour, darkened just enough for its ink when it lies between. */
export function fillOf(colour: Rgb): Rgb {
  const ink = inkOn(colour);
  for (let share = 0; share < 1; share += 0.05) {
    const shade = mixed(colour, ink === WHITE ? DARK_INK : WHITE, share);
    if (contrast(shade, ink) >= AA) return shade;
  }
  return colour;
}

export function tint(colour: Rgb, ground: Rgb, share: number): Rgb {
  return mixed(ground, colour, share);
}
