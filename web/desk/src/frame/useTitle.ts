import { useEffect } from "react";
import { useDesk } from "../live/DeskLine";
import { rowsOf } from "../live/rows";
import { useStore } from "../live/store";
import { useRows } from "../server/queries";
import { useWords } from "../words/words";

/** The tab's title counts what waits for this agent: open offers and unread messages. */
export function useTitle() {
  const { t } = useWords();
  const offers = useStore(useDesk().offers).length;
  const unread = rowsOf(useRows("mine").data).reduce((sum, row) => sum + row.unread, 0);
  useEffect(() => {
    const name = offers ? t("title.offer") : t("title");
    document.title = offers + unread ? `(${offers + unread}) ${name}` : name;
  }, [t, offers, unread]);
}
