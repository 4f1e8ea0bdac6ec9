/**
 * The card in the middle of an otherwise empty page: sign-in and first run stand in it.
 */
import { Button, Dropdown } from "antd";
import { type ReactNode, useEffect } from "react";
import { Icon } from "../frame/Icon";
import { type LookChoice, useLook } from "../look/Look";
import mark from "../look/mark.svg";
import { type Locale, useWords } from "../words/words";
import css from "./Entrance.module.css";

export function Entrance({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const { t } = useWords();
  useEffect(() => {
    document.title = `${title} · ${t("title")}`;
  }, [title, t]);
  return (
    <div className={css.page}>
      <header className={css.corner}>
        <LanguageMenu />
        <LookMenu />
      </header>
      <main className={css.card}>
        <img src={mark} alt="" width={48} height={48} />
        <h1>{title}</h1>
        {hint && <p className={css.hint}>{hint}</p>}
        {children}
      </main>
      {location.protocol === "http:" && !isLoopback() && (
        <p className={css.warning} role="note">
          <Icon name="warning" /> {t("warning.plain_http")}
        </p>
      )}
    </div>
  );
}

const isLoopback = () => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

function LanguageMenu() {
  const { t, locale, speak } = useWords();
  return (
    <Dropdown
      trigger={["click"]}
      getPopupContainer={(button) => button.parentElement ?? document.body}
      menu={{
        selectedKeys: [locale],
        items: (["zh-CN", "en"] as Locale[]).map((key) => ({
          key,
          label: t(`language.${key}`),
          onClick: () => speak(key),
        })),
      }}
    >
      <Button type="text" icon={<Icon name="language" />}>
        {t(`language.${locale}`)}
      </Button>
    </Dropdown>
  );
}

function LookMenu() {
  const { t } = useWords();
  const { choice, choose } = useLook();
  return (
    <Dropdown
      trigger={["click"]}
      getPopupContainer={(button) => button.parentElement ?? document.body}
      menu={{
        selectedKeys: [choice],
        items: (["system", "light", "dark"] as LookChoice[]).map((key) => ({
          key,
          label: t(`look.${key}`),
          onClick: () => choose(key),
        })),
      }}
    >
      <Button
        type="text"
        icon={<Icon name={choice === "dark" ? "moon" : "sun"} />}
        aria-label={t("look.title")}
      />
    </Dropdown>
  );
}
