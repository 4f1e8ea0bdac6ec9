/**
 * How the button looks: from the attributes of the script tag, or asked of the server once.
 *
 * A shop that writes `data-colour` saves its visitors that request.
 */
import type { Locale, WidgetLook } from "@mashang/protocol";
import words from "../catalogue/widget.json";

export type Words = (typeof words)["zh-CN"];

const PLACEMENTS = ["button", "side-tab", "inline", "top-link"];
const DEFAULT_COLOUR = "#1257d6";

export function localeOf(script: HTMLElement): Locale {
  const wished = script.dataset.lang || document.documentElement.lang || navigator.language;
  return /^zh/i.test(wished) || wished === "" ? "zh-CN" : "en";
}

export function wordsIn(locale: Locale): Words {
  return words[locale];
}

export async function lookOf(
  script: HTMLElement,
  origin: string,
  site: string,
  locale: Locale,
): Promise<WidgetLook> {
  const { colour, placement, position, title } = script.dataset;
  const asked: Asked = colour
    ? {}
    : await ask(`${origin}/widget-look?site=${encodeURIComponent(site)}`, locale);
  const look = { ...asked, ...given({ colour, placement, position, title }) };
  return {
    colour: /^#[0-9a-f]{6}$/i.test(look.colour ?? "") ? (look.colour as string) : DEFAULT_COLOUR,
    placement: (PLACEMENTS.includes(look.placement ?? "")
      ? look.placement
      : "button") as WidgetLook["placement"],
    position: look.position === "left" ? "left" : "right",
    title: look.title || wordsIn(locale).title,
    ...(asked.offers ? { offers: asked.offers } : {}),
    voice: asked.voice === true || script.dataset.voice === "on",
  };
}

type Given = { [Key in "colour" | "placement" | "position" | "title"]?: string };
type Asked = Given & Pick<WidgetLook, "offers"> & { voice?: boolean };

function given(attributes: { [Key in keyof Given]: string | undefined }): Given {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));
}

/** Whatever goes wrong, the button appears. */
async function ask(address: string, locale: Locale): Promise<Asked> {
  try {
    const response = await fetch(address, { credentials: "omit", headers: { "Accept-Language": locale } });
    return response.ok ? ((await response.json()) as Asked) : {};
  } catch {
    return {};
  }
}

/** Black or white, whichever reads better on the shop's colour (WCAG relative luminance): never less than 4.5 : 1. */
export function inkOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000000" : "#ffffff";
}
