/**
 * What the shop knows to be wrong now, above everything else; and what it offers, below.
 */
import { App, Button } from "antd";
import type { ReactNode } from "react";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import type { Anomaly, Incident, Promotion } from "../../server/beside";
import { useMarkAffected } from "../../server/queries";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./ContextPanel.module.css";
import own from "./Incidents.module.css";
import { Part } from "./Part";

interface AnomalyBannersProps {
  anomalies: (Anomaly | null | undefined)[];
}

/** Of the order it is about: as the order says, and as the shop told by itself. */
export function AnomalyBanners({ anomalies }: AnomalyBannersProps) {
  const { t, locale } = useWords();
  return anomalies.map(
    (anomaly) =>
      anomaly && (
        <Banner
          key={anomaly.kind ?? anomaly.text}
          level="bad"
          title={anomaly.text}
          label={t("incident.order")}
        >
          {anomaly.since && t("incident.since", { time: fullTime(locale, anomaly.since) })}
        </Banner>
      ),
  );
}

interface IncidentBannersProps {
  /** Of the conversation. */
  id: string;
  incidents: Incident[];
}

/** What concerns this conversation is told; what does not is named, and can be marked where it does all the same. */
export function IncidentBanners({ id, incidents }: IncidentBannersProps) {
  return incidents.map((incident) =>
    incident.affected || incident.concerns ? (
      <Concerned key={incident.id} id={id} incident={incident} />
    ) : (
      <p key={incident.id} className={own.other}>
        <Icon name="info" />
        <span className={`${own.named} one-line`} title={incident.title}>
          {incident.title}
        </span>
        <Mark id={id} incident={incident} />
      </p>
    ),
  );
}

function Concerned({ id, incident }: { id: string; incident: Incident }) {
  const { t, locale } = useWords();
  const { state, source, starts_at, ends_at, closed_at, affected, by } = incident;
  const over = closed_at ?? ends_at;
  const when =
    state === "over" && over
      ? t("incident.over_at", { time: fullTime(locale, over) })
      : state === "announced"
        ? t("incident.starts", { time: fullTime(locale, starts_at) })
        : ends_at
          ? t("incident.until", { time: fullTime(locale, ends_at) })
          : t("incident.since", { time: fullTime(locale, starts_at) });
  return (
    <Banner
      level={state === "over" ? "past" : "warn"}
      title={incident.title}
      label={t(source === "shop" ? "incident.shop" : "incident.ours")}
    >
      {incident.text && <span className={own.text}>{incident.text}</span>}
      <span>{when}</span>
      <span className={own.mark}>
        {affected && (
          <b>
            <Icon name="check" /> {by ? t("incident.affected.by", { name: by }) : t("incident.affected")}
          </b>
        )}
        <Mark id={id} incident={incident} />
      </span>
    </Banner>
  );
}

const MARK = { word: "incident.mark", of: "incident.mark.of", hint: "incident.mark.hint" } as const;
const UNMARK = { word: "incident.unmark", of: "incident.unmark.of", hint: "incident.unmark.hint" } as const;

/** Marked, its customer hears when it is over. */
function Mark({ id, incident }: { id: string; incident: Incident }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const mark = useMarkAffected(id);
  if (incident.state === "over") return null;
  const words = incident.affected ? UNMARK : MARK;
  return (
    <Button
      size="small"
      loading={mark.isPending}
      aria-label={t(words.of, { title: incident.title })}
      title={t(words.hint)}
      onClick={() =>
        mark.mutate(
          { incident: incident.id, affected: !incident.affected },
          { onError: (error) => void message.error(sentence(t, error)) },
        )
      }
    >
      {t(words.word)}
    </Button>
  );
}

interface BannerProps {
  level: "bad" | "warn" | "past";
  label: string;
  title: string;
  children: ReactNode;
}

function Banner({ level, label, title, children }: BannerProps) {
  return (
    <div className={own.banner} data-level={level} role="note">
      <Icon name={level === "bad" ? "alert" : "warning"} />
      <div>
        <span className={own.label}>{label}</span>
        <p className={own.title}>{title}</p>
        <div className={own.more}>{children}</div>
      </div>
    </div>
  );
}

export function PromotionList({ promotions }: { promotions: Promotion[] | null | undefined }) {
  const { t, locale } = useWords();
  if (!promotions?.length) return null;
  return (
    <Part name="promotions" title={t("promotion.title")} brief={<span>{promotions.length}</span>} folded>
      <ul className={own.promotions}>
        {promotions.map((promotion) => (
          <li key={promotion.id}>
            <b>{promotion.title}</b>
            {promotion.text && <p>{promotion.text}</p>}
            {promotion.ends_at && (
              <p className={css.hint}>{t("incident.until", { time: fullTime(locale, promotion.ends_at) })}</p>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
