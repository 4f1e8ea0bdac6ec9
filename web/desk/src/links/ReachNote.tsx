/** A printed code that leads nowhere is found out too late: who can open these links is said before. */
import { Alert } from "antd";
import { useWords } from "../words/words";
import type { LinkSheet } from "./links";

export function ReachNote({ place: { origin, reach } }: Pick<LinkSheet, "place">) {
  const { t } = useWords();
  if (reach === "everywhere") return null;
  return <Alert type="warning" showIcon title={t(`links.reach.${reach}`, { origin })} />;
}
