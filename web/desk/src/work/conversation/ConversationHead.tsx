/**
 * The head of a conversation: who, about what, in which state, and what one may do with it now.
 */
import type { Named } from "@mashang/protocol";
import { App, Button, Dropdown, Tooltip } from "antd";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Icon, type IconName } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { useShortcut } from "../../keys/shortcuts";
import { useDesk, useNow } from "../../live/DeskLine";
import type { Width } from "../../look/useWidth";
import { download } from "../../server/http";
import { type Step, useStep } from "../../server/queries";
import type { Conversation, Me } from "../../server/shapes";
import { asideUntil } from "../../words/telling";
import { type Tell, useWords } from "../../words/words";
import { showMine } from "../list/ConversationList";
import { AffectedMark, CodeChip, CustomerName, TierChip, Unread, WaitingTime } from "../Marks";
import css from "./ConversationHead.module.css";
import type { PaneProps } from "./ConversationPane";
import { SnoozeDialog } from "./SnoozeDialog";
import { TraceDrawer } from "./TraceDrawer";
import { TransferDialog } from "./TransferDialog";
import { WhisperDialog } from "./WhisperDialog";

interface ConversationHeadProps extends PaneProps {
  conversation: Conversation;
}

export function ConversationHead(props: ConversationHeadProps) {
  const { conversation, width, current, narrow } = props;
  const { t } = useWords();
  return (
    <header className={css.head} data-narrow={narrow}>
      {width === "phone" && (
        <Link href="/" className={css.back} aria-label={t("do.back_to_list")}>
          <Icon name="back" />
        </Link>
      )}
      <div className={css.what}>
        <h2 className={css.who}>
          <CustomerName customer={conversation.customer} />
          <TierChip tier={conversation.customer.tier} />
          {!current && <Unread count={conversation.unread} />}
        </h2>
        <div className={css.about}>
          <CodeChip topic={conversation.topic} />
          <AffectedMark title={conversation.affected} />
          <span className={`${css.department} one-line`}>{conversation.department.name}</span>
          <State conversation={conversation} />
        </div>
      </div>
      <Actions {...props} />
    </header>
  );
}

function State({ conversation }: { conversation: Conversation }) {
  const { t, locale } = useWords();
  const now = useNow();
  const { status, agent, joined } = conversation;
  if (status === "waiting")
    return <WaitingTime since={conversation.queued_at ?? conversation.opened_at} now={now} word="queue" />;
  const words = [
    status === "active" && agent ? t("status.served_by", { name: agent.name }) : t(`status.${status}`),
    ...(conversation.snoozed ? [asideUntil(t, locale, conversation)] : []),
    ...(joined?.length ? [t("status.joined", { names: names(t, joined) })] : []),
  ].join(" · ");
  return (
    <span className={css.state} data-status={status} title={words}>
      {words}
    </span>
  );
}

const names = (t: Tell, people: Named[]) => people.map(({ name }) => name).join(t("board.between"));

type Shown = "transfer" | "trace" | "whisper" | "snooze";

interface Act {
  key: string;
  label: string;
  icon: IconName;
  primary?: boolean;
  /** Done seldom: behind "more" at every width. */
  seldom?: boolean;
  do(): void;
}

function Actions({ conversation, me, width, current, narrow, place }: ConversationHeadProps) {
  const [open, setOpen] = useState<Shown>();
  const { acts, busy } = useActs(conversation, me, setOpen);
  const compact = width !== "wide";
  const deed = (key: string) => acts.find((act) => act.key === key && !busy && current);
  useShortcut("transfer", () => deed("transfer")?.do(), Boolean(deed("transfer")));
  useShortcut("close", () => deed("close")?.do(), Boolean(deed("close")));
  return (
    <div className={css.actions}>
      <Buttons acts={acts.filter((act) => isShown(act, width))} busy={busy} narrow={narrow} />
      <More acts={acts.filter((act) => !isShown(act, width))} busy={busy} />
      {compact && <ContextLink id={conversation.id} />}
      {place}
      <TransferDialog
        conversation={conversation}
        me={me}
        open={open === "transfer"}
        close={() => setOpen(undefined)}
      />
      <WhisperDialog conversation={conversation} open={open === "whisper"} close={() => setOpen(undefined)} />
      <SnoozeDialog conversation={conversation} open={open === "snooze"} close={() => setOpen(undefined)} />
      <TraceDrawer conversation={conversation} open={open === "trace"} close={() => setOpen(undefined)} />
    </div>
  );
}

/** Where there is little room only what comes first keeps its word; the others say it when pointed at. */
function Buttons({ acts, busy, narrow }: { acts: Act[]; busy: boolean; narrow: boolean }) {
  return acts.map((act) => {
    const button = (
      <Button
        key={act.key}
        type={act.primary ? "primary" : "default"}
        icon={<Icon name={act.icon} />}
        aria-label={act.label}
        onClick={act.do}
        disabled={busy}
      >
        {narrow && !act.primary ? undefined : act.label}
      </Button>
    );
    return narrow && !act.primary ? (
      <Tooltip key={act.key} title={act.label}>
        {button}
      </Tooltip>
    ) : (
      button
    );
  });
}

