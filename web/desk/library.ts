/**
 * What Ant Design says to screen readers in English, whatever the language of the page, and how the desk says it.
 *
 * Its signs are called by the names of their files ("close-circle", "down") and the arrows of a number field "Increase
 * Value"; neither its locale nor ConfigProvider reaches them. So the few lines are exchanged while the desk is built;
 * a build fails when a new version has them no more. The words stand in src/look/spoken.ts.
 */
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Where the words stand, of a module beside this one: a folder may be called 码上, or have spaces. */
export const wordsBeside = (url: string): string => fileURLToPath(new URL("./src/look/spoken.ts", url));

const WORDS = JSON.stringify(wordsBeside(import.meta.url));

interface Exchange {
  file: RegExp;
  /** What stands there, and what is to. */
  from: string;
  to: string;
  import: string;
}

export const EXCHANGES: Exchange[] = [
  {
    file: /@ant-design\/icons\/es\/components\/AntdIcon\.js$/,
    from: '"aria-label": icon.name',
    to: "...signNamed(icon.name)",
    import: "signNamed",
  },
  {
    file: /@rc-component\/input-number\/es\/StepHandler\.js$/,
    from: "isUpAction ? 'Increase Value' : 'Decrease Value'",
    to: "arrowNamed(isUpAction)",
    import: "arrowNamed",
  },
  {
    file: /@rc-component\/select\/es\/hooks\/useAllowClear\.js$/,
    from: "?? 'Clear'",
    to: "?? clearNamed()",
    import: "clearNamed",
  },
];

/** The module in the desk's words; undefined: it is not one of them. */
export function exchanged(code: string, id: string): string | undefined {
  const found = EXCHANGES.find(({ file }) => file.test(id.split("?")[0] ?? ""));
  if (!found) return undefined;
  if (!code.includes(found.from)) throw new Error(`${id} no longer says ${found.from}`);
  return `import { ${found.import} } from ${WORDS};\n${code.replace(found.from, found.to)}`;
}

export const inOurWords = (): Plugin => ({ name: "in-our-words", enforce: "pre", transform: exchanged });
