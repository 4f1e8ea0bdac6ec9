/** While the assistant answers: that it is no person, and that one is a tap away. */
import type { App } from "../model/app";
import { t } from "../words";
import { Icon } from "./Icon";

export function PersonBar({ app, conversation }: { app: App; conversation: string }) {
  return (
    <section class="person-bar" aria-label={t("assistant")}>
      <span class="quiet">{t("assistant.note")}</span>
      <button type="button" class="small-action" onClick={() => app.outbox.callPerson(conversation)}>
        <Icon name="headset" size={18} />
        {t("person.call")}
      </button>
    </section>
  );
}