/** On a phone only the first thing to do is a button. */
const isShown = (act: Act, width: Width) => !act.seldom && (width !== "phone" || Boolean(act.primary));

function More({ acts, busy }: { acts: Act[]; busy: boolean }) {
  const { t } = useWords();
  if (acts.length === 0) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: acts.map((act) => ({
          key: act.key,
          icon: <Icon name={act.icon} />,
          label: act.label,
          onClick: act.do,
        })),
      }}
    >
      <Button icon={<Icon name="more" />} aria-label={t("do.more")} disabled={busy} />
    </Dropdown>
  );
}

function ContextLink({ id }: { id: string }) {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <Button
      icon={<Icon name="info" />}
      aria-label={t("context.open")}
      onClick={() => go(`/c/${id}/context`)}
    />
  );
}

function useActs(
  conversation: Conversation,
  me: Me,
  show: (what: Shown) => void,
): { acts: Act[]; busy: boolean } {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const step = useStep();
  const desk = useDesk();
  const { id, can } = conversation;
  const exports = me.permissions.includes("conversations.export");
  const take = (which: Step) => {
    if (which === "wake") desk.wakes(id, true);
    if (which === "accept" || which === "take") desk.dismiss(id); // whoever takes it need not be told its offer is gone
    return step.mutateAsync({ id, step: which }).then(
      () => {
        if (which === "accept" || which === "take" || which === "wake") showMine();
      },
      (error: unknown) => {
        desk.wakes(id, false);
        void message.error(sentence(t, error));
      },
    );
  };
  const close = () =>
    modal.confirm({
      title: t("close.title"),
      content: t("close.hint", { name: conversation.customer.label }),
      okText: t("do.close"),
      cancelText: t("do.cancel"),
      onOk: () => take("close"),
    });
  const join = () =>
    modal.confirm({
      title: t("join.title"),
      content: t("join.hint", {
        customer: conversation.customer.label,
        agent: conversation.agent?.name ?? "",
      }),
      okText: t("do.join"),
      cancelText: t("do.cancel"),
      onOk: () => take("join"),
    });
  const giveBack = () =>
    modal.confirm({
      title: t("give_back.title"),
      content: t("give_back.hint", { name: conversation.customer.label }),
      okText: t("do.give_back"),
      cancelText: t("do.cancel"),
      onOk: () => take("return"),
    });
  const all: (Act | false | undefined)[] = [
    can.accept && {
      key: "accept",
      label: t("do.accept"),
      icon: "check",
      primary: true,
      do: () => void take("accept"),
    },
    can.decline && { key: "decline", label: t("do.decline"), icon: "close", do: () => void take("decline") },
    can.take &&
      !can.accept && {
        key: "take",
        label: t(conversation.status === "active" ? "do.take_over" : "do.take"),
        icon: "check",
        primary: true,
        seldom: Boolean(can.leave),
        do: () => void take("take"),
      },
    can.transfer && {
      key: "transfer",
      label: t("do.transfer"),
      icon: "transfer",
      do: () => show("transfer"),
    },
    can.leave && { key: "leave", label: t("do.leave"), icon: "out", do: () => void take("leave") },
    can.wake && {
      key: "wake",
      label: t("do.wake"),
      icon: "reopen",
      primary: true,
      do: () => void take("wake"),
    },
    can.close && { key: "close", label: t("do.close"), icon: "close", do: close },
    can.call_assistant && {
      key: "assistant",
      label: t("do.call_assistant"),
      icon: "out",
      seldom: true,
      do: () => void take("assistant"),
    },
    can.snooze && {
      key: "snooze",
      label: t("do.snooze"),
      icon: "snooze",
      seldom: true,
      do: () => show("snooze"),
    },
    can.give_back && { key: "return", label: t("do.give_back"), icon: "inbox", seldom: true, do: giveBack },
    can.join && { key: "join", label: t("do.join"), icon: "people", seldom: true, do: join },
    can.whisper && {
      key: "whisper",
      label: t("do.whisper"),
      icon: "lock",
      seldom: true,
      do: () => show("whisper"),
    },
    exports && {
      key: "export",
      label: t("do.export"),
      icon: "file",
      seldom: true,
      do: () =>
        void download(`/desk/conversations/${id}/export`, {}, `${id}.csv`).catch(
          (error: unknown) => void message.error(sentence(t, error)),
        ),
    },
    { key: "trace", label: t("do.trace"), icon: "audit", seldom: true, do: () => show("trace") },
    can.reopen && {
      key: "reopen",
      label: t("do.reopen"),
      icon: "reopen",
      primary: true,
      do: () => void take("reopen"),
    },
  ];
  return { acts: all.filter((act) => Boolean(act)) as Act[], busy: step.isPending };
}
