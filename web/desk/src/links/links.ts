/**
 * Links and QR codes as the server draws them, asked for by public id: no address ever holds a minted code.
 */
import { useQuery } from "@tanstack/react-query";
import { get } from "../server/http";
import { useWords } from "../words/words";

/** Whose codes: all topics, those of the campaign that one code belongs to, or one of a conversation's order. */
export type Source =
  | { kind: "topics" }
  | { kind: "campaign"; id: string }
  | { kind: "conversation"; id: string; code: string };

export interface CodeLink {
  code: string;
  name: string;
  url: string;
  /** A data address of an SVG. */
  picture: string;
}

export interface LinkSheet {
  place: {
    origin: string;
    reach: "everywhere" | "unset" | "private" | "loopback";
    title: string;
    site: string;
  };
  links: CodeLink[];
}

export function useLinks(source: Source, site = "") {
  const { locale } = useWords(); // names stand in the pictures
  const path = pathOf(source, site);
  return useQuery({ queryKey: ["links", locale, path], queryFn: () => get<LinkSheet>(path), gcTime: 0 });
}

function pathOf(source: Source, site: string): string {
  const asked = new URLSearchParams();
  if (site) asked.set("site", site);
  if (source.kind === "conversation") return `/desk/conversations/${source.id}/codes/${source.code}/link`;
  if (source.kind === "campaign") asked.set("code", source.id);
  return `/admin/code-links/${source.kind === "topics" ? "topics" : "campaigns"}?${asked}`;
}

/** The page that prints them; `only` is a topic's code, which is public. */
export function printAddress(source: Source, site = "", only = ""): string {
  const asked = new URLSearchParams();
  if (site) asked.set("site", site);
  if (only) asked.set("only", only);
  const place =
    source.kind === "topics" ? [] : source.kind === "campaign" ? [source.id] : [source.id, source.code];
  const query = asked.toString();
  return `/desk/print/${[source.kind, ...place].join("/")}${query ? `?${query}` : ""}`;
}

/** Which codes a print address means; null for none. */
export function sourceAt(place: string): Source | null {
  const [kind, id, code] = place.split("/");
  if (kind === "topics") return { kind };
  if (kind === "campaign" && id) return { kind, id };
  return kind === "conversation" && id && code ? { kind, id, code } : null;
}
