/**
 * Minted codes beside the talk: those the customer gave, and those of the proved order.
 *
 * A code somebody gave is "claimed, not verified" until its owner is proved; nobody here can tell whether it exists.
 */
import { App, Button, Popconfirm } from "antd";
import { CopyButton } from "../../frame/CopyButton";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { LinkButton } from "../../links/LinkButton";
import type { Identity, OrderCode } from "../../server/beside";
import { useCodeStep } from "../../server/queries";
import { day } from "../../words/telling";
import { useWords } from "../../words/words";
import own from "./CodesCard.module.css";
import css from "./ContextPanel.module.css";
import { Part } from "./Part";

export function CodesCard({ id, identity }: { id: string; identity: Identity }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const step = useCodeStep(id);
  const failed = (error: Error) => void message.error(sentence(t, error));
  const { claimed_codes, order_codes, order_proved } = identity;
  if (claimed_codes.length === 0 && !order_proved) return null;
  return (
    <Part name="codes" title={t("codes.title")}>
      <ul className={own.codes}>
        {claimed_codes.map((claim) => (
          <li key={claim.code}>
            <code>{claim.code}</code>
            <CopyButton text={claim.code} label={t("codes.copy")} />
            <span className={own.state} data-good={Boolean(claim.verified_at)}>
              <Icon name={claim.verified_at ? "proved" : "claimed"} />{" "}
              {t(claim.verified_at ? "codes.verified" : "codes.claimed")}
            </span>
          </li>
        ))}
        {order_codes
          .filter((code) => !claimed_codes.some((claim) => claim.code === code.code && claim.verified_at))
          .map((code) => (
            <li key={code.id}>
              <Own id={id} code={code} revoke={() => step.mutate(code.id, { onError: failed })} />
            </li>
          ))}
      </ul>
      {order_proved && order_codes.every((code) => code.state !== "live") && (
        <Button
          size="small"
          loading={step.isPending}
          onClick={() => step.mutate(undefined, { onError: failed })}
        >
          {t("codes.mint")}
        </Button>
      )}
      {claimed_codes.some((claim) => !claim.verified_at) && (
        <p className={css.hint}>{t("codes.claimed.hint")}</p>
      )}
    </Part>
  );
}

function Own({ id, code, revoke }: { id: string; code: OrderCode; revoke: () => void }) {
  const { t, locale } = useWords();
  return (
    <>
      <code>{code.code}</code>
      <CopyButton text={code.code} label={t("codes.copy")} />
      {code.state === "live" && (
        <LinkButton source={{ kind: "conversation", id, code: code.id }} code={code.code} />
      )}
      <span className={own.state} data-good={code.state === "live"}>
        {code.state === "live" && code.expires_at
          ? t("codes.until", { day: day(locale, code.expires_at) })
          : t(`codes.state.${code.state}`)}
      </span>
      <Popconfirm title={t("codes.revoke.ask")} okText={t("codes.revoke")} onConfirm={revoke}>
        <Button type="text" size="small" danger>
          {t("codes.revoke")}
        </Button>
      </Popconfirm>
    </>
  );
}
