/**
 * Sending a file of knowledge: first to be compared, then, with the version it was compared with, to be taken.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { upload } from "../server/http";
import { knowledgeKey } from "./queries";

export interface Change {
  key: string;
  title: string;
  what: "new" | "changed" | "same";
  fields: string[];
  added: number;
  removed: number;
  publishes: boolean;
}

export interface Told {
  line: number;
  file: string;
  message: string;
}

export interface ImportReport {
  format: string;
  encoding: string;
  version: number;
  changes: Change[];
  problems: Told[];
  notes: Told[];
  more: number;
  done: boolean;
}

interface Sent {
  file: File;
  publish: boolean;
  /** Of the comparison that was shown; without it the file is only compared. */
  seen?: number;
}

export function useImport() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ file, publish, seen }: Sent) =>
      upload<ImportReport>(
        `/desk/knowledge/import?publish=${publish}${seen ? `&seen=${seen}` : ""}`,
        file,
        () => {},
      ),
    onSuccess: (report) => report.done && cache.invalidateQueries({ queryKey: knowledgeKey }),
  });
}
