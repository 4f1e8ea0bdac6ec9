/** A handful of emoji; phones bring their own keyboards for the rest. */
import { t } from "../words";
import { useFocusBack } from "./inside";

const EMOJI = "😊 😂 🙂 😅 😢 😭 😡 🤔 😮 👌 👍 👎 🙏 👏 💪 ✅ ❌ ❓ ❗ 💰 🎁 🎮 📱 ❤️".split(" ");

export function EmojiPanel({ choose, close }: { choose: (emoji: string) => void; close: () => void }) {
  useFocusBack();
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="emoji" role="group" aria-label={t("compose.emoji")} onKeyDown={onKey}>
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" onClick={() => choose(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
}
