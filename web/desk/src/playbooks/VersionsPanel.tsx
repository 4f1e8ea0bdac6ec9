/**
 * The versions of a playbook: which one runs, and the way to let another run or to take its text up again.
 */
import { App, Button } from "antd";
import { Chip } from "../frame/Chip";
import { sentence } from "../frame/States";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";
import { type Playbook, textOf, usePublish, useWithdraw } from "./queries";

interface VersionsProps {
  playbook: Playbook;
  editable: boolean;
  take(text: string): void;
}

export function VersionsPanel({ playbook, editable, take }: VersionsProps) {
  const { t, locale } = useWords();
  const { message, modal } = App.useApp();
  const tell = { onError: (error: unknown) => void message.error(sentence(t, error)) };
  const publish = usePublish(playbook.key);
  const withdraw = useWithdraw(playbook.key);
  const open = (version: number) =>
    textOf(playbook.key, version).then(
      ({ source }) => take(source),
      (error: unknown) => void message.error(sentence(t, error)),
    );
  const ask = () =>
    modal.confirm({
      title: t("playbooks.withdraw.ask"),
      content: t(playbook.shipped ? "playbooks.withdraw.shipped" : "playbooks.withdraw.none"),
      okText: t("playbooks.withdraw"),
      cancelText: t("do.cancel"),
      onOk: () => withdraw.mutate(undefined, tell),
    });
  return (
    <>
      {playbook.versions.length === 0 && <p className={css.faint}>{t("playbooks.versions.none")}</p>}
      <ul className={css.versions}>
        {playbook.versions.map((one) => (
          <li key={one.version}>
            <div>
              <b>{t("playbooks.version", { n: one.version })}</b>
              {playbook.published === one.version && <Chip tone="good">{t("playbooks.version.runs")}</Chip>}
              <small>{[fullTime(locale, one.written_at), one.written_by].filter(Boolean).join(" · ")}</small>
            </div>
            <Button onClick={() => void open(one.version)}>{t("playbooks.open")}</Button>
            {editable && playbook.published !== one.version && (
              <Button loading={publish.isPending} onClick={() => publish.mutate(one.version, tell)}>
                {t("playbooks.publish")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className={css.choose}>
        {playbook.shipped && (
          <Button onClick={() => take(playbook.shipped ?? "")}>{t("playbooks.open.shipped")}</Button>
        )}
        {editable && playbook.published !== null && (
          <Button danger onClick={() => void ask()}>
            {t("playbooks.withdraw")}
          </Button>
        )}
      </div>
    </>
  );
}
