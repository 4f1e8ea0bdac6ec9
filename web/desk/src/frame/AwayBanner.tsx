/**
 * Told to whoever was set away by the product or by a supervisor: why, and the way back in one press.
 */
import { App, Button } from "antd";
import { useAvailability } from "../server/queries";
import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { Icon } from "./Icon";
import css from "./Shell.module.css";
import { sentence } from "./States";

export function AwayBanner({ me }: { me: Me }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const change = useAvailability();
  const why = ["unanswered", "supervisor"].find((reason) => me.warnings?.includes(reason));
  if (!why) return null;
  const back = () =>
    change.mutate("available", { onError: (error) => void message.error(sentence(t, error)) });
  return (
    <div className={css.away} role="alert">
      <span>
        <Icon name="warning" />{" "}
        {why === "unanswered" ? t("warning.unanswered") : t("warning.set_away", { name: me.away_by ?? "" })}
      </span>
      <Button size="small" loading={change.isPending} onClick={back}>
        {t("warning.back_online")}
      </Button>
    </div>
  );
}
