/**
 * Copies a text and says so; where the browser gives no clipboard (plain http) the text stays to be marked by hand.
 */
import { App, Button } from "antd";
import { useWords } from "../words/words";
import { Icon } from "./Icon";

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      void message.success(t("copied"));
    } catch {
      void message.warning(t("copy.by_hand"));
    }
  };
  return (
    <Button
      type="text"
      icon={<Icon name="copy" />}
      aria-label={label}
      title={label}
      onClick={() => void copy()}
    />
  );
}
