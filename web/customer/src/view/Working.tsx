/** That the assistant is at work, where it takes longer than a moment; an answer that never comes is not promised for ever. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../words";

const A_MOMENT_MS = 400;
const GIVEN_UP_MS = 20_000;

/** `heard`: the number of the words it has not answered yet. */
export function Working({ heard }: { heard: number | null }) {
  const [shown, show] = useState<number | null>(null);
  useEffect(() => {
    if (heard === null) return;
    const begin = setTimeout(() => show(heard), A_MOMENT_MS);
    const end = setTimeout(() => show(null), GIVEN_UP_MS);
    return () => {
      clearTimeout(begin);
      clearTimeout(end);
    };
  }, [heard]);
  if (heard === null || shown !== heard) return null;
  return (
    <p class="typing">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t("assistant.working")}
    </p>
  );
}
