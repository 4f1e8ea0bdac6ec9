/**
 * Canned replies: those one can insert, and inserting one into a conversation.
 *
 * They are kept with the administration's records, so that a change there is seen here at once.
 */
import type { Attachment } from "@mashang/protocol";
import { useQuery } from "@tanstack/react-query";
import { get, post } from "./http";

export interface KeptPicture {
  id: string;
  name: string;
  width?: number | null;
  height?: number | null;
  animated?: boolean;
}

export interface Reply {
  id: string;
  shortcut: string;
  title: string;
  text: string;
  text_en: string;
  scope: "everybody" | "department" | "own";
  department: string | null;
  pictures: KeptPicture[];
  /** The title as it is begun in pinyin. */
  initials: string;
}

export interface Inserted {
  text: string;
  missing: string[];
  files: Attachment[];
}

export const useReplies = () =>
  useQuery({ queryKey: ["admin", "own-replies"], queryFn: () => get<Reply[]>("/desk/replies") });

export const insertReply = (conversation: string, reply: string) =>
  post<Inserted>(`/desk/conversations/${conversation}/replies/${reply}`);

export const pictureOf = (id: string) => `/api/v1/desk/replies/pictures/${id}`;

/** Those that fit what was typed: by shortcut, then by pinyin and title, then by their words. */
export function fitting<T extends Pick<Reply, "shortcut" | "title" | "text" | "initials">>(
  replies: T[],
  query: string,
): T[] {
  if (!query) return replies;
  const ranked = replies.map((reply) => ({ reply, rank: rankOf(reply, query) }));
  return ranked
    .filter(({ rank }) => rank < NOT_AT_ALL)
    .sort((one, other) => one.rank - other.rank)
    .map(({ reply }) => reply);
}

const NOT_AT_ALL = 6;

function rankOf(
  { shortcut, title, text, initials }: Pick<Reply, "shortcut" | "title" | "text" | "initials">,
  query: string,
): number {
  const fits = [
    shortcut === query,
    shortcut.startsWith(query),
    initials.startsWith(query),
    title.toLowerCase().includes(query) || shortcut.includes(query),
    initials.includes(query),
    text.toLowerCase().includes(query),
  ];
  const rank = fits.indexOf(true);
  return rank < 0 ? NOT_AT_ALL : rank;
}
