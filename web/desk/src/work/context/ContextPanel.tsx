/**
 * What stands beside the conversation: the order, what it is about, who asks, their codes and earlier matters.
 *
 * What the shop did not answer is named, with a way to ask again; nothing missing is passed over in silence.
 */
import { App, Button, Skeleton } from "antd";
import { Icon } from "../../frame/Icon";
import { sentence, Trouble } from "../../frame/States";
import { shopReason, wordFor } from "../../frame/told";
import { useNow } from "../../live/DeskLine";
import type { ContextView } from "../../server/beside";
import { Refused } from "../../server/http";
import { useContextView, useConversation, useIdentity, useRefreshContext } from "../../server/queries";
import type { Conversation } from "../../server/shapes";
import { exactClock, fullTime, shortTime } from "../../words/telling";
import { useWords } from "../../words/words";
import { CodesCard } from "./CodesCard";
import css from "./ContextPanel.module.css";
import { EarlierList } from "./EarlierList";
import { IdentityCard } from "./IdentityCard";
import { AnomalyBanners, IncidentBanners, PromotionList } from "./Incidents";
import { OrderCard, OrderList, UnansweredOrder } from "./OrderCard";
import { Part } from "./Part";
import { TopicCard } from "./TopicCard";

interface ContextPanelProps {
  id: string;
  /** Way back to the conversation, where the panel is a step of its own. */
  back?(): void;
  /** Inside a drawer that already has a title. */
  bare?: boolean;
}

export function ContextPanel({ id, back, bare }: ContextPanelProps) {
  const { t } = useWords();
  const { data: conversation, error } = useConversation(id);
  const context = useContextView(id);
  const identity = useIdentity(id);
  if (error instanceof Refused && error.status === 404)
    return <aside className={css.panel} data-bare={bare} />;
  return (
    <aside className={css.panel} data-bare={bare} aria-label={t("context.title")}>
      <header className={css.head}>
        {back && <Button type="text" icon={<Icon name="back" />} aria-label={t("do.back")} onClick={back} />}
        {!bare && <h2>{t("context.title")}</h2>}
        <Refresh id={id} view={context.data} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={css.body} tabIndex={0}>
        {context.data && <Alarms view={context.data} id={id} />}
        {context.data && conversation && <Order view={context.data} conversation={conversation} />}
        {conversation && (
          <IdentityCard
            conversation={conversation}
            account={context.data?.account}
            identity={identity.data}
          />
        )}
        {identity.data && <CodesCard id={id} identity={identity.data} />}
        {context.isError && !context.data && (
          <Trouble error={context.error} again={() => void context.refetch()} />
        )}
        {conversation && <TopicCard conversation={conversation} />}
        {context.data && conversation && <Around view={context.data} conversation={conversation} />}
        {context.isPending && (
          <div className={css.coming}>
            <Skeleton active title={false} paragraph={{ rows: 5 }} />
          </div>
        )}
      </div>
    </aside>
  );
}

function Refresh({ id, view }: { id: string; view: ContextView | undefined }) {
  const { t, locale } = useWords();
  const { message } = App.useApp();
  const now = useNow();
  const refresh = useRefreshContext(id);
  const asking = refresh.isPending || view?.status === "asking";
  const answered = view?.answered_at;
  return (
    <span className={css.refresh}>
      {answered && (
        <time dateTime={answered} title={fullTime(locale, answered)}>
          {t("context.as_of", { time: shortTime(locale, t, answered, now) })}
        </time>
      )}
      <Button
        type="text"
        size="small"
        icon={<Icon name="refresh" />}
        aria-label={t("context.refresh")}
        title={t("context.refresh")}
        loading={asking}
        onClick={() =>
          refresh.mutate(undefined, { onError: (error) => void message.error(sentence(t, error)) })
        }
      />
    </span>
  );
}

/** What must not be overlooked stands above everything. */
function Alarms({ view, id }: { view: ContextView; id: string }) {
  return (
    <div className={css.alarms}>
      <AnomalyBanners anomalies={[view.order?.anomaly, ...(view.reported ?? [])]} />
      <Missing view={view} id={id} />
      <IncidentBanners id={id} incidents={view.incidents} />
    </div>
  );
}

/** The order it is about stands first: it is what an agent reads before the first word. */
function Order({ view, conversation }: { view: ContextView; conversation: Conversation }) {
  const { order } = view;
  // One of another conversation or order must not find the dialog of the former open.
  if (order)
    return (
      <OrderCard key={`${conversation.id} ${order.number}`} id={conversation.id} order={order} view={view} />
    );
  if (view.status !== "asking") return <ClaimedOrder view={view} conversation={conversation} />;
  return conversation.order_number ? <Asking /> : null;
}

/** What else the shop and we know of whoever asks. */
function Around({ view, conversation }: { view: ContextView; conversation: Conversation }) {
  const others = view.orders?.filter((order) => order.number !== view.order?.number) ?? [];
  return (
    <>
      {view.status === "asking" && !conversation.order_number && <Asking />}
      {others.length > 0 && <OrderList orders={others} folded={Boolean(view.order)} />}
      <EarlierList earlier={view.earlier ?? []} />
      <PromotionList promotions={view.promotions} />
    </>
  );
}

function Asking() {
  const { t } = useWords();
  return (
    <div role="status" className={css.coming}>
      <p className={css.asking}>{t("context.asking")}</p>
      <Skeleton active title={false} paragraph={{ rows: 4 }} />
    </div>
  );
}

/** The shop was silent, wholly or in parts: which, and a button to ask again. */
function Missing({ view, id }: { view: ContextView; id: string }) {
  const { t, locale } = useWords();
  const now = useNow();
  const refresh = useRefreshContext(id);
  const missing = view.missing ?? [];
  if (view.status !== "unanswered" && missing.length === 0) return null;
  const spared = view.retry_at && Date.parse(view.retry_at) > now ? view.retry_at : undefined;
  const named = missing.map((part) => {
    const word = wordFor("part", part, undefined);
    return word ? t(word) : part;
  });
  return (
    <div className={css.missing} role="note">
      <Icon name="offline" />
      <p>
        <b>{t(view.reason ? shopReason(view.reason) : "context.unanswered")}</b>
        {named.length > 0 && <span>{t("context.missing", { parts: named.join(t("list.separator")) })}</span>}
        {spared && <span>{t("context.retry_at", { time: exactClock(locale, spared) })}</span>}
      </p>
      <Button
        size="small"
        loading={refresh.isPending}
        disabled={Boolean(spared)}
        onClick={() => refresh.mutate()}
      >
        {t("do.retry")}
      </Button>
    </div>
  );
}

/** A number somebody gave: it proves nothing, so nothing of that order is shown. */
function ClaimedOrder({ view, conversation }: { view: ContextView; conversation: Conversation }) {
  const { t } = useWords();
  const number = view.claimed_order?.number ?? conversation.order_number;
  if (!number) return null;
  if (view.issued?.length || view.actions?.length) return <UnansweredOrder number={number} view={view} />;
  const silent = view.status === "unanswered" || view.missing?.includes("order");
  return (
    <Part name="order" title={t("order.title")}>
      <p>
        <code>{number}</code> <span className={css.claimed}>{t("order.claimed")}</span>
      </p>
      <p className={css.hint}>{t(silent ? "order.claimed.silent" : "order.claimed.hint")}</p>
    </Part>
  );
}
