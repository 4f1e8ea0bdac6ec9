/**
 * Finding anything: what was said, who asked, about which order, with which code. Open everywhere with / or Ctrl K.
 *
 * One types; the hits stand in groups and the arrow keys walk through all of them; Enter opens. What was said opens
 * at that very entry.
 *
 * Does not: decide who may find what (the server does).
 */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Input, Modal } from "antd";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useLocation } from "wouter";
import { toFirstField } from "../../frame/firstField";
import { Icon } from "../../frame/Icon";
import { Loading, Nothing, Trouble } from "../../frame/States";
import { useWidth } from "../../look/useWidth";
import { get } from "../../server/http";
import type { Found } from "../../server/shapes";
import { useWords } from "../../words/words";
import { type Group, groupsOf, type Hit } from "./groups";
import css from "./SearchDialog.module.css";
import { searching, useSearchOpen } from "./searching";

const REST = 200;

export function SearchDialog() {
  const open = useSearchOpen();
  const { t } = useWords();
  const width = useWidth();
  return (
    <Modal
      open={open}
      onCancel={() => searching.set(false)}
      footer={null}
      title={t("search.title")}
      width={width === "phone" ? "100%" : 640}
      style={{ top: width === "phone" ? 8 : 72 }}
      afterOpenChange={toFirstField}
      destroyOnHidden
    >
      <Search />
    </Modal>
  );
}

function Search() {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const asked = useRested(typed.trim());
  const enough = asked.split(/\s+/).some((word) => [...word].length > 1);
  const found = useFound(asked, enough);
  const open = useOpening(() => !found.isFetchingNextPage && void found.fetchNextPage());
  const { groups, walk, list, at } = useWalk(enough ? found.data : undefined, asked, open);
  return (
    <>
      <Input
        data-first-field
        size="large"
        maxLength={100}
        prefix={<Icon name="search" />}
        placeholder={t("search.hint")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={walk}
        role="combobox"
        aria-label={t("search.title")}
        aria-expanded={groups.length > 0}
        aria-controls={list}
        aria-activedescendant={groups.length > 0 ? `${list}-${at}` : undefined}
      />
      <div className={css.found} data-settling={found.isPlaceholderData}>
        {!enough && <p className={css.hint}>{t(asked ? "search.too_short" : "search.what")}</p>}
        {enough && found.isPending && <Loading />}
        {enough && found.isError && <Trouble error={found.error} again={() => void found.refetch()} />}
        {enough && found.isSuccess && groups.length === 0 && (
          <Nothing icon="search" title={t("search.nothing")} hint={t("search.nothing.hint")} />
        )}
        <Groups groups={groups} list={list} at={at} open={open} />
      </div>
      <p className="for-readers" role="status">
        {enough &&
          found.isSuccess &&
          t("search.count", { n: groups.flatMap((one) => one.hits).filter(({ href }) => href).length })}
      </p>
    </>
  );
}

/** The first page has everything; those behind it only more conversations. */
function useFound(asked: string, enough: boolean) {
  const q = encodeURIComponent(asked);
  return useInfiniteQuery({
    queryKey: ["search", asked],
    queryFn: ({ pageParam }) =>
      get<Found>(pageParam ? `/desk/search/talks?q=${q}&cursor=${pageParam}` : `/desk/search?q=${q}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    select: ({ pages }): Found | undefined =>
      pages[0] && {
        ...pages[0],
        talks: pages.flatMap((page) => page.talks),
        next: pages.at(-1)?.next ?? null,
      },
    enabled: enough,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
}

/** Leads where a hit leads, or brings more. */
function useOpening(more: () => void) {
  const [, go] = useLocation();
  return ({ href }: Hit) => {
    if (!href) return more();
    searching.set(false);
    go(href);
  };
}

/** What was typed, once the fingers rest. */
function useRested(typed: string): string {
  const [rested, setRested] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setRested(typed), REST);
    return () => clearTimeout(timer);
  }, [typed]);
  return rested;
}

function useWalk(found: Found | undefined, asked: string, open: (hit: Hit) => void) {
  const { t, locale } = useWords();
  const list = useId();
  const [{ at, of }, setAt] = useState({ at: 0, of: asked });
  const groups = found ? groupsOf(found, t, locale) : [];
  const hits = groups.flatMap((group) => group.hits);
  const here = of === asked ? Math.min(at, Math.max(0, hits.length - 1)) : 0;
  const walk = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const hit = hits[here];
    if (event.key === "Enter" && hit) return open(hit);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (!step || hits.length === 0) return;
    event.preventDefault();
    const next = (here + step + hits.length) % hits.length;
    setAt({ at: next, of: asked });
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  return { groups, walk, list, at: here };
}

interface GroupsProps {
  groups: Group[];
  list: string;
  at: number;
  open(hit: Hit): void;
}

function Groups({ groups, list, at, open }: GroupsProps) {
  const { t } = useWords();
  let number = 0;
  return (
    <div id={list} role="listbox" aria-label={t("search.title")}>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
        <div key={group.name} role="group" aria-label={group.name} className={css.group}>
          <p className={css.name} aria-hidden>
            {group.name}
          </p>
          {group.hits.map((hit) => {
            const own = number++;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the field, which keeps the focus
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              <div
                key={hit.key}
                id={`${list}-${own}`}
                role="option"
                aria-selected={own === at}
                className={css.hit}
                onClick={() => open(hit)}
              >
                {hit.shown}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
