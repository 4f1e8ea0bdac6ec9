/**
 * Every colour and measure of the desk, once for daylight and once for the dark.
 *
 * One accent; the other colours only ever mean something (good, warn, bad, a note among colleagues). Each text
 * colour keeps at least 4.5 : 1 on every ground it is used on. Spaces are multiples of 8 px, halves inside a row.
 *
 * Does not: choose between light and dark (Look.tsx does), or style a component.
 */
import { type ThemeConfig, theme } from "antd";

export interface Palette {
  accent: string;
  /** Under the pointer: darker, because white words stand on it. */
  accentHover: string;
  accentActive: string;
  accentText: string;
  accentSoft: string;
  text: string;
  textSoft: string;
  textFaint: string;
  ground: string;
  surface: string;
  raised: string;
  line: string;
  fieldLine: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
  note: string;
  noteLine: string;
  bubble: string;
  bubbleOwn: string;
  unread: string;
  shadow: string;
}

export const light: Palette = {
  accent: "#2559d9",
  accentHover: "#1d4bc0",
  accentActive: "#173e9f",
  accentText: "#2559d9",
  accentSoft: "#e8effd",
  text: "#1b2230",
  textSoft: "#4d5769",
  textFaint: "#626b7d",
  ground: "#f4f6f9",
  surface: "#ffffff",
  raised: "#ffffff",
  line: "#e2e6ee",
  fieldLine: "#c9d0dc",
  good: "#146c45",
  goodSoft: "#e2f4ea",
  warn: "#875300",
  warnSoft: "#fdf0d5",
  bad: "#b92626",
  badSoft: "#fdeaea",
  note: "#fff6dc",
  noteLine: "#dfbb52",
  bubble: "#eef1f6",
  bubbleOwn: "#dbe7ff",
  unread: "#c72f2f",
  shadow: "0 8px 32px rgb(20 30 60 / 14%)",
};

export const dark: Palette = {
  accent: "#3c6be8",
  accentHover: "#3362df",
  accentActive: "#2a54c9",
  accentText: "#8db2ff",
  accentSoft: "#20305a",
  text: "#e8ebf1",
  textSoft: "#b0b8c6",
  textFaint: "#98a1b2",
  ground: "#11141a",
  surface: "#191d25",
  raised: "#222731",
  line: "#303744",
  fieldLine: "#465063",
  good: "#66d39a",
  goodSoft: "#14321f",
  warn: "#f2bd5c",
  warnSoft: "#3a2b0e",
  bad: "#ff938e",
  badSoft: "#421d1f",
  note: "#332b12",
  noteLine: "#7d6620",
  bubble: "#262c37",
  bubbleOwn: "#24386b",
  unread: "#cf3b3b",
  shadow: "0 8px 32px rgb(0 0 0 / 55%)",
};

const FONT =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace';

/**
 * Below the first width the work page goes in steps; below the second the context panel becomes a drawer. From the
 * third on two conversations stand side by side, from the fourth three.
 */
export const WIDTH = { phone: 720, context: 1180, two: 1560, three: 1860 } as const;

/** The palette as CSS variables: `textSoft` becomes `--text-soft`. */
export function variables(palette: Palette): Record<string, string> {
  const named = Object.entries(palette).map(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  return { ...Object.fromEntries(named), "--font": FONT, "--mono": MONO };
}

/** The same palette for Ant Design's own components. */
export function antTheme(palette: Palette, isDark: boolean): ThemeConfig {
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      motion: false, // what closes is gone, and the keyboard back where it was, before the next key
      colorPrimary: palette.accent,
      colorInfo: palette.accentText,
      colorLink: palette.accentText,
      colorLinkHover: palette.accentText,
      colorLinkActive: palette.accentText,
      colorSuccess: palette.good,
      colorWarning: palette.warn,
      colorWarningBg: palette.warnSoft,
      colorError: isDark ? "#e5484d" : palette.bad,
      colorErrorText: palette.bad,
      colorText: palette.text,
      colorTextSecondary: palette.textSoft,
      colorTextTertiary: palette.textFaint,
      colorTextDescription: palette.textFaint,
      colorTextDisabled: palette.textFaint,
      colorTextPlaceholder: palette.textFaint,
      colorBgLayout: palette.ground,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.raised,
      colorBorder: palette.fieldLine,
      colorBorderSecondary: palette.line,
      borderRadius: 8,
      borderRadiusSM: 6,
      fontSize: 14,
      fontFamily: FONT,
      fontFamilyCode: MONO,
      opacityLoading: 1,
    },
    components: {
      Button: {
        fontWeight: 500,
        primaryShadow: "none",
        dangerShadow: "none",
        dangerColor: isDark ? "#1d0608" : "#ffffff",
        defaultShadow: "none",
        colorError: palette.bad,
        colorErrorHover: palette.bad,
        colorPrimaryHover: palette.accentHover,
        colorPrimaryActive: palette.accentActive,
        defaultHoverColor: palette.accentText,
        defaultHoverBorderColor: palette.accentText,
        defaultActiveColor: palette.accentText,
        defaultActiveBorderColor: palette.accentText,
      },
      Checkbox: { borderRadiusSM: 4 },
      Segmented: { trackBg: palette.bubble, itemSelectedBg: palette.surface, itemColor: palette.textSoft },
      Select: { multipleItemColorDisabled: palette.textFaint, multipleItemBg: palette.bubble },
      Table: {
        headerBg: palette.ground,
        headerColor: palette.textSoft,
        headerSplitColor: "transparent",
        cellPaddingBlock: 12,
      },
      Form: { labelColor: palette.textSoft, itemMarginBottom: 20, colorError: palette.bad },
      Dropdown: { colorPrimary: palette.accentText, controlItemBgActive: palette.accentSoft },
      Menu: { itemSelectedBg: palette.accentSoft, itemSelectedColor: palette.accentText },
      Tabs: { itemSelectedColor: palette.accentText, inkBarColor: palette.accentText },
    },
  };
}
