/**
 * The form of one service code.
 */
import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input, Select, Switch } from "antd";
import { get } from "../server/http";
import type { Topic, TopicPart } from "../server/shapes";
import { useWords } from "../words/words";
import { DepartmentField, Line, Paragraph, PositionField } from "./fields";
import { IconPicker } from "./IconPicker";

export type TopicDraft = Omit<Topic, "id" | "department"> & { department: string | undefined };

export function TopicFields() {
  const { t } = useWords();
  return (
    <>
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
      <Line name="name" label={t("field.name")} longest={40} required />
      <Line name="name_en" label={t("field.name_en")} hint={t("field.name_en.hint")} longest={60} />
      <Form.Item name="icon" label={t("topic.icon")}>
        <IconPicker />
      </Form.Item>
      <DepartmentField />
      <Form.Item name="aliases" label={t("topic.aliases")} extra={t("topic.aliases.hint")}>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[",", "\uff0c", "\u3001", ";", "\uff1b"]}
          placeholder={t("topic.aliases.placeholder")}
        />
      </Form.Item>
      <ContextParts />
      <Paragraph name="greeting" label={t("topic.greeting")} hint={t("topic.greeting.hint")} longest={500} />
      <Paragraph name="greeting_en" label={t("topic.greeting_en")} longest={500} />
      <Form.Item name="shown" label={t("topic.shown")} extra={t("topic.shown.hint")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <PositionField />
    </>
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
