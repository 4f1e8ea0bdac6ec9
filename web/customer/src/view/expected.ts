/**
 * How long one will probably wait, as people say it: about 3–6 minutes, less than a minute, over an hour.
 */
import type { ExpectedWait } from "@mashang/protocol";
import { t } from "../words";

const HOUR = 60;

export function expected({ low_minutes: low, high_minutes: high }: ExpectedWait): string {
  if (high <= 1) return t("wait.under_a_minute");
  if (low >= HOUR) return t("wait.over_an_hour");
  if (high > HOUR) return t("wait.perhaps_over_an_hour", { low });
  return low === high ? t("wait.minutes", { minutes: high }) : t("wait.range", { low, high });
}
