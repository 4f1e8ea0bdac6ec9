/**
 * The first-run guide: the steps to customer service on one's own page, each with a link to where it is done.
 *
 * The last one watches: a page that carries the widget is seen within seconds.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Progress } from "antd";
import { useLocation } from "wouter";
import { CopyButton } from "../frame/CopyButton";
import { Icon } from "../frame/Icon";
import { Loading, sentence, Trouble } from "../frame/States";
import { get, put } from "../server/http";
import { keys } from "../server/queries";
import type { Me } from "../server/shapes";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import records from "./Records.module.css";
import css from "./StartPage.module.css";

type StepName = "departments" | "people" | "topics" | "knowledge" | "assistant" | "sites" | "seen";

const PLACES: Partial<Record<StepName, string>> = { knowledge: "/knowledge" };
const MAY: readonly StepName[] = ["knowledge", "assistant"]; // a shop may be served without them

interface Step {
  name: StepName;
  done: boolean;
  count: number;
}

export interface Start {
  steps: Step[];
  snippet: string | null;
  seen: { origin: string; at: string; site: string } | null;
  address: string;
}

const WATCHED_EVERY = 3_000;

export const useStart = (watch = false) =>
  useQuery({
    queryKey: ["admin", "start"],
    queryFn: () => get<Start>("/admin/start"),
    refetchInterval: watch ? WATCHED_EVERY : false,
  });

/** Puts the guide away, out of one's own menu, or takes it out again; either way one is led to what is there then. */
export function useWantGuide() {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [, go] = useLocation();
  return useMutation({
    mutationFn: (wanted: boolean) => put("/staff/guide", { wanted }),
    onSuccess: (_, wanted) => {
      cache.setQueryData<Me>(keys.me, (me) => me && { ...me, guide: wanted });
      go(wanted ? "/admin/start" : "/admin/departments");
      if (!wanted) void message.info(t("start.put_away.done"), 6);
    },
    onError: (error) => void message.error(sentence(t, error)),
  });
}

export function StartPage({ shown }: { shown: boolean }) {
  const { t } = useWords();
  const start = useStart(true);
  const want = useWantGuide();
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("start.title")}</h1>
          <p>{t("start.hint")}</p>
        </div>
        {shown && (
          <Button loading={want.isPending} onClick={() => want.mutate(false)}>
            {t("start.put_away")}
          </Button>
        )}
      </header>
      {start.isPending && <Loading />}
      {!start.data && start.isError && <Trouble error={start.error} again={() => void start.refetch()} />}
      {start.data && <Guide start={start.data} />}
    </section>
  );
}

function Guide({ start }: { start: Start }) {
  const { t } = useWords();
  const needed = start.steps.filter((step) => !MAY.includes(step.name));
  const done = needed.filter((step) => step.done).length;
  const all = needed.length;
  const next = needed.find((step) => !step.done)?.name;
  const plain = start.address.startsWith("http:") && !/\/\/(localhost|127\.|\[::1\])/.test(start.address);
  return (
    <div className={css.guide}>
      <Progress
        percent={(done / all) * 100}
        showInfo={false}
        aria-label={t("start.progress", { done, all })}
      />
      <p role="status">
        {done === all ? (
          <span className={css.done}>
            <Icon name="check" /> {t("start.all_done")}
          </span>
        ) : (
          t("start.progress", { done, all })
        )}
      </p>
      <ol className={css.steps}>
        {start.steps.map((step) => (
          <StepCard key={step.name} step={step} next={step.name === next} start={start} />
        ))}
      </ol>
      <p className={css.address}>{t("start.address", { address: start.address })}</p>
      {plain && (
        <p className={css.plain} role="note">
          <Icon name="warning" /> {t("start.address.plain")}
        </p>
      )}
    </div>
  );
}

function StepCard({ step, next, start }: { step: Step; next: boolean; start: Start }) {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <li className={css.step} data-done={step.done} aria-current={next ? "step" : undefined}>
      <span className={css.mark}>
        <Icon name={step.done ? "check" : "clock"} />
        <span className="for-readers">{t(step.done ? "start.done" : "start.todo")}</span>
      </span>
      <div className={css.what}>
        <h2>
          {t(`start.${step.name}`)}
          {MAY.includes(step.name) && <small className={css.may}> {t("start.may")}</small>}
        </h2>
        <p>{t(`start.${step.name}.hint`)}</p>
        {step.name === "knowledge" && (
          <p>
            <a href="/help" target="_blank" rel="noreferrer">
              {t("start.knowledge.help")}
            </a>
          </p>
        )}
        {step.name === "seen" && <Watching start={start} />}
      </div>
      {step.name !== "seen" && (
        <Button
          type={next ? "primary" : "default"}
          onClick={() => go(PLACES[step.name] ?? `/admin/${step.name}`)}
        >
          {t(step.done ? "start.look" : "start.do")}
          <span className="for-readers">{t(`start.${step.name}`)}</span>
        </Button>
      )}
    </li>
  );
}

function Watching({ start }: { start: Start }) {
  const { t, locale } = useWords();
  return (
    <>
      {start.snippet && (
        <div className={css.snippet}>
          <pre>
            <code>{start.snippet}</code>
          </pre>
          <CopyButton text={start.snippet} label={t("site.snippet.copy")} />
        </div>
      )}
      <p role="status" className={start.seen ? css.done : css.waiting}>
        <Icon name={start.seen ? "proved" : "clock"} />{" "}
        {start.seen
          ? t("start.seen.now", { ...start.seen, at: fullTime(locale, start.seen.at) })
          : t("start.seen.waiting")}
      </p>
    </>
  );
}
