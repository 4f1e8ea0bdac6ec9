/**
 * Something that is told this one time: a password, a key's secret. Can be copied; cannot be seen again.
 */
import { Button, Modal } from "antd";
import { CopyButton } from "../frame/CopyButton";
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import css from "./SecretOnce.module.css";

interface SecretOnceProps {
  open: boolean;
  title: string;
  hint: string;
  lines: [label: string, value: string][];
  close(): void;
}

export function SecretOnce({ open, title, hint, lines, close }: SecretOnceProps) {
  const { t } = useWords();
  return (
    <Modal
      open={open}
      title={title}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={close}>
          {t("secret.noted")}
        </Button>
      }
    >
      <p className={css.hint}>
        <Icon name="warning" /> {hint}
      </p>
      <dl className={css.lines}>
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{value}</code>
              <CopyButton text={value} label={t("copy.one", { name: label })} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
