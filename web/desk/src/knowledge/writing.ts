/**
 * What somebody writes on an article until it is saved: kept when they look at another page, and asked about when
 * they close the window.
 */
import { useEffect, useState } from "react";
import { type Article, type Draft, draftOf } from "./shapes";

interface Begun {
  draft: Draft;
  /** Of the article it was begun on. */
  version: number;
  base: Draft;
}

/** By article, for as long as the window is open; a new one has no id. */
const unsaved = new Map<string, Begun>();
const NEW = "new";

export interface Writing {
  draft: Draft;
  version: number;
  changed: boolean;
  /** It was typed before, on an earlier visit to this page. */
  found: boolean;
  change(part: Partial<Draft>): void;
  /** The server has this now; what was typed since `sent` stays. */
  take(article: Article, sent?: Draft): void;
  /** What I wrote is to be saved on top of this one. */
  onto(article: Article): void;
  forget(): void;
}

const same = (one: Draft, other: Draft) => JSON.stringify(one) === JSON.stringify(other);

export function useWriting(article: Article | undefined, kept: Draft): Writing {
  const place = article?.id ?? NEW;
  const fresh: Begun = { draft: kept, version: article?.version ?? 0, base: kept };
  const [begun, setBegun] = useState(() => unsaved.get(place) ?? fresh);
  const [found, setFound] = useState(() => unsaved.has(place));
  const changed = !same(begun.draft, begun.base);

  useEffect(() => {
    if (changed) unsaved.set(place, begun);
    else unsaved.delete(place);
  }, [place, begun, changed]);

  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [changed]);

  // Somebody else saved, and nothing was typed here: go on from theirs.
  if (article && !changed && article.version > begun.version) setBegun(fresh);

  return {
    ...begun,
    changed,
    found: found && changed,
    change: (part) => setBegun((now) => ({ ...now, draft: { ...now.draft, ...part } })),
    take: (done, sent) => {
      unsaved.delete(place);
      setFound(false);
      setBegun((now) => {
        const base = draftOf(done);
        const stays = sent !== undefined && now.draft !== sent;
        return { base, version: done.version, draft: stays ? now.draft : base };
      });
    },
    onto: (newest) => setBegun((now) => ({ ...now, version: newest.version, base: draftOf(newest) })),
    forget: () => {
      setFound(false);
      setBegun(fresh);
    },
  };
}
