/**
 * What will happen, before it does: the action, for what, where to, and the reason where the shop or the audit wants one.
 *
 * The dialog stays until the shop has answered or nobody can tell; a refusal leaves it, and what was written, as it is.
 * What a colleague pressed meanwhile is told instead of asked for again.
 */
import { App, Input, Modal } from "antd";
import { useId, useRef, useState } from "react";
import { toFirstField } from "../../frame/firstField";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import type { ActionOffer, ShopActionView } from "../../server/beside";
import { useMe, useShopAction } from "../../server/queries";
import { useWords } from "../../words/words";
import css from "./ActionDialog.module.css";
import { useStanding } from "./Actions";
import { lastDone } from "./record";

/** What the sentences name. */
export interface About {
  product: string;
  kind?: string | undefined;
  key?: string | undefined;
  to?: string | undefined;
  total?: string | undefined;
}

interface ActionDialogProps {
  id: string;
  offer: ActionOffer;
  about: About;
  /** Of this line. */
  ledger: ShopActionView[];
  open: boolean;
  close(): void;
}

/** Reissuing costs the shop a key; for a refund it helps to say why; sending again explains itself. */
const REASON = { resend: "none", reissue: "needed", refund: "welcome" } as const;
const SHORTEST = 2;
const LONGEST = 200;

export function ActionDialog({ id, offer, about, ledger, open, close }: ActionDialogProps) {
  const { t } = useWords();
  const standing = useStanding();
  const told = useToldResult();
  const act = useShopAction(id);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const isMissing = REASON[offer.action] === "needed" && reason.trim().length < SHORTEST;
  const pressed = ledger.find((one) => one.action === offer.action && one.round === offer.round);
  const meanwhile = pressed && pressed.state !== "not_done" && !act.isPending ? pressed : undefined;
  const press = () => {
    setMissing(isMissing);
    if (isMissing) return field.current?.focus();
    const { action, line, round } = offer;
    act.mutate(
      { action, line, round, reason: reason.trim() },
      {
        onSuccess: (done) => {
          close();
          told(done);
        },
      },
    );
  };
  return (
    <Modal
      open={open}
      onCancel={close}
      onOk={meanwhile ? close : press}
      title={t(lastDone(ledger, offer.action) ? `act.again.${offer.action}` : `act.${offer.action}`)}
      okText={meanwhile ? t("act.seen") : t(`act.${offer.action}`)}
      cancelText={t("do.cancel")}
      footer={(both, { OkBtn }) => (meanwhile ? <OkBtn /> : both)}
      confirmLoading={act.isPending}
      afterOpenChange={toFirstField}
      destroyOnHidden
    >
      {meanwhile ? (
        <p role="status">{standing(meanwhile)}</p>
      ) : (
        <>
          <What offer={offer} about={about} ledger={ledger} />
          {REASON[offer.action] !== "none" && (
            <Reason
              optional={REASON[offer.action] === "welcome"}
              reason={reason}
              write={setReason}
              missing={missing && isMissing}
              field={field}
            />
          )}
          {act.isPending && <p role="status">{t("act.waiting")}</p>}
          {act.isError && !act.isPending && (
            <p role="alert" className={css.error}>
              <Icon name="alert" /> {sentence(t, act.error)}
            </p>
          )}
        </>
      )}
    </Modal>
  );
}

/** What will happen, and that it happened before. */
function What({ offer, about, ledger }: { offer: ActionOffer; about: About; ledger: ShopActionView[] }) {
  const { t } = useWords();
  const standing = useStanding();
  const before = lastDone(ledger, offer.action);
  const { product, kind, key, to, total } = about;
  const what = offer.action === "resend" && kind === "top_up" ? "resend.top_up" : offer.action;
  return (
    <div className={css.what}>
      {before && <p className={css.before}>{standing(before)}</p>}
      <p>
        {t(`act.ask.${what}`, {
          product: key ? t("act.product", { product, key }) : product,
          to: to ?? t("act.to.known"),
          total: total ?? "",
        })}
      </p>
      <p className={css.hint}>{t(`act.ask.${what}.hint`)}</p>
    </div>
  );
}

interface ReasonProps {
  optional: boolean;
  reason: string;
  write(reason: string): void;
  missing: boolean;
  field: React.RefObject<HTMLTextAreaElement | null>;
}

function Reason({ optional, reason, write, missing, field }: ReasonProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <>
      <label htmlFor={id} className={css.label}>
        {t(optional ? "act.reason.optional" : "act.reason")}
      </label>
      <Input.TextArea
        id={id}
        data-first-field
        ref={(made) => {
          field.current = made?.resizableTextArea?.textArea ?? null;
        }}
        dir="auto"
        value={reason}
        maxLength={LONGEST}
        status={missing ? "error" : ""}
        aria-invalid={missing}
        aria-describedby={`${id}-hint`}
        autoSize={{ minRows: 2, maxRows: 5 }}
        onChange={(event) => write(event.target.value)}
      />
      <p id={`${id}-hint`} className={missing ? css.error : css.hint} role={missing ? "alert" : undefined}>
        {t(missing ? "required" : "act.reason.hint")}
      </p>
    </>
  );
}

/** The result in passing: the record beside it says it, too. */
function useToldResult(): (one: ShopActionView) => void {
  const { message } = App.useApp();
  const me = useMe().data;
  const standing = useStanding();
  return (one) => {
    const others = one.by === "customer" || one.by_name !== me?.name;
    const words = [standing(one), one.state === "refused" ? one.text : ""].filter(Boolean).join(" ");
    if (one.state === "done" || one.state === "accepted")
      void (others ? message.info(words) : message.success(words));
    else void message.warning(words, 8);
  };
}
