/**
 * Whole card keys for a named reason: shown for a short while, then gone from the page.
 *
 * They are held by this dialog alone (no query cache, no address, no storage) and leave the page before it closes;
 * that it was opened, by whom and why, is kept by the server.
 */
import { App, Button, Input, Modal, Radio } from "antd";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { CopyButton } from "../../frame/CopyButton";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { monotonic } from "../../live/clock";
import { useTick } from "../../live/DeskLine";
import type { OrderLine } from "../../server/beside";
import { askForKeys, useMe } from "../../server/queries";
import { useWords } from "../../words/words";
import css from "./Reveal.module.css";

interface RevealProps {
  id: string;
  line: OrderLine;
}

interface Shown {
  keys: string[];
  /** In monotonic milliseconds. */
  until: number;
}

export const useMayReveal = () => Boolean(useMe().data?.permissions.includes("cards.reveal"));

export function Reveal({ id, line }: RevealProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [shown, show] = useState<Shown>();
  const close = useCallback(() => {
    flushSync(() => show(undefined)); // before the dialog fades: what fades is drawn no more
    setOpen(false);
  }, []);
  const runOut = () => {
    close();
    void message.info(t("reveal.hidden"));
  };
  useEffect(() => {
    addEventListener("pagehide", close);
    return () => removeEventListener("pagehide", close);
  }, [close]);
  if (!useMayReveal()) return null;
  return (
    <>
      <Button size="small" icon={<Icon name="eye" />} onClick={() => setOpen(true)}>
        {t("reveal.open")}
      </Button>
      <Modal open={open} onCancel={close} title={t("reveal.title")} footer={null} destroyOnHidden width={480}>
        <p className={css.product}>{line.product}</p>
        {shown ? (
          <Keys shown={shown} close={close} runOut={runOut} />
        ) : (
          <Ask id={id} line={line.id} show={show} />
        )}
      </Modal>
    </>
  );
}

const REASONS = ["screenshot", "unreadable", "not_opening", "dispute", "own"] as const;
type Reason = (typeof REASONS)[number];
const SHORTEST = 2;
const LONGEST = 200;

function Ask({ id, line, show }: { id: string; line: string; show(shown: Shown): void }) {
  const { t } = useWords();
  const [choice, choose] = useState<Reason>();
  const [own, write] = useState("");
  const [pressed, press] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, fail] = useState<unknown>();
  const reason = choice === "own" ? own.trim() : choice ? t(`reveal.reason.${choice}`) : "";
  const ask = async () => {
    press(true);
    if (reason.length < SHORTEST) return;
    fail(undefined);
    setPending(true);
    try {
      const { keys, hide_after_seconds } = await askForKeys(id, line, reason);
      show({ keys, until: monotonic() + hide_after_seconds * 1000 });
    } catch (problem) {
      fail(problem);
    } finally {
      setPending(false);
    }
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <p className={css.warning}>
        <Icon name="warning" /> {t("reveal.hint")}
      </p>
      <Why
        choice={choice}
        choose={choose}
        own={own}
        write={write}
        missing={pressed && reason.length < SHORTEST}
      />
      {error !== undefined && (
        <p role="alert" className={css.error}>
          <Icon name="alert" /> {sentence(t, error)}
        </p>
      )}
      <div className={css.foot}>
        <Button type="primary" htmlType="submit" loading={pending}>
          {t("reveal.do")}
        </Button>
      </div>
    </form>
  );
}

interface WhyProps {
  choice: Reason | undefined;
  choose(reason: Reason): void;
  own: string;
  write(text: string): void;
  missing: boolean;
}

function Why({ choice, choose, own, write, missing }: WhyProps) {
  const { t } = useWords();
  const error = useId();
  return (
    <fieldset className={css.why} aria-describedby={missing ? error : undefined}>
      <legend>{t("reveal.reason")}</legend>
      <Radio.Group
        className={css.choices}
        aria-label={t("reveal.reason")}
        value={choice}
        onChange={(event) => choose(event.target.value as Reason)}
        options={REASONS.map((one) => ({ value: one, label: t(`reveal.reason.${one}`) }))}
      />
      {choice === "own" && (
        <Input
          autoFocus
          dir="auto"
          aria-label={t("reveal.own")}
          value={own}
          maxLength={LONGEST}
          status={missing ? "error" : ""}
          onChange={(event) => write(event.target.value)}
        />
      )}
      {missing && (
        <p id={error} role="alert" className={css.error}>
          {t(choice === "own" ? "required" : "reveal.choose")}
        </p>
      )}
    </fieldset>
  );
}

interface KeysProps {
  shown: Shown;
  close(): void;
  runOut(): void;
}

function Keys({ shown, close, runOut }: KeysProps) {
  const { t } = useWords();
  const left = Math.ceil((shown.until - useTick()) / 1000);
  const first = useRef<HTMLUListElement>(null);
  const end = useRef(runOut);
  end.current = runOut;
  useEffect(() => first.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => end.current(), Math.max(0, shown.until - monotonic()));
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div className={css.shown}>
      <ul ref={first} tabIndex={-1} className={css.keys} aria-label={t("reveal.title")}>
        {shown.keys.map((key, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two keys may be alike, and the list never moves
          <li key={place}>
            <code>{key}</code>
            <CopyButton text={key} label={t("reveal.copy", { n: place + 1 })} />
          </li>
        ))}
      </ul>
      <div className={css.foot}>
        <span role="timer">{t("reveal.left", { n: Math.max(0, left) })}</span>
        <Button type="primary" onClick={close}>
          {t("reveal.hide")}
        </Button>
      </div>
    </div>
  );
}
