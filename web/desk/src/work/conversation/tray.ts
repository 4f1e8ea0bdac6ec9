/**
 * What is attached and not sent yet: each file uploads at once and waits beside the text.
 *
 * A failed upload keeps its place with the reason and can be tried again. Does not: send (Composer does).
 */
import type { Attachment } from "@mashang/protocol";
import { useEffect, useRef, useState } from "react";
import { sentence } from "../../frame/States";
import { upload } from "../../server/http";
import { filesOf } from "../../server/queries";
import { useWords } from "../../words/words";

export interface TrayItem {
  key: string;
  file: File;
  preview?: string;
  progress: number;
  state: "uploading" | "ready" | "failed";
  reason?: string;
  attachment?: Attachment;
}

export interface Tray {
  items: TrayItem[];
  add(files: File[]): void;
  retry(key: string): void;
  remove(key: string): void;
  clear(): void;
}

export function useTray(conversation: string): Tray {
  const { t } = useWords();
  const [items, setItems] = useState<TrayItem[]>([]);
  const held = useRef(items);
  held.current = items;
  useEffect(() => () => held.current.forEach(release), []);

  const patch = (key: string, change: Partial<TrayItem>) =>
    setItems((all) => all.map((item) => (item.key === key ? { ...item, ...change } : item)));
  const start = (item: TrayItem) =>
    upload<Attachment>(filesOf(conversation), item.file, (progress) => patch(item.key, { progress })).then(
      (attachment) => patch(item.key, { state: "ready", attachment }),
      (error: unknown) => patch(item.key, { state: "failed", reason: sentence(t, error) }),
    );
  const drop = (keys: string[]) =>
    setItems((all) => {
      all.filter((item) => keys.includes(item.key)).forEach(release);
      return all.filter((item) => !keys.includes(item.key));
    });
  return {
    items,
    add: (files) => {
      const added = files.map(begin);
      setItems((all) => [...all, ...added]);
      for (const item of added) void start(item);
    },
    retry: (key) => {
      const item = items.find((one) => one.key === key);
      if (!item) return;
      patch(key, { state: "uploading", progress: 0 });
      void start(item);
    },
    remove: (key) => drop([key]),
    clear: () => drop(items.filter((item) => item.state === "ready").map((item) => item.key)),
  };
}

function begin(file: File): TrayItem {
  const item: TrayItem = { key: crypto.randomUUID(), file, progress: 0, state: "uploading" };
  return file.type.startsWith("image/") ? { ...item, preview: URL.createObjectURL(file) } : item;
}

function release(item: TrayItem): void {
  if (item.preview) URL.revokeObjectURL(item.preview);
}
