/**
 * For whoever must have a second factor and has none: setting it up comes before anything else.
 */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { SetUpFactor } from "../account/SetUpFactor";
import { post } from "../server/http";
import { keys } from "../server/queries";
import { useWords } from "../words/words";
import { Entrance } from "./Entrance";
import css from "./Entrance.module.css";

export function SecondFactorPage() {
  const { t } = useWords();
  const cache = useQueryClient();
  const again = () => void cache.resetQueries({ queryKey: keys.me });
  return (
    <Entrance title={t("factor.must.title")} hint={t("factor.must.hint")}>
      <div className={css.steps}>
        <SetUpFactor done={again} />
      </div>
      <p className={css.forgot}>
        <Button
          type="link"
          style={{ paddingInline: 0 }}
          onClick={() => void post("/staff/sign-out").finally(again)}
        >
          {t("me.sign_out")}
        </Button>
      </p>
    </Entrance>
  );
}
