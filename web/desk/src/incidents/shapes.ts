/** Incidents as their page has them. */
import type { IncidentState } from "../server/beside";

export interface IncidentRow {
  id: string;
  source: "operator" | "shop";
  /** Whose sites it is for; null: every site. */
  shop: string | null;
  title: string;
  title_en: string;
  text: string;
  text_en: string;
  starts_at: string;
  ends_at: string | null;
  codes: string[];
  /** Codes among them that no topic has. */
  unknown: string[];
  state: IncidentState;
  closed_at: string | null;
  closed_by: "operator" | "shop" | "time" | null;
  quiet: boolean;
  /** What the affected were told at the end or, before it, the sentence prepared for them. */
  end_text: string;
  end_text_en: string;
  version: number;
  counts: { affected: number; told: number; ended_told: number; reaches: number };
}

export interface IncidentDraft {
  title: string;
  title_en: string;
  text: string;
  text_en: string;
  starts_at: string | null;
  ends_at: string | null;
  codes: string[];
  shop?: string | null;
  version?: number;
}

export const NEW_INCIDENT: IncidentDraft = {
  title: "",
  title_en: "",
  text: "",
  text_en: "",
  starts_at: null,
  ends_at: null,
  codes: [],
};
