/**
 * Putting a conversation aside: for an hour, until this evening, until tomorrow, until a time of one's own, or until
 * the customer writes, which brings it back in any case.
 */
import { App, Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { sentence } from "../../frame/States";
import { ZoneNote } from "../../frame/ZoneNote";
import { useSnooze } from "../../server/queries";
import type { Conversation } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { type Tell, useWords } from "../../words/words";
import { instantOf, typedInstant, wall } from "../../words/zone";
import css from "./SnoozeDialog.module.css";

const HOUR = 3_600_000;
const EVENING = 18;
const MORNING = 9;

type Choice = "hour" | "evening" | "tomorrow" | "writes" | "own";

interface SnoozeDialogProps {
  conversation: Conversation;
  open: boolean;
  close(): void;
}

export function SnoozeDialog({ conversation, open, close }: SnoozeDialogProps) {
  const { t } = useWords();
  return (
    <Modal open={open} onCancel={close} title={t("snooze.title")} footer={null} destroyOnHidden width={440}>
      <Choices conversation={conversation} close={close} />
    </Modal>
  );
}

function Choices({ conversation, close }: { conversation: Conversation; close(): void }) {
  const { t, locale } = useWords();
  const { message } = App.useApp();
  const snooze = useSnooze(conversation.id);
  const [now] = useState(() => new Date());
  const [choice, setChoice] = useState<Choice>("hour");
  const [own, setOwn] = useState("");
  const times = instants(now);
  const until = choice === "own" ? typedInstant(own) : times[choice];
  const wrong = choice === "own" && !(until && until > now);
  const put = () =>
    snooze.mutate(choice === "writes" ? null : (until?.toISOString() ?? null), {
      onSuccess: close,
      onError: (error) => void message.error(sentence(t, error)),
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) put();
      }}
    >
      <p className={css.hint}>
        {t("snooze.hint")} <ZoneNote />
      </p>
      <Radio.Group
        className={css.choices}
        aria-label={t("snooze.title")}
        value={choice}
        onChange={(event) => setChoice(event.target.value as Choice)}
        options={offered(times).map((one) => ({
          value: one,
          label: <Label choice={one} at={times[one]} t={t} locale={locale} />,
        }))}
      />
      {choice === "own" && (
        <Input
          type="datetime-local"
          aria-label={t("snooze.own")}
          value={own}
          status={own && wrong ? "error" : ""}
          onChange={(event) => setOwn(event.target.value)}
        />
      )}
      {own && wrong && <p role="alert">{t("snooze.past")}</p>}
      <div className={css.foot}>
        <Button type="primary" htmlType="submit" disabled={wrong} loading={snooze.isPending}>
          {t("do.snooze")}
        </Button>
      </div>
    </form>
  );
}

interface LabelProps {
  choice: Choice;
  at: Date | undefined;
  t: Tell;
  locale: "zh-CN" | "en";
}

function Label({ choice, at, t, locale }: LabelProps) {
  return (
    <>
      {t(`snooze.${choice}`)}
      {at && <span className={css.at}>{fullTime(locale, at.toISOString())}</span>}
    </>
  );
}

/** On the shop's clock. */
function instants(now: Date): Record<Choice, Date | undefined> {
  const today = wall(now);
  const at = (days: number, hour: number) =>
    instantOf(
      new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days, hour)),
    );
  return {
    hour: new Date(now.getTime() + HOUR),
    evening: at(0, EVENING),
    tomorrow: at(1, MORNING),
    writes: undefined,
    own: undefined,
  };
}

/** This evening only while it is some time away. */
function offered(times: Record<Choice, Date | undefined>): Choice[] {
  const all: Choice[] = ["hour", "evening", "tomorrow", "writes", "own"];
  return all.filter((one) => one !== "evening" || (times.evening ?? 0) > (times.hour ?? 0));
}
