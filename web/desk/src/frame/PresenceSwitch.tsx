/**
 * Whether new conversations may come to me: online or away, told in words beside the switch.
 */
import { App, Switch } from "antd";
import { useId } from "react";
import { useShortcut } from "../keys/shortcuts";
import { useAvailability } from "../server/queries";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import css from "./PresenceSwitch.module.css";
import { sentence } from "./States";

export function PresenceSwitch({ me }: { me: Me }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const change = useAvailability();
  const label = useId();
  const online = me.availability === "available";
  const turn = (on: boolean) =>
    change.mutate(on ? "available" : "away", {
      onError: (error) => void message.error(sentence(t, error)),
    });
  useShortcut("presence", () => turn(!online));
  return (
    <div className={css.presence} data-online={online}>
      <span id={label} className={css.label}>
        <span className="for-readers">{t("presence.label")}</span>
        <span className={css.dot} aria-hidden />
        <span className={css.word}>{online ? t("presence.online") : t("presence.away")}</span>
      </span>
      <Switch aria-labelledby={label} checked={online} loading={change.isPending} onChange={turn} />
    </div>
  );
}
