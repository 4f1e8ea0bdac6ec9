/**
 * The form of one service code, in the order an operator thinks of it: what it is called, how it is recognised,
 * whom it reaches, what it answers by itself, what is ready before the first word, and how long it lasts.
 */
import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input, Segmented, Switch } from "antd";
import { Choice } from "../frame/Choice";
import { get } from "../server/http";
import { useWords } from "../words/words";
import { AnswerFields } from "./AnswerFields";
import { FieldGroup } from "./FieldGroup";
import { DepartmentField, Line, Paragraph, PositionField, Tags, TierOptions } from "./fields";
import { IconPicker } from "./IconPicker";
import { MomentField } from "./MomentField";
import { useTopicOptions } from "./records";
import type { Topic, TopicPart } from "./shapes";
import { TopicWarnings } from "./TopicWarnings";
import { TryDraft } from "./TryCode";

export type TopicDraft = Omit<Topic, "id" | "department"> & { department: string | undefined };

const PRIORITIES = [0, 1, 2, 3] as const;

export function TopicFields({ id }: { id?: string | undefined }) {
  return (
    <>
      <Naming id={id} />
      <Recognising id={id} />
      <Reaching />
      <AnswerFields />
      <Preparing />
      <Lasting id={id} />
    </>
  );
}

function Naming({ id }: { id: string | undefined }) {
  const { t } = useWords();
  return (
    <FieldGroup title={t("topic.group.name")}>
      <Form.Item
        name="code"
        label={t("topic.code")}
        extra={t("topic.code.hint")}
        required
        normalize={(typed: string) => typed.toUpperCase()}
        rules={[
          { required: true, whitespace: true, message: t("required") },
          { pattern: /^[A-Z0-9]{2,8}$/, message: t("invalid.code") },
        ]}
      >
        <Input maxLength={8} autoCapitalize="characters" autoComplete="off" spellCheck={false} />
      </Form.Item>
      <TopicWarnings id={id} />
      <Line name="name" label={t("field.name")} longest={40} required />
      <Line name="name_en" label={t("field.name_en")} hint={t("field.name_en.hint")} longest={60} />
      <Form.Item name="icon" label={t("topic.icon")}>
        <IconPicker />
      </Form.Item>
      <Form.Item name="shown" label={t("topic.shown")} extra={t("topic.shown.hint")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <PositionField />
    </FieldGroup>
  );
}

function Recognising({ id }: { id: string | undefined }) {
  const { t } = useWords();
  return (
    <FieldGroup title={t("topic.group.words")} hint={t("topic.group.words.hint")}>
      <Tags
        name="aliases"
        label={t("topic.aliases")}
        hint={t("topic.aliases.hint")}
        placeholder={t("topic.aliases.placeholder")}
      />
      <Form.Item
        name="takes_reference"
        label={t("topic.takes_reference")}
        extra={t("topic.takes_reference.hint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <TryDraft id={id} />
    </FieldGroup>
  );
}

function Reaching() {
  const { t } = useWords();
  return (
    <FieldGroup title={t("topic.group.who")}>
      <DepartmentField />
      <Form.Item name="required_tier" label={t("topic.tier")} extra={t("topic.tier.hint")}>
        <TierOptions aria-label={t("topic.tier")} />
      </Form.Item>
      <Tags
        name="skills"
        label={t("topic.skills")}
        hint={t("topic.skills.hint")}
        placeholder={t("topic.skills.placeholder")}
      />
      <Form.Item name="priority" label={t("topic.priority")} extra={t("topic.priority.hint")}>
        <Segmented
          aria-label={t("topic.priority")}
          options={PRIORITIES.map((value) => ({ value, label: t(`topic.priority.${value}`) }))}
        />
      </Form.Item>
    </FieldGroup>
  );
}

function Preparing() {
  const { t } = useWords();
  return (
    <FieldGroup title={t("topic.group.ready")}>
      <ContextParts />
      <Paragraph name="greeting" label={t("topic.greeting")} hint={t("topic.greeting.hint")} longest={500} />
      <Paragraph name="greeting_en" label={t("topic.greeting_en")} longest={500} />
    </FieldGroup>
  );
}

function Lasting({ id }: { id: string | undefined }) {
  const { t } = useWords();
  return (
    <FieldGroup title={t("topic.group.time")}>
      <MomentField name="expires_at" label={t("topic.expires_at")} hint={t("topic.expires_at.hint")} />
      <SuccessorField id={id} />
      <TopicWarnings id={id} following />
    </FieldGroup>
  );
}

/** Any other code that can be taken now; one that has ended since it was named stays. */
export function SuccessorField({ id }: { id: string | undefined }) {
  const { t } = useWords();
  return (
    <Form.Item
      name="successor"
      label={t("topic.successor")}
      extra={t("topic.successor.hint")}
      normalize={(code: string | undefined) => code ?? null}
    >
      <Choice
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        options={useTopicOptions(
          (topic) => topic.id !== id && (!topic.expires_at || Date.parse(topic.expires_at) > Date.now()),
        )}
        placeholder={t("topic.successor.none")}
      />
    </Form.Item>
  );
}

function ContextParts() {
  const { t, locale } = useWords();
  const parts = useQuery({
    queryKey: ["topic-parts", locale],
    queryFn: () => get<TopicPart[]>("/admin/topics/parts"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Form.Item name="context" label={t("topic.context")} extra={t("topic.context.hint")}>
      <Checkbox.Group
        style={{ display: "grid", gap: 8 }}
        options={(parts.data ?? []).map(({ name, label }) => ({ value: name, label }))}
      />
    </Form.Item>
  );
}
