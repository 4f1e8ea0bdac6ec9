/**
 * What a code answers before anybody queues: nothing, an article, words of its own, or a playbook.
 *
 * Does not: check that the article is there; the server does when the code is saved.
 */
import { Form, Input, Select } from "antd";
import { Choice } from "../frame/Choice";
import { ArticleChoice } from "../knowledge/ArticleChoice";
import { usePlaybookOptions } from "../playbooks/options";
import { useWords } from "../words/words";
import { FieldGroup } from "./FieldGroup";
import { Paragraph } from "./fields";

const WAYS = ["", "article", "template", "playbook"] as const;
type Way = (typeof WAYS)[number];
const LONGEST = 2000;

export function AnswerFields() {
  const { t } = useWords();
  const way: Way = Form.useWatch("answers_with") ?? "";
  return (
    <FieldGroup title={t("topic.group.answer")} hint={t("topic.group.answer.hint")}>
      <Form.Item name="answers_with" label={t("topic.answers_with")}>
        <Select
          options={WAYS.map((value) => ({ value, label: t(`topic.answers_with.${value || "none"}`) }))}
        />
      </Form.Item>
      {way === "article" && <ArticleField />}
      {way === "playbook" && <PlaybookField />}
      {way === "template" && (
        <>
          <Form.Item
            name="answer_text"
            label={t("topic.answer_text")}
            required
            rules={[{ required: true, whitespace: true, message: t("required") }]}
          >
            <Input.TextArea maxLength={LONGEST} autoSize={{ minRows: 3, maxRows: 8 }} showCount />
          </Form.Item>
          <Paragraph name="answer_text_en" label={t("topic.answer_text_en")} longest={LONGEST} />
        </>
      )}
    </FieldGroup>
  );
}

function ArticleField() {
  const { t } = useWords();
  return (
    <Form.Item
      name="answer_key"
      label={t("topic.answer_article")}
      extra={t("topic.answer_article.hint")}
      required
      rules={[{ required: true, message: t("required") }]}
      getValueProps={(key: string) => ({ value: key || undefined })}
    >
      <ArticleChoice by="key" placeholder={t("topic.answer_article.placeholder")} />
    </Form.Item>
  );
}

function PlaybookField() {
  const { t } = useWords();
  const options = usePlaybookOptions();
  return (
    <Form.Item
      name="answer_key"
      label={t("topic.answer_playbook")}
      extra={t("topic.answer_playbook.hint")}
      required
      rules={[{ required: true, message: t("required") }]}
    >
      <Choice showSearch={{ optionFilterProp: "label" }} options={options} />
    </Form.Item>
  );
}
