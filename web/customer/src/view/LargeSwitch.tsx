/** Larger letters, or the usual ones again. */
import type { App } from "../model/app";
import { chooseLarge } from "../model/large";
import { t } from "../words";
import { Icon } from "./Icon";

export function LargeSwitch({ app, shape }: { app: App; shape: string }) {
  const { large } = app.store.state;
  return (
    <button
      type="button"
      class={`${shape} large-switch`}
      aria-pressed={large}
      onClick={() => void app.attempt(() => chooseLarge(app, !large))}
    >
      {large && <Icon name="check" size={18} />}
      {t("large")}
    </button>
  );
}
