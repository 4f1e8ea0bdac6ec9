/**
 * One playbook: its text with what is wrong beside its line, its steps, a dry run, and its versions.
 *
 * What is typed stays until it is saved; what was wrong is refused and nothing is lost.
 */
import { App, Button, Tabs } from "antd";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import records from "../admin/Records.module.css";
import { BackLink } from "../frame/BackLink";
import { Loading, Nothing, sentence, Trouble } from "../frame/States";
import { Refused } from "../server/http";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";
import { Problems } from "./Problems";
import { type Playbook, useCheck, usePlaybook, useSave } from "./queries";
import { SourceField } from "./SourceField";
import { StepList } from "./StepList";
import skeleton from "./skeleton.yaml?raw";
import { TrialPanel } from "./TrialPanel";
import { VersionsPanel } from "./VersionsPanel";

const PAUSE = 500; // ms without a key: then what stands there is checked

export function PlaybookPage({ name, editable }: { name: string; editable: boolean }) {
  const { t } = useWords();
  const query = usePlaybook(name);
  if (query.isPending) return <Loading />;
  if (query.error instanceof Refused && query.error.status === 404)
    return <Nothing icon="transfer" title={t("playbooks.gone")} />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  return <Editor playbook={query.data} editable={editable} />;
}

export function NewPlaybook() {
  const empty = {
    key: "",
    title: "",
    title_en: "",
    source: skeleton,
    newest: 0,
    published: null,
    versions: [],
    shipped: null,
    steps: [],
  };
  return <Editor playbook={empty} editable />;
}

function Editor({ playbook, editable }: { playbook: Playbook; editable: boolean }) {
  const { t, locale } = useWords();
  const [, go] = useLocation();
  const { message } = App.useApp();
  const [text, setText] = useState(playbook.source);
  const [seen, setSeen] = useState(playbook.newest);
  const field = useRef<HTMLTextAreaElement>(null);
  const check = useCheck(usePaused(text));
  const save = useSave();
  const isChanged = text !== playbook.source || playbook.key === "";
  const show = (line: number, column = 1) => select(field.current, line, column);
  const keep = () =>
    save.mutate(
      { source: text, seen },
      {
        onSuccess: (kept) => {
          setSeen(kept.newest);
          void message.success(t("playbooks.saved", { n: kept.newest }));
          if (kept.key !== playbook.key) go(`/admin/playbooks/${kept.key}`, { replace: true });
        },
        onError: (error) => void message.error(sentence(t, error)),
      },
    );
  const moved =
    save.error instanceof Refused && save.error.code === "playbook_moved" ? save.error : undefined;
  const problems = check.data?.problems ?? [];
  const steps = problems.length === 0 && check.data ? check.data.steps : playbook.steps;
  return (
    <section className={css.page}>
      <BackLink href="/admin/playbooks">{t("playbooks.title")}</BackLink>
      <header className={records.head}>
        <div>
          <h1>{(locale === "en" ? playbook.title_en : playbook.title) || t("playbooks.add")}</h1>
          {playbook.key && <p className={css.key}>{playbook.key}</p>}
          <p>{t(hintOf(playbook))}</p>
        </div>
        {editable && (
          <Button type="primary" disabled={!isChanged} loading={save.isPending} onClick={keep}>
            {t("playbooks.save")}
          </Button>
        )}
      </header>
      {moved && (
        <div className={css.moved} role="alert">
          <p>{moved.message}</p>
          <Button onClick={() => setSeen(Number(moved.facts.newest))}>{t("playbooks.moved.mine")}</Button>
        </div>
      )}
      <div className={css.two}>
        <div className={css.writing}>
          <SourceField
            field={field}
            text={text}
            change={setText}
            wrong={problems.map((problem) => problem.line)}
            readOnly={!editable}
          />
          <Problems problems={problems} show={show} isChecked={check.isSuccess} />
        </div>
        <Tabs
          className={css.beside}
          items={[
            {
              key: "steps",
              label: t("playbooks.steps"),
              children: <StepList steps={steps} show={(step) => show(lineOf(text, step))} />,
            },
            {
              key: "trial",
              label: t("playbooks.trial"),
              children: <TrialPanel source={text} steps={steps} />,
            },
            {
              key: "versions",
              label: t("playbooks.versions"),
              children: <VersionsPanel playbook={playbook} editable={editable} take={setText} />,
            },
          ]}
        />
      </div>
    </section>
  );
}

function hintOf(playbook: Playbook) {
  if (playbook.newest > 0) return "playbooks.own.hint";
  return playbook.shipped ? "playbooks.shipped.hint" : "playbooks.new.hint";
}

/** The text as it stood when nobody typed for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const later = setTimeout(() => setPaused(text), PAUSE);
    return () => clearTimeout(later);
  }, [text]);
  return useDeferredValue(paused);
}

/** The line on which a step begins. */
function lineOf(text: string, step: string): number {
  return text.split("\n").findIndex((line) => line.trim() === `${step}:`) + 1 || 1;
}

/** From the column to the end of its line. */
function select(field: HTMLTextAreaElement | null, line: number, column: number) {
  if (!field) return;
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  field.focus();
  const length = lines[line - 1]?.length ?? 0;
  field.setSelectionRange(start + Math.min(column - 1, length), start + length);
  field.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(field).lineHeight);
}
