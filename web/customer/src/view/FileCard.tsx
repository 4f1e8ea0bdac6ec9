/** A file somebody sent: its name and size, and a tap to get it. */
import type { Attachment } from "@mashang/protocol";
import { useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { Icon } from "./Icon";
import { sizeOf } from "./moments";

export function FileCard({ app, file }: { app: App; file: Attachment }) {
  const [problem, setProblem] = useState(false);
  const [busy, setBusy] = useState(false);
  const fetchIt = async () => {
    setBusy(true);
    setProblem(false);
    try {
      const { url } = await app.addresses.of(file.id);
      const link = document.createElement("a");
      link.href = url;
      link.download = file.name;
      link.target = "_blank";
      link.rel = "noopener";
      link.click();
    } catch {
      setProblem(true);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="file" disabled={busy} onClick={() => void fetchIt()}>
        <FileWords name={file.name} size={file.size} />
        <Icon name="down" size={20} />
        <span class="hidden">{t("file.get")}</span>
      </button>
      {problem && (
        <p class="field-problem" role="alert">
          {t("file.not_there")}
        </p>
      )}
    </>
  );
}

export function FileFace({ name, size }: { name: string; size: number }) {
  return (
    <div class="file">
      <FileWords name={name} size={size} />
    </div>
  );
}

function FileWords({ name, size }: { name: string; size: number }) {
  return (
    <>
      <Icon name="file" size={28} />
      <span class="file-words">
        <span class="file-name" dir="auto">
          {name}
        </span>
        {size > 0 && <span class="file-size">{sizeOf(size)}</span>}
      </span>
    </>
  );
}
