/**
 * All articles by category: in which state, valid when, asked for in how many ways, and what is to be done.
 */
import { App, Button, Flex, Input, Pagination, Select, Table } from "antd";
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import records from "../admin/Records.module.css";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, sentence, Trouble } from "../frame/States";
import { useWords } from "../words/words";
import css from "./ArticleList.module.css";
import { CategoriesDialog } from "./CategoriesDialog";
import { NO_CATEGORY, useCategoryName, useCategoryOptions } from "./categories";
import { type Shown, useColumns } from "./columns";
import { useArticles, useBegin, type Wanted } from "./queries";
import { Shelf } from "./Shelf";
import { SilenceNote } from "./SilenceNote";
import type { Kind, Listed } from "./shapes";

const PAGE = 50;
const KINDS: Kind[] = ["published", "draft", "changed", "due", "proposed", "archived"];
const ALL: Wanted = { text: "", category: "", kind: "", skip: 0 };

export function ArticleList({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState(ALL);
  const [shelves, setShelves] = useState(false);
  const query = useArticles(wanted);
  const narrow = (part: Partial<Wanted>) => setWanted({ ...wanted, skip: 0, ...part });
  return (
    <Shelf
      title={t("knowledge.title")}
      hint={t("knowledge.hint")}
      ways={
        editable && (
          <>
            <Button onClick={() => go("/knowledge/gaps")}>{t("gaps.title")}</Button>
            <Button onClick={() => go("/knowledge/transfer")}>{t("exchange.title")}</Button>
            <Button onClick={() => go("/knowledge/doctor")}>{t("doctor.title")}</Button>
            <Button onClick={() => setShelves(true)}>{t("knowledge.categories")}</Button>
            <Button type="primary" icon={<Icon name="plus" />} onClick={() => go("/knowledge/new")}>
              {t("knowledge.add")}
            </Button>
          </>
        )
      }
    >
      {editable && <SilenceNote whenOn />}
      <Narrow wanted={wanted} narrow={narrow} counts={query.data?.counts} />
      <div className={`${records.body} ${css.body}`}>
        {query.data ? (
          <Found
            data={query.data}
            wanted={wanted}
            narrow={narrow}
            add={editable ? () => go("/knowledge/new") : undefined}
          />
        ) : query.isPending ? (
          <Loading />
        ) : (
          <Trouble error={query.error} again={() => void query.refetch()} />
        )}
      </div>
      <CategoriesDialog open={shelves} close={() => setShelves(false)} />
    </Shelf>
  );
}

interface NarrowProps {
  wanted: Wanted;
  narrow(part: Partial<Wanted>): void;
  counts: Listed["counts"] | undefined;
}

function Narrow({ wanted, narrow, counts }: NarrowProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState(wanted.text);
  const options = useCategoryOptions();
  const kinds = KINDS.filter((kind) => counts?.[kind] || kind === wanted.kind);
  return (
    <search className={css.narrow}>
      <Input.Search
        className={css.words}
        allowClear
        maxLength={100}
        value={typed}
        aria-label={t("knowledge.search")}
        placeholder={t("knowledge.search")}
        onChange={(event) => setTyped(event.target.value)}
        onSearch={(text) => narrow({ text })}
      />
      <Select
        className={css.category}
        aria-label={t("knowledge.category")}
        value={wanted.category}
        onChange={(category) => narrow({ category })}
        options={[
          { value: "", label: t("knowledge.category.all") },
          ...options,
          { value: NO_CATEGORY, label: t("knowledge.category.none") },
        ]}
      />
      <fieldset className={css.kinds}>
        <legend className="for-readers">{t("knowledge.state")}</legend>
        {(["", ...kinds] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={wanted.kind === kind}
            data-todo={kind === "due" || kind === "proposed"}
            onClick={() => narrow({ kind })}
          >
            {kind ? t(`knowledge.kind.${kind}`) : t("knowledge.kind.all")}
            {kind && <b>{counts?.[kind] ?? 0}</b>}
          </button>
        ))}
      </fieldset>
    </search>
  );
}

interface FoundProps {
  data: Listed;
  wanted: Wanted;
  narrow(part: Partial<Wanted>): void;
  add: (() => void) | undefined;
}

function Found({ data, wanted, narrow, add }: FoundProps) {
  const { t } = useWords();
  const [, go] = useLocation();
  const columns = useColumns((id) => go(`/knowledge/${id}`));
  const nameOf = useCategoryName();
  if (data.articles.length === 0) return <None wanted={wanted} narrow={narrow} add={add} />;
  const shown: Shown[] = data.articles.flatMap((row, at) => {
    const starts = at === 0 || data.articles[at - 1]?.category !== row.category;
    return starts ? [{ id: `of-${row.category}`, heading: nameOf(row.category) }, row] : [row];
  });
  return (
    <>
      <Table<Shown> rowKey="id" dataSource={shown} columns={columns} pagination={false} />
      {data.total > PAGE && (
        <Pagination
          className={css.pages ?? ""}
          current={wanted.skip / PAGE + 1}
          pageSize={PAGE}
          total={data.total}
          showSizeChanger={false}
          showTotal={(n) => t("knowledge.total", { n })}
          onChange={(page) => narrow({ skip: (page - 1) * PAGE })}
        />
      )}
    </>
  );
}

function None({ wanted, narrow, add }: Omit<FoundProps, "data">): ReactNode {
  const { t } = useWords();
  if (wanted.text || wanted.category || wanted.kind)
    return (
      <Nothing icon="search" title={t("knowledge.nothing_found")} hint={t("knowledge.nothing_found.hint")}>
        <Button onClick={() => narrow(ALL)}>{t("knowledge.show_all")}</Button>
      </Nothing>
    );
  return (
    <Nothing
      icon="book"
      title={t("knowledge.empty")}
      hint={t(add ? "knowledge.empty.begin" : "knowledge.empty.hint")}
    >
      {add && <Begin add={add} />}
    </Nothing>
  );
}

/** With the starter knowledge, or with an article of one's own. */
function Begin({ add }: { add(): void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const begin = useBegin();
  return (
    <Flex gap="small" wrap justify="center">
      <Button
        type="primary"
        loading={begin.isPending}
        onClick={() =>
          begin.mutate(undefined, {
            onSuccess: ({ articles }) => void message.success(t("knowledge.begun", { n: articles }), 6),
            onError: (error) => void message.error(sentence(t, error), 6),
          })
        }
      >
        {t("knowledge.begin")}
      </Button>
      <Button onClick={add}>{t("knowledge.add")}</Button>
    </Flex>
  );
}
