/**
 * Handing a conversation on: to a department, to one person or to a tier, with a note only colleagues see.
 *
 * Shows who is there and has room, so that nobody is sent to an empty desk unknowingly.
 */
import { App, Input, Modal, Segmented } from "antd";
import { useId, useState } from "react";
import { Icon } from "../../frame/Icon";
import { Loading, Nothing, sentence, Trouble } from "../../frame/States";
import { useDirectory, useTransfer } from "../../server/queries";
import type { Directory, Me, Row, Tier } from "../../server/shapes";
import { type Tell, useWords } from "../../words/words";
import { useClose } from "../useColumns";
import css from "./TransferDialog.module.css";

type Kind = "department" | "agent" | "tier";

interface Target {
  id: string;
  name: string;
  detail: string;
  there: boolean;
}

interface TransferDialogProps {
  conversation: Row;
  me: Me;
  open: boolean;
  close(): void;
}

export function TransferDialog({ conversation, me, open, close }: TransferDialogProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [kind, setKind] = useState<Kind>("department");
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const transfer = useTransfer(conversation.id);
  const leave = useClose();
  const send = () =>
    transfer.mutateAsync({ [kind]: kind === "tier" ? Number(to) : to, note: note.trim() }).then(
      () => {
        void message.success(t("transfer.done"));
        close();
        // Whoever only serves is done with it; who oversees stays and sees where it goes.
        if (me.role === "agent") leave(conversation.id);
      },
      (error: unknown) => void message.error(sentence(t, error)),
    );
  return (
    <Modal
      open={open}
      onCancel={close}
      onOk={() => void send()}
      title={t("transfer.title", { name: conversation.customer.label })}
      okText={t("do.transfer")}
      cancelText={t("do.cancel")}
      okButtonProps={{ disabled: !to }}
      confirmLoading={transfer.isPending}
      afterClose={() => {
        setTo("");
        setNote("");
      }}
      destroyOnHidden
    >
      <div className={css.form}>
        <Segmented<Kind>
          block
          aria-label={t("transfer.kind")}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setTo("");
          }}
          options={[
            { value: "department", label: t("transfer.department") },
            { value: "agent", label: t("transfer.agent") },
            { value: "tier", label: t("transfer.tier") },
          ]}
        />
        <Targets conversation={conversation} kind={kind} to={to} choose={setTo} open={open} />
        <NoteField note={note} write={setNote} />
      </div>
    </Modal>
  );
}

function NoteField({ note, write }: { note: string; write(note: string): void }) {
  const { t } = useWords();
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className={css.label}>
        {t("transfer.note")}
      </label>
      <Input.TextArea
        id={id}
        value={note}
        onChange={(event) => write(event.target.value)}
        maxLength={2000}
        autoSize={{ minRows: 2, maxRows: 6 }}
        placeholder={t("transfer.note.hint")}
      />
    </div>
  );
}

interface TargetsProps {
  conversation: Row;
  kind: Kind;
  to: string;
  open: boolean;
  choose(id: string): void;
}

function Targets({ conversation, kind, to, open, choose }: TargetsProps) {
  const { t } = useWords();
  const directory = useDirectory(open);
  if (directory.isPending) return <Loading />;
  if (!directory.data) return <Trouble error={directory.error} again={() => void directory.refetch()} />;
  const targets = TARGETS[kind](directory.data, conversation, t);
  if (targets.length === 0)
    return <Nothing icon="people" title={t("transfer.nobody")} hint={t("transfer.nobody.hint")} />;
  return (
    <fieldset className={css.targets}>
      <legend className="for-readers">{t(`transfer.${kind}`)}</legend>
      {targets.map((target) => (
        <label key={target.id} className={css.target}>
          <input
            type="radio"
            name="transfer-to"
            value={target.id}
            checked={to === target.id}
            onChange={() => choose(target.id)}
          />
          <span className={css.name}>{target.name}</span>
          <span className={css.detail} data-there={target.there}>
            <Icon name={target.there ? "check" : "offline"} /> {target.detail}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const TARGETS: Record<Kind, (directory: Directory, conversation: Row, t: Tell) => Target[]> = {
  department: departments,
  agent: agents,
  tier: tiers,
};

const ABOVE: Tier[] = [2, 3];

/** Senior and expert, of the same department; whoever has it now is not counted. */
function tiers(directory: Directory, conversation: Row, t: Tell): Target[] {
  return ABOVE.map((tier) => {
    const there = directory.agents.filter(
      (agent) =>
        agent.tier >= tier &&
        agent.online &&
        agent.availability === "available" &&
        agent.id !== conversation.agent?.id &&
        agent.departments.includes(conversation.department.id),
    );
    const free = there.reduce((sum, agent) => sum + agent.free, 0);
    return {
      id: String(tier),
      name: t("transfer.tier.n", { tier: t(`topic.tier.${tier}`) }),
      there: there.length > 0,
      detail: there.length > 0 ? t("transfer.online", { online: there.length, free }) : t("transfer.offline"),
    };
  });
}

function departments(directory: Directory, conversation: Row, t: Tell): Target[] {
  return directory.departments
    .filter(({ id }) => id !== conversation.department.id || conversation.agent)
    .map(({ id, name, online, capacity_free }) => ({
      id,
      name: id === conversation.department.id ? t("transfer.same", { name }) : name,
      there: online > 0,
      detail: online > 0 ? t("transfer.online", { online, free: capacity_free }) : t("transfer.offline"),
    }));
}

function agents(directory: Directory, conversation: Row, t: Tell): Target[] {
  return directory.agents
    .filter(({ id }) => id !== conversation.agent?.id)
    .map((agent) => {
      const there = agent.online && agent.availability === "available";
      const detail = there ? t("transfer.free", { n: agent.free }) : t("presence.away");
      return { id: agent.id, name: agent.name, there, detail };
    })
    .sort((one, other) => Number(other.there) - Number(one.there));
}
