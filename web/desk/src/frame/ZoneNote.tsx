/**
 * Beside a time that one types or compares: whose clock it is, said only where this browser's shows something else.
 */
import { useWords } from "../words/words";
import { isElsewhere, zone } from "../words/zone";

export function ZoneNote() {
  const { t } = useWords();
  return isElsewhere() ? <span>{t("zone.note", { zone: zone() })}</span> : null;
}
