/**
 * Copies a text and says so. Where the browser gives no clipboard (plain http) it is copied by selecting it, and where
 * that is not allowed either, the text stands in the message, to be marked by hand.
 */
import { App, Button } from "antd";
import { useEffect, useState } from "react";
import { useWords } from "../words/words";
import { Icon } from "./Icon";

const SEEN_MS = 3_000;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SEEN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const done = await handedOver(text);
    setCopied(done);
    void (done ? message.success(t("copied")) : message.warning(t("copy.by_hand"), 8));
  };
  return (
    <Button
      type="text"
      icon={<Icon name={copied ? "check" : "copy"} />}
      aria-label={label}
      title={label}
      onClick={() => void copy()}
    />
  );
}

async function handedOver(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selectedAndCopied(text);
  }
}

function selectedAndCopied(text: string): boolean {
  const before = document.activeElement as HTMLElement | null;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "for-readers";
  (before?.closest("[role=dialog]") ?? document.body).append(field); // a dialog keeps the focus to itself
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus({ preventScroll: true });
  return done;
}
