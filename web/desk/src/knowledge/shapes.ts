/**
 * The knowledge as the desk reads and writes it.
 *
 * Does not: validate; the server does, and says what is wrong.
 */
import type { Locale } from "../words/words";

export type Status = "draft" | "published" | "archived";
export type Kind = Status | "due" | "proposed" | "changed";

export interface Text {
  title: string;
  body: string;
}
export type Texts = Partial<Record<Locale, Text>>;

/** What holds as soon as it is saved; `category`, `owner` and `departments` are ids, `codes` topic codes. */
export interface Facts {
  key: string;
  category: string | null;
  valid_from: string | null;
  valid_until: string | null;
  owner: string | null;
  review_on: string | null;
  codes: string[];
  departments: string[];
  playbook: string | null;
  procedure_only: boolean;
}

export interface Draft extends Facts {
  texts: Texts;
}

export interface Phrasing {
  id: string;
  locale: Locale;
  text: string;
  source: "written" | "imported" | "starter" | "conversation" | "proposed";
  added_at: string;
  added_by: string | null;
}

export interface Article extends Draft {
  id: string;
  status: Status;
  version: number;
  draft_version: number;
  published_version: number | null;
  /** Of an archived one: which article says now what it said. */
  merged_into: string | null;
  changed_at: string;
  changed_by: string | null;
  phrasings: Phrasing[];
}

export interface ArticleRow {
  id: string;
  key: string;
  title: string;
  title_en: string;
  status: Status;
  /** Customers may be told it now. */
  told: boolean;
  changed: boolean;
  due: boolean;
  category: string | null;
  owner: string | null;
  valid_from: string | null;
  valid_until: string | null;
  review_on: string | null;
  phrasings: number;
  phrasings_en: number;
  proposed: number;
  changed_at: string;
  changed_by: string | null;
}

export interface Listed {
  articles: ArticleRow[];
  total: number;
  counts: Record<Kind, number>;
}

export interface Category {
  id: string;
  name: string;
  name_en: string;
  position: number;
  articles: number;
}

/** What became of a pasted list. */
export interface Added {
  added: Phrasing[];
  known: string[];
  elsewhere: { text: string; article: string; title: string }[];
  unusable: string[];
}

export interface Version {
  number: number;
  title: string;
  locales: Locale[];
  written_at: string;
  written_by: string | null;
  published: boolean;
  texts: Texts;
}

export interface Picture {
  id: string;
  address: string;
  width: number;
  height: number;
}

export const LOCALES: Locale[] = ["zh-CN", "en"];
export const LONGEST_TITLE = 120;
export const LONGEST_BODY = 20_000;

export const NEW_ARTICLE: Draft = {
  key: "",
  category: null,
  texts: {},
  valid_from: null,
  valid_until: null,
  owner: null,
  review_on: null,
  codes: [],
  departments: [],
  playbook: null,
  procedure_only: false,
};

export const draftOf = (article: Article): Draft => ({
  key: article.key,
  category: article.category,
  texts: article.texts,
  valid_from: article.valid_from,
  valid_until: article.valid_until,
  owner: article.owner,
  review_on: article.review_on,
  codes: article.codes,
  departments: article.departments,
  playbook: article.playbook,
  procedure_only: article.procedure_only,
});

export const titleOf = (texts: Texts): string => texts["zh-CN"]?.title || texts.en?.title || "";
