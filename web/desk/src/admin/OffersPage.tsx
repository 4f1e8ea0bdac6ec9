/**
 * Offers: when the shop's pages recommend which code, in the order in which the rules are asked, and what came of it.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, type GetRef, InputNumber, Switch } from "antd";
import { useEffect, useRef } from "react";
import { sentence } from "../frame/States";
import { put, Refused } from "../server/http";
import { type Tell, useWords } from "../words/words";
import { EditDrawer } from "./EditDrawer";
import { useEditing } from "./editing";
import { OfferFields } from "./OfferFields";
import { OfferLimitsCard } from "./OfferLimitsCard";
import css from "./OffersPage.module.css";
import { draftOf, NEW_OFFER, type OfferDraft, type OfferRule, sentOf, type When } from "./offers";
import { type Column, Records, RowName } from "./Records";
import { recordsKey, useRecords } from "./records";

const STEP = 10;

export function OffersPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const query = useRecords<OfferRule>("offer-rules");
  const editing = useEditing<OfferRule>();
  const { row } = editing;
  const last = query.data?.[query.data.length - 1];
  return (
    <>
      <Records
        title={t("offers.title")}
        hint={t("offers.hint")}
        empty={t("offers.empty")}
        icon="bell"
        query={query}
        columns={useColumns(editing.start, editable)}
        add={editable ? t("offers.add") : undefined}
        open={editing.start}
        below={<OfferLimitsCard editable={editable} />}
      />
      <EditDrawer<OfferDraft, OfferRule>
        {...editing}
        kind="offer-rules"
        editable={editable}
        id={row?.id}
        size={600}
        title={row ? row.name : t("offers.add")}
        initial={
          row
            ? { ...draftOf(row), position: row.position, is_on: row.is_on }
            : { ...NEW_OFFER, position: last ? last.position + STEP : 0 }
        }
        draft={sentOf}
        rename={{ when: "places" }}
        archive={{
          title: t("offers.archive", { name: row?.name ?? "" }),
          hint: t("offers.archive.hint"),
        }}
      >
        <OfferFields isNew={!row} />
        {row && <Versions rule={row} />}
      </EditDrawer>
    </>
  );
}

/** What each wording achieved. */
function Versions({ rule }: { rule: OfferRule }) {
  const { t } = useWords();
  return (
    <details className={css.versions}>
      <summary>{t("offers.versions", { n: rule.figures.length })}</summary>
      <ul>
        {rule.figures.map((one) => (
          <li key={one.version}>
            {t("offers.version", { n: one.version })} <Figured figures={one} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Figured({ figures }: { figures: OfferRule["figures"][number] | undefined }) {
  const { t } = useWords();
  if (!figures || figures.shown === 0) return <span className={css.detail}>{t("offers.none_shown")}</span>;
  const { shown, taken, dismissed, talks } = figures;
  return <span className={css.figures}>{t("offers.figures", { shown, taken, dismissed, talks })}</span>;
}

function useColumns(open: (row: OfferRule) => void, editable: boolean): Column<OfferRule>[] {
  const { t, locale } = useWords();
  return [
    {
      key: "name",
      title: t("offers.rule"),
      show: (row) => (
        <RowName
          name={row.name}
          detail={(locale === "en" && row.text_en) || row.text}
          open={() => open(row)}
        />
      ),
    },
    { key: "code", title: t("topic.code"), width: 84, from: "sm", show: (row) => <code>{row.code}</code> },
    { key: "when", title: t("offers.when"), from: "lg", show: (row) => told(t, row.when) },
    {
      key: "figures",
      title: t("offers.became"),
      width: 220,
      from: "md",
      show: (row) => <Figured figures={row.figures[0]} />,
    },
    {
      key: "is_on",
      title: t("offers.on"),
      width: 84,
      show: (row) => <OnSwitch rule={row} editable={editable} />,
    },
  ];
}

/** The conditions in a few words, as they are read in a row. */
function told(t: Tell, when: When): string {
  const { places = [], anomalies = [], tiers = [], balance_below, days_after_delivery, asked } = when;
  return [
    places.length > 0 && t("offers.told.places", { places: places.join(" ") }),
    when.before_sale && t("offers.before_sale"),
    balance_below && t("offers.told.balance", { amount: balance_below.amount }),
    days_after_delivery && t("offers.told.days", { n: days_after_delivery }),
    anomalies.length > 0 && t("offers.told.anomalies"),
    tiers.length > 0 && t("offers.told.tiers", { tiers: tiers.join(" ") }),
    asked && t("offers.told.asked", { code: asked.code, n: asked.times }),
  ]
    .filter(Boolean)
    .join(t("list.separator"));
}

function OnSwitch({ rule, editable }: { rule: OfferRule; editable: boolean }) {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const cache = useQueryClient();
  const button = useRef<HTMLButtonElement>(null);
  const turn = useMutation({
    mutationFn: (confirmed: { is_on: boolean; confirmed?: number }) =>
      put(
        `/admin/offer-rules/${rule.id}`,
        sentOf({ ...draftOf(rule), position: rule.position, ...confirmed }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: recordsKey("offer-rules") }),
  });
  const failed = (error: unknown) => void message.error(sentence(t, error), 6);
  const change = async (is_on: boolean) => {
    if (turn.isPending) return;
    try {
      await turn.mutateAsync({ is_on });
    } catch (error) {
      if (error instanceof Refused && error.code === "rule_too_wide") confirm(error);
      else failed(error);
    }
  };
  /** Stays open until the number is right or nobody wants it any more. */
  const confirm = (refused: Refused) => {
    let confirmed = 0;
    const go = (close: () => void) => void turn.mutateAsync({ is_on: true, confirmed }).then(close, failed);
    const dialog = modal.confirm({
      title: t("offers.wide"),
      content: (
        <>
          <p>{refused.message}</p>
          <HowMany
            write={(value) => {
              confirmed = value;
            }}
            enter={() => go(dialog.destroy)}
          />
        </>
      ),
      autoFocusButton: null,
      okText: t("offers.turn_on"),
      cancelText: t("do.cancel"),
      onOk: (close: () => void) => go(close),
      afterClose: () => button.current?.focus(),
    });
  };
  return (
    <Switch
      ref={button}
      checked={rule.is_on}
      disabled={!editable}
      aria-label={t("offers.on.of", { name: rule.name })}
      onChange={(is_on) => void change(is_on)}
    />
  );
}

function HowMany({ write, enter }: { write(value: number): void; enter(): void }) {
  const { t } = useWords();
  const field = useRef<GetRef<typeof InputNumber>>(null);
  useEffect(() => field.current?.focus(), []); // not autoFocus: the library puts the dialog into the page after it
  return (
    <InputNumber
      ref={field}
      aria-label={t("offers.confirmed")}
      min={0}
      precision={0}
      onChange={(value) => write(Number(value ?? 0))}
      onPressEnter={enter}
    />
  );
}
