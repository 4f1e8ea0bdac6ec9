/**
 * Macros: what agents do again and again in one breath, under one name.
 */
import { Form, Input, Segmented, Select } from "antd";
import type { Macro, MacroSteps } from "../server/macros";
import type { Reply } from "../server/replies";
import { useWords } from "../words/words";
import { stepsOf } from "../work/conversation/writing/macroMenu";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { DepartmentField, Line, Paragraph } from "./fields";
import { type Column, Records, RowName } from "./Records";
import { useRecords } from "./records";

type Ending = "none" | "transfer" | "close";

interface MacroDraft {
  shortcut: string;
  title: string;
  reply?: string | null;
  note: string;
  ending: Ending;
  department?: string | null;
  transfer_note: string;
}

const NEW: MacroDraft = { shortcut: "", title: "", note: "", ending: "none", transfer_note: "" };
const ENDINGS: Ending[] = ["none", "transfer", "close"];

export function MacrosPage() {
  const { t } = useWords();
  const editing = useEditing<Macro>();
  const { row } = editing;
  return (
    <>
      <Records
        title={t("macros.title")}
        hint={t("macros.hint")}
        empty={t("macros.empty")}
        icon="transfer"
        query={useRecords<Macro>("macros")}
        columns={useColumns(editing.start)}
        add={t("macros.add")}
        open={editing.start}
      />
      <EditDrawer<MacroDraft, Macro>
        {...editing}
        kind="macros"
        editable
        id={row?.id}
        title={row ? row.title : t("macros.add")}
        initial={row ? draftOf(row) : NEW}
        draft={sent}
        archive={{ title: t("macros.archive", { name: row?.title ?? "" }), hint: t("macros.archive.hint") }}
      >
        <MacroFields />
      </EditDrawer>
    </>
  );
}

function draftOf({ shortcut, title, steps }: Macro): MacroDraft {
  const ending = steps.close ? "close" : steps.department ? "transfer" : "none";
  const { reply = null, note = "", department = null, transfer_note = "" } = steps;
  return { shortcut, title, reply, note, ending, department, transfer_note };
}

/** Without what belongs to an ending that was not chosen. */
function sent({ shortcut, title, reply, note, ending, department, transfer_note }: MacroDraft) {
  const steps: MacroSteps = { reply: reply ?? null, note, close: ending === "close" };
  return {
    shortcut,
    title,
    steps: ending === "transfer" ? { ...steps, department: department ?? null, transfer_note } : steps,
  };
}

function MacroFields() {
  const { t } = useWords();
  const ending = Form.useWatch<Ending>("ending");
  const replies = useRecords<Reply>("replies").data ?? [];
  return (
    <>
      <Form.Item
        name="shortcut"
        label={t("replies.shortcut")}
        required
        rules={[
          { required: true, message: t("required") },
          { pattern: /^[^\s/\uff0f\u3001]+$/, message: t("replies.shortcut.form") },
        ]}
      >
        <Input prefix="/" maxLength={20} />
      </Form.Item>
      <Line name="title" label={t("macros.name")} longest={40} required />
      <Form.Item name="reply" label={t("macros.step.reply")} extra={t("macros.reply.hint")}>
        <Select
          allowClear
          placeholder={t("macros.no_reply")}
          options={replies.map(({ id, shortcut, title }) => ({ value: id, label: `/${shortcut} ${title}` }))}
        />
      </Form.Item>
      <Paragraph name="note" label={t("macros.step.note")} longest={2000} />
      <Form.Item
        name="ending"
        label={t("macros.ending")}
        dependencies={["reply", "note"]}
        rules={[
          ({ getFieldsValue }) => ({
            validator: async () => {
              const { reply, note, ending } = getFieldsValue() as MacroDraft;
              if (!reply && !note?.trim() && ending === "none") throw new Error(t("invalid.steps.missing"));
            },
          }),
        ]}
      >
        <Segmented<Ending>
          aria-label={t("macros.ending")}
          options={ENDINGS.map((value) => ({ value, label: t(`macros.ending.${value}`) }))}
        />
      </Form.Item>
      {ending === "transfer" && (
        <>
          <DepartmentField />
          <Paragraph name="transfer_note" label={t("macros.transfer_note")} longest={2000} />
        </>
      )}
    </>
  );
}

function useColumns(open: (row: Macro) => void): Column<Macro>[] {
  const { t } = useWords();
  return [
    {
      key: "shortcut",
      title: t("replies.shortcut"),
      width: 112,
      show: (row) => <code>/{row.shortcut}</code>,
    },
    {
      key: "title",
      title: t("macros.name"),
      show: (row) => <RowName name={row.title} open={() => open(row)} />,
    },
    { key: "steps", title: t("macros.steps"), from: "sm", show: (row) => stepsOf(t, row) },
  ];
}
