/**
 * Light or dark: follows the system until a person chooses, and hands the palette to everything drawn.
 *
 * The choice stays in this browser. Does not: know any component; colours live in tokens.ts.
 */
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useState } from "react";
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import { antTheme, dark, light, variables } from "./tokens";

export type LookChoice = "system" | "light" | "dark";

const KEPT = "mashang.look";
// A button that works keeps its name: the library's own sign says "loading", and now and then stays.
const BUTTON = { autoInsertSpace: false, loadingIcon: <Icon name="loading" /> };
const Choice = createContext<{ choice: LookChoice; choose(choice: LookChoice): void }>({
  choice: "system",
  choose: () => {},
});

export const useLook = () => useContext(Choice);

function useSystemDark(): boolean {
  const [query] = useState(() => matchMedia("(prefers-color-scheme: dark)"));
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const changed = () => setDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, [query]);
  return isDark;
}

export function Look({ children }: { children: ReactNode }) {
  const { locale } = useWords();
  const [choice, setChoice] = useState(() => (localStorage.getItem(KEPT) as LookChoice | null) ?? "system");
  const systemDark = useSystemDark();
  const isDark = choice === "dark" || (choice === "system" && systemDark);
  const palette = isDark ? dark : light;

  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.look = isDark ? "dark" : "light";
    root.style.colorScheme = isDark ? "dark" : "light";
    for (const [name, value] of Object.entries(variables(palette))) root.style.setProperty(name, value);
  }, [isDark, palette]);

  const choose = (next: LookChoice) => {
    localStorage.setItem(KEPT, next);
    setChoice(next);
  };
  return (
    <Choice.Provider value={{ choice, choose }}>
      <ConfigProvider
        locale={locale === "en" ? enUS : zhCN}
        theme={antTheme(palette, isDark)}
        button={BUTTON}
      >
        <AntApp style={{ height: "100%" }} message={{ top: 64, maxCount: 3 }}>
          {children}
        </AntApp>
      </ConfigProvider>
    </Choice.Provider>
  );
}
