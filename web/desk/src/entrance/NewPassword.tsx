/**
 * A new password and the same again, so that a slip of the hand locks nobody out.
 */
import { Form, Input } from "antd";
import { useWords } from "../words/words";

const SHORTEST = 10;

export function NewPassword({ name, label }: { name: string; label: string }) {
  const { t } = useWords();
  return (
    <>
      <Form.Item
        name={name}
        label={label}
        extra={t("password.hint", { n: SHORTEST })}
        rules={[
          { required: true, message: t("required") },
          { min: SHORTEST, message: t("password.hint", { n: SHORTEST }) },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("password.again")}
        dependencies={[name]}
        rules={[
          { required: true, message: t("required") },
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || getFieldValue(name) === value
                ? Promise.resolve()
                : Promise.reject(new Error(t("password.differs"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
