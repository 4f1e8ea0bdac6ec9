/**
 * How well a colour stands out, by WCAG 2.2; the same rules the server applies to the widget.
 */

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours `#rrggbb`: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** White where it can be read on this colour, else black. */
export function ink(colour: string): "#ffffff" | "#000000" {
  const white = contrast(colour, "#ffffff");
  return white >= 4.5 || white >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}
