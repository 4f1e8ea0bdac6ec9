/** On whose page a link opens, where there is more than one site. */
import { Select } from "antd";
import { useRecords } from "../admin/records";
import type { Site } from "../admin/shapes";
import { useWords } from "../words/words";

export function SiteChoice({ site, choose }: { site: string; choose(site: string): void }) {
  const { t } = useWords();
  const sites = useRecords<Site>("sites").data ?? [];
  const [first] = sites;
  if (!first || sites.length < 2) return null;
  return (
    <Select
      value={site || first.id}
      aria-label={t("links.site")}
      options={sites.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={choose}
      style={{ width: "100%" }}
    />
  );
}
