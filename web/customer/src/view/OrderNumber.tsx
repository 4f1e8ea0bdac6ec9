/**
 * The number of the order that a proof is about.
 */
import { told } from "./proof_words";

export function OrderNumber({ value, change }: { value: string; change: (number: string) => void }) {
  return (
    <label>
      <span>{told("proof.order")}</span>
      <input
        class="digits"
        value={value}
        autoComplete="off"
        autoCapitalize="characters"
        spellcheck={false}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}
