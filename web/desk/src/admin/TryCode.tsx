/**
 * Anything a customer might type, and how the product would read it: with the form's own changes, saved or not.
 */
import { useQuery } from "@tanstack/react-query";
import { Form, Input } from "antd";
import { useEffect, useId, useState } from "react";
import { Icon } from "../frame/Icon";
import { post } from "../server/http";
import { useWords } from "../words/words";
import type { Topic } from "./shapes";
import css from "./TryCode.module.css";

const STILL_MS = 250;

interface Trial {
  kind: "matched" | "ambiguous" | "expired" | "reference" | "minted" | "person" | "unknown";
  topics: { code: string; name: string }[];
  corrected: boolean;
  digits: string;
}

interface Wish {
  text: string;
  sketch: (Pick<Topic, "code" | "name" | "aliases"> & { id: string }) | null;
  takes_reference: boolean;
}

/** With nothing but what is saved. */
export function TryCode() {
  const [text, type] = useState("");
  return <Box text={text} type={type} wish={{ text, sketch: null, takes_reference: false }} />;
}

/** Inside the form of a code. */
export function TryDraft({ id = "" }: { id?: string | undefined }) {
  const [text, type] = useState("");
  const sketch = {
    id,
    code: Form.useWatch<string | undefined>("code") ?? "",
    name: Form.useWatch<string | undefined>("name") ?? "",
    aliases: Form.useWatch<string[] | undefined>("aliases") ?? [],
  };
  const takes_reference = Form.useWatch<boolean | undefined>("takes_reference") ?? false;
  return <Box text={text} type={type} wish={{ text, sketch, takes_reference }} />;
}

function Box({ text, type, wish }: { text: string; type(text: string): void; wish: Wish }) {
  const { t } = useWords();
  const hint = useId();
  const still = useStill(wish);
  const query = useQuery({
    queryKey: ["topic-try", still],
    queryFn: () => post<Trial>("/admin/topics/try", still),
    enabled: still.text.trim() !== "",
    placeholderData: (before) => before,
  });
  const trial = text.trim() ? query.data : undefined;
  return (
    <div className={css.box}>
      <h2>{t("try.label")}</h2>
      <p id={hint}>{t("try.hint")}</p>
      <Input
        value={text}
        maxLength={400}
        placeholder={t("try.placeholder")}
        aria-label={t("try.label")}
        aria-describedby={hint}
        onChange={(event) => type(event.target.value)}
        onPressEnter={(event) => event.preventDefault()}
      />
      <p role="status" className={css.answer}>
        {trial && (
          <>
            <Icon name={trial.kind === "matched" || trial.kind === "reference" ? "check" : "info"} />{" "}
            <Told trial={trial} />
          </>
        )}
      </p>
    </div>
  );
}

function Told({ trial }: { trial: Trial }) {
  const { t } = useWords();
  const topics = trial.topics.map(({ code, name }) => `${name} (${code})`).join(t("list.separator"));
  return (
    <>
      {t(`try.${trial.kind}`, { topics, digits: trial.digits })}
      {trial.corrected && `${t("list.separator")}${t("try.corrected")}`}
    </>
  );
}

/** What is typed, once it has been left alone for a moment. */
function useStill(wish: Wish): Wish {
  const [still, setStill] = useState(wish);
  const now = JSON.stringify(wish);
  useEffect(() => {
    const timer = setTimeout(() => setStill(JSON.parse(now) as Wish), STILL_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return still;
}
