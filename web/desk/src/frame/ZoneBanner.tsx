/**
 * Said once to whoever sits in another time zone than the shop: the desk's times are the shop's.
 */
import { Button } from "antd";
import { useState } from "react";
import { useNow } from "../live/DeskLine";
import { clock } from "../words/telling";
import { useWords } from "../words/words";
import { isElsewhere, ownZone, zone } from "../words/zone";
import { Icon } from "./Icon";
import css from "./Shell.module.css";

const KEPT = "mashang.zones-known";

export function ZoneBanner() {
  const { t, locale } = useWords();
  const now = new Date(useNow());
  const [shop, own] = [zone(), ownZone()];
  const [known, know] = useState(() => localStorage.getItem(KEPT));
  if (!isElsewhere(now) || known === `${shop} ${own}`) return null;
  const learn = () => {
    localStorage.setItem(KEPT, `${shop} ${own}`);
    know(`${shop} ${own}`);
  };
  return (
    <aside className={css.hint}>
      <span>
        <Icon name="clock" />{" "}
        {t("zone.banner", { zone: shop, now: clock(locale, now), own, here: clock(locale, now, own) })}
      </span>
      <Button size="small" onClick={learn}>
        {t("zone.known")}
      </Button>
    </aside>
  );
}
