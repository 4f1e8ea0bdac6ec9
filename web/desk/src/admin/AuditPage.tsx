/**
 * The audit: who changed what, when, and what it was before; of one person, one kind of thing or one day.
 */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { ZoneNote } from "../frame/ZoneNote";
import { get } from "../server/http";
import { useWords } from "../words/words";
import { AuditEntry } from "./AuditEntry";
import css from "./AuditPage.module.css";
import records from "./Records.module.css";
import { useRecords } from "./records";
import type { AuditPage as Page, Person } from "./shapes";

interface Wanted {
  by: string;
  about: string;
  day: string;
}

const ANY: Wanted = { by: "", about: "", day: "" };
const SYSTEM = "system";
const KINDS = [
  "agent",
  "second_factor",
  "password_link",
  "department",
  "hours",
  "patience",
  "assistant",
  "voice",
  "language_model",
  "gap",
  "board",
  "topic",
  "code",
  "campaign",
  "reply",
  "macro",
  "view",
  "conversation",
  "customer",
  "site",
  "shop",
  "provider",
  "demo",
] as const;

const useAudit = (wanted: Wanted) =>
  useInfiniteQuery({
    queryKey: ["admin", "audit", wanted],
    queryFn: ({ pageParam }) => {
      const asked = Object.entries({ ...wanted, cursor: pageParam ? String(pageParam) : "" });
      const query = new URLSearchParams(asked.filter(([, value]) => value));
      return get<Page>(`/admin/audit?limit=50&${query}`);
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export function AuditPage() {
  const { t } = useWords();
  const [wanted, want] = useState(ANY);
  const audit = useAudit(wanted);
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("audit.title")}</h1>
          <p>
            {t("audit.hint")} <ZoneNote />
          </p>
        </div>
        <Button
          icon={<Icon name="refresh" />}
          loading={audit.isRefetching}
          onClick={() => void audit.refetch()}
        >
          {t("do.refresh")}
        </Button>
      </header>
      <Filters wanted={wanted} change={(part) => want((now) => ({ ...now, ...part }))} />
      <div className={records.body}>
        <Lines audit={audit} filtered={wanted !== ANY} />
      </div>
    </section>
  );
}

function Filters({ wanted, change }: { wanted: Wanted; change(part: Partial<Wanted>): void }) {
  const { t } = useWords();
  const people = useRecords<Person>("people").data ?? [];
  return (
    <search className={css.filters} aria-label={t("audit.title")}>
      <Select
        aria-label={t("audit.by")}
        value={wanted.by}
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        options={[
          { value: "", label: t("audit.anybody") },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
          { value: SYSTEM, label: t("audit.system") },
        ]}
        onChange={(by) => change({ by })}
      />
      <Select
        aria-label={t("audit.about")}
        value={wanted.about}
        popupMatchSelectWidth={false}
        options={[
          { value: "", label: t("audit.anything") },
          ...KINDS.map((kind) => ({ value: kind as string, label: t(`audit.about.${kind}`) })),
        ]}
        onChange={(about) => change({ about })}
      />
      <Input
        type="date"
        aria-label={t("audit.day")}
        value={wanted.day}
        onChange={(event) => change({ day: event.target.value })}
      />
    </search>
  );
}

function Lines({ audit, filtered }: { audit: ReturnType<typeof useAudit>; filtered: boolean }) {
  const { t } = useWords();
  if (audit.isPending) return <Loading />;
  if (!audit.data) return <Trouble error={audit.error} again={() => void audit.refetch()} />;
  const lines = audit.data.pages.flatMap((page) => page.lines);
  if (lines.length === 0)
    return <Nothing icon="audit" title={t(filtered ? "audit.nothing" : "audit.empty")} />;
  return (
    <>
      <ol className={css.lines}>
        {lines.map((line) => (
          <AuditEntry key={line.id} line={line} />
        ))}
      </ol>
      {audit.hasNextPage && (
        <p className={css.more}>
          <Button loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t("do.load_more")}
          </Button>
        </p>
      )}
    </>
  );
}
