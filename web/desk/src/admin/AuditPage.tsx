import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { get } from "../server/http";
import { useWords } from "../words/words";
import { AuditEntry } from "./AuditEntry";
import css from "./AuditPage.module.css";
import records from "./Records.module.css";
import type { AuditPage as Page } from "./shapes";

const useAudit = () =>
  useInfiniteQuery({
    queryKey: ["admin", "audit"],
    queryFn: ({ pageParam }) => get<Page>(`/admin/audit?limit=50${pageParam ? `&cursor=${pageParam}` : ""}`),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export function AuditPage() {
  const { t } = useWords();
  const audit = useAudit();
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("audit.title")}</h1>
          <p>{t("audit.hint")}</p>
        </div>
        <Button
          icon={<Icon name="refresh" />}
          loading={audit.isRefetching}
          onClick={() => void audit.refetch()}
        >
          {t("do.refresh")}
        </Button>
      </header>
      <div className={records.body}>
        <Lines audit={audit} />
      </div>
    </section>
  );
}

function Lines({ audit }: { audit: ReturnType<typeof useAudit> }) {
  const { t } = useWords();
  if (audit.isPending) return <Loading />;
  if (!audit.data) return <Trouble error={audit.error} again={() => void audit.refetch()} />;
  const lines = audit.data.pages.flatMap((page) => page.lines);
  if (lines.length === 0) return <Nothing icon="audit" title={t("audit.empty")} />;
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
