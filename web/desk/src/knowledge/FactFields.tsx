/**
 * What holds of an article as soon as it is saved, whatever its text: where it belongs, when it is valid, who minds it.
 */
import { Button, Checkbox, Form, Input, Select } from "antd";
import { type ReactNode, useId } from "react";
import { useDepartmentOptions } from "../admin/fields";
import { useTopicOptions } from "../admin/records";
import { Choice } from "../frame/Choice";
import { ZoneNote } from "../frame/ZoneNote";
import { usePlaybookOptions } from "../playbooks/options";
import { useDirectory } from "../server/queries";
import { useWords } from "../words/words";
import { typedForm, typedInstant } from "../words/zone";
import css from "./Article.module.css";
import { useCategoryOptions } from "./categories";
import { dayFromNow } from "./days";
import type { Facts } from "./shapes";

interface FactFieldsProps {
  facts: Facts;
  change(part: Partial<Facts>): void;
}

export function FactFields({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  return (
    <Form layout="vertical" component="div" className={css.facts ?? ""}>
      <p className={css.faint}>{t("knowledge.facts.hint")}</p>
      <div className={css.two}>
        <Category facts={facts} change={change} />
        <Owner facts={facts} change={change} />
        <Validity facts={facts} change={change} />
        <Review facts={facts} change={change} />
        <Belongs facts={facts} change={change} />
        <Names facts={facts} change={change} />
      </div>
      <Checkbox
        checked={facts.procedure_only}
        onChange={(event) => change({ procedure_only: event.target.checked })}
      >
        {t("knowledge.procedure_only")}
      </Checkbox>
      <p className={css.faint}>{t("knowledge.procedure_only.hint")}</p>
    </Form>
  );
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  children(id: string): ReactNode;
}

function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  return (
    <Form.Item label={label} htmlFor={id} extra={hint}>
      {children(id)}
    </Form.Item>
  );
}

function Category({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  const options = useCategoryOptions();
  return (
    <Field label={t("knowledge.category")}>
      {(id) => (
        <Select
          id={id}
          allowClear
          placeholder={t("knowledge.category.none")}
          notFoundContent={t("knowledge.categories.empty")}
          value={facts.category}
          onChange={(category: string | undefined) => change({ category: category ?? null })}
          options={options}
        />
      )}
    </Field>
  );
}

function Owner({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  const { data, isPending } = useDirectory(true);
  const people = isPending ? undefined : (data?.agents ?? []);
  return (
    <Field label={t("knowledge.owner")} hint={t("knowledge.owner.hint")}>
      {(id) => (
        <Choice
          id={id}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("field.choose")}
          value={facts.owner}
          onChange={(owner: string | undefined) => change({ owner: owner ?? null })}
          options={people?.map(({ id: value, name }) => ({ value, label: name }))}
        />
      )}
    </Field>
  );
}

const SOON = [30, 90, 180];

function Review({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  return (
    <Field
      label={t("knowledge.review")}
      hint={
        <span className={css.soon}>
          {SOON.map((days) => (
            <Button key={days} size="small" onClick={() => change({ review_on: dayFromNow(days) })}>
              {t("knowledge.review.in", { n: days })}
            </Button>
          ))}
        </span>
      }
    >
      {(id) => (
        <Input
          id={id}
          type="date"
          style={{ maxWidth: 200 }}
          value={facts.review_on ?? ""}
          onChange={(event) => change({ review_on: event.target.value || null })}
        />
      )}
    </Field>
  );
}

function Validity({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  return (
    <>
      {(["valid_from", "valid_until"] as const).map((name) => (
        <Field
          key={name}
          label={t(name === "valid_from" ? "knowledge.from" : "knowledge.until")}
          hint={
            <>
              {t(name === "valid_from" ? "knowledge.from.hint" : "knowledge.until.hint")} <ZoneNote />
            </>
          }
        >
          {(id) => (
            <Input
              id={id}
              type="datetime-local"
              style={{ maxWidth: 260 }}
              value={facts[name] ? typedForm(facts[name]) : ""}
              onChange={(event) =>
                change({ [name]: typedInstant(event.target.value)?.toISOString() ?? null })
              }
            />
          )}
        </Field>
      ))}
    </>
  );
}

function Belongs({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  const departments = useDepartmentOptions();
  const topics = useTopicOptions();
  return (
    <>
      <Field label={t("knowledge.codes")} hint={t("knowledge.codes.hint")}>
        {(id) => (
          <Choice<string[]>
            id={id}
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("knowledge.any")}
            value={facts.codes}
            onChange={(codes: string[]) => change({ codes })}
            options={topics}
          />
        )}
      </Field>
      <Field label={t("knowledge.departments")}>
        {(id) => (
          <Choice<string[]>
            id={id}
            mode="multiple"
            placeholder={t("knowledge.any")}
            value={facts.departments}
            onChange={(chosen: string[]) => change({ departments: chosen })}
            options={departments}
          />
        )}
      </Field>
    </>
  );
}

function Names({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  return (
    <>
      <Field label={t("knowledge.key")} hint={t("knowledge.key.hint")}>
        {(id) => (
          <Input
            id={id}
            maxLength={80}
            placeholder={t("knowledge.key.example")}
            value={facts.key}
            onChange={(event) =>
              change({ key: event.target.value.toLowerCase().replace(/[^a-z0-9-]/g, "-") })
            }
          />
        )}
      </Field>
      <PlaybookField facts={facts} change={change} />
    </>
  );
}

/** One of those there are; one that has gone since stays until another is chosen. */
function PlaybookField({ facts, change }: FactFieldsProps) {
  const { t } = useWords();
  const running = usePlaybookOptions();
  const key = facts.playbook;
  const options =
    !running || !key || running.some(({ value }) => value === key)
      ? running
      : [{ value: key, label: key }, ...running];
  return (
    <Field label={t("knowledge.playbook")} hint={t("knowledge.playbook.hint")}>
      {(id) => (
        <Choice
          id={id}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("knowledge.playbook.none")}
          value={key}
          onChange={(chosen: string | undefined) => change({ playbook: chosen ?? null })}
          options={options}
        />
      )}
    </Field>
  );
}
