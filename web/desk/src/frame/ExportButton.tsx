/**
 * What a page shows, as a file: asked for once at a time, and a refusal is told.
 */
import { App, Button } from "antd";
import { useState } from "react";
import { download } from "../server/http";
import { useWords, type WordKey } from "../words/words";
import { Icon } from "./Icon";
import { sentence } from "./States";

interface Props {
  path: string;
  body?: object;
  file: string;
  word?: WordKey;
}

export function ExportButton({ path, body = {}, file, word = "do.export" }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const save = () => {
    setBusy(true);
    download(path, body, file)
      .catch((error: unknown) => void message.error(sentence(t, error)))
      .finally(() => setBusy(false));
  };
  return (
    <Button icon={<Icon name="file" />} onClick={save} loading={busy}>
      {t(word)}
    </Button>
  );
}
