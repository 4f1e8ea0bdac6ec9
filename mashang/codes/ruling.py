"""What the operator's rules offer on this page of the shop to whoever looks at it: at most one line, or nothing.

Told in order.  What is known here is looked up first; a rule that cannot fit by that costs the shop nothing.  What only
the shop knows (balance, orders, promotions) is asked when an offer is about to be made, in less than two seconds for
all of it; no answer, no offer.  The first rule in the operator's order that fits wins, and what was shown is kept in
the same transaction that looks at the limits once more, so that two pages opened at once make one offer.

Matters come before rules and do not pass here (`offering`).  Does not: judge (`offer_judging`), or draw (the loader).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from mashang import customers
from mashang.codes import offer_rules
from mashang.codes.offer_judging import Delivered, Facts, Limits, Shown, due_order, is_quiet, judge, rests
from mashang.codes.offer_rules import Rule
from mashang.codes.offering import Asker, Offer
from mashang.codes.suggesting import REMEMBERED
from mashang.codes.topics import index
from mashang.customers import Customer
from mashang.customers import customer as accounts
from mashang.kit import clock, ids
from mashang.kit.db import Database, Tx
from mashang.kit.i18n import sentence
from mashang.shops import asking, contract, matters
from mashang.shops.adapters import Shops
from mashang.shops.connector import Connector, ShopFailed
from mashang.shops.questions import Ask, ask_all
from mashang.staff import installation

_WITHIN = 1.8  # seconds
_NEVER = datetime.max.replace(tzinfo=UTC)
_LOOKED_THROUGH = 3  # orders that came, newest first


class Looker(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks: `visitor` is the hash that limits are kept by, `path` the page without its address and query."""

    asker: Asker
    visitor: bytes
    path: str

    @property
    def subject(self) -> str | None:
        """The account, where the shop's token named one."""
        return self.asker.account.subject if self.asker.account else None


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known before the shop is asked: the rules that are still possible, in order."""

    rules: list[Rule]
    facts: Facts
    zone: ZoneInfo


class _Told(msgspec.Struct, kw_only=True):
    """What the shop said."""

    balance: contract.Money | None = None
    has_ordered: bool | None = None
    delivered: list[Delivered] | None = None
    promotions: list[contract.Promotion] = []


def visitor_of(asker: Asker, browser: str) -> bytes:
    """By what limits and visits are kept: the account, else a number that the browser made; only a hash of either."""
    site, account = asker.site, asker.account
    own = f"account {site.shop_id or ''} {site.id if not site.shop_id else ''} {account.subject}" if account else ""
    return hashlib.sha256((own or f"browser {site.id} {browser}").encode()).digest()


async def best(db: Database, shops: Shops, looker: Looker) -> Offer | None:
    """The one offer of a rule for this page now; it counts as shown."""
    async with db.transaction() as tx:
        known = await _known(tx, looker)
    if known is None or not known.rules:
        return None
    told = await _told(db, shops, looker, known)
    facts = msgspec.structs.replace(
        known.facts, balance=told.balance, has_ordered=told.has_ordered, delivered=told.delivered
    )
    for rule in known.rules:
        promotion = _promotion(rule, told.promotions, facts.now)
        if judge(rule.when, facts) == "fits" and (promotion or rule.promotion != "needed"):
            async with db.transaction() as tx:
                return await _show(tx, looker, rule, _why(rule, promotion, looker.asker.locale, known.zone), facts)
    return None


async def looked(db: Database, looker: Looker) -> None:
    """A page that had something more important to say was looked at, too."""
    async with db.transaction() as tx:
        if await offer_rules.present(tx):
            await _note_view(tx, looker, await _who(tx, looker))


async def _known(tx: Tx, looker: Looker) -> _Known | None:
    rules = await offer_rules.present(tx)
    if not rules:
        return None
    who = await _who(tx, looker)
    await _note_view(tx, looker, who)
    rules = [one for one in rules if one.is_on]
    if not rules:
        return None
    limits, zone, now = await offer_rules.limits(tx), await installation.zone(tx), clock.now()
    if (who and (who.is_blocked or not who.wants_offers)) or is_quiet(limits, now, zone):
        return None
    topics, past = (await index(tx)).by_code, await _past(tx, looker, who)
    facts, talking = await _facts(tx, looker, who, now)
    possible = [
        one
        for one in rules
        if one.code in topics
        and not topics[one.code].has_expired(now)
        and one.code not in talking
        and not _rests(one, past, limits, now)
        and judge(one.when, facts) != "not"
    ]
    return _Known(rules=possible, facts=facts, zone=zone)


def _rests(rule: Rule, past: Sequence[Shown], limits: Limits, now: datetime) -> bool:
    return rests(rule.rule, timedelta(days=rule.cool_down_days), past, limits, now) is not None


async def _who(tx: Tx, looker: Looker) -> Customer | None:
    site = looker.asker.site
    return await accounts.of_account(tx, site.id, site.shop_id, looker.subject) if looker.subject else None


async def _note_view(tx: Tx, looker: Looker, who: Customer | None) -> None:
    """Keep that this page was looked at, for trying rules on: once a day for each page and visitor."""
    await tx.run(
        """
        insert into offer_view (site_id, day, visitor, path, is_member, tier, customer_id, names_order)
        values (%(site)s, (app_now() at time zone 'UTC')::date, %(visitor)s, %(path)s, %(member)s, %(tier)s, %(who)s,
            %(order)s)
        on conflict do nothing
        """,
        {
            "site": looker.asker.site.id,
            "visitor": looker.visitor,
            "path": looker.path,
            "member": looker.asker.account is not None,
            "tier": looker.asker.account.tier[:20] if looker.asker.account else "",
            "who": who.id if who else None,
            "order": looker.asker.order is not None,
        },
    )


async def _past(tx: Tx, looker: Looker, who: Customer | None) -> list[Shown]:
    """What this person was offered; matters count as of no rule: who heard of one has heard enough for the day."""
    return await tx.all(
        """
        select coalesce(r.rule, '') as rule, o.shown_at as at, o.dismissed_at is not null as dismissed
        from offer_outcome o left join offer_rule r on r.id = o.rule_id
        where o.visitor = %(visitor)s or o.customer_id = %(who)s
        """,
        {"visitor": looker.visitor, "who": who.id if who else None},
        into=Shown,
    )


async def _facts(tx: Tx, looker: Looker, who: Customer | None, now: datetime) -> tuple[Facts, set[str]]:
    """What is known here, and the codes she is talking about at this moment."""
    asker, subject = looker.asker, looker.subject
    shop_id = asker.site.shop_id
    about = await matters.open_of(tx, shop_id, subject, asker.order) if shop_id and subject else []
    asked = await tx.all(
        "select topic_code, count(*) as times, bool_or(status <> 'closed') as is_open from conversation"
        " where customer_id = any (%s) and topic_code is not null and opened_at > app_now() - %s group by topic_code",
        (list(who.family) if who else [], REMEMBERED),
    )
    facts = Facts(
        now=now,
        path=looker.path,
        is_member=subject is not None,
        names_order=asker.order is not None,
        tier=asker.account.tier if asker.account else "",
        anomalies=[one.kind for one in about],
        asked={row["topic_code"]: row["times"] for row in asked},
    )
    return facts, {row["topic_code"] for row in asked if row["is_open"]}


async def _told(db: Database, shops: Shops, looker: Looker, known: _Known) -> _Told:
    """What the rules that are still possible need to hear from the shop; nothing of what it does not answer."""
    shop_id = looker.asker.site.shop_id
    wanted = [one.when for one in known.rules if judge(one.when, known.facts) == "unknown"]
    about_deliveries = any(one.days_after_delivery for one in wanted)
    parts = [
        *(["account"] if any(one.balance_below for one in wanted) else []),
        *(["orders"] if about_deliveries or any(one.before_sale for one in wanted) else []),
        *(["promotions"] if any(one.promotion != "none" for one in known.rules) else []),
    ]
    if shop_id is None or not parts:
        return _Told()
    ask = Ask(shop_id=shop_id, subject=looker.subject, order_number=None, parts=parts)
    try:
        return await asking.ask(db, shops, shop_id, lambda shop: _answer(shop, ask, about_deliveries=about_deliveries))
    except ShopFailed:
        return _Told()


async def _answer(shop: Connector, ask: Ask, *, about_deliveries: bool) -> _Told:
    until = asyncio.get_running_loop().time() + _WITHIN
    found, failed = await ask_all(shop, ask, ask.parts)
    if failed and not found:
        raise next(iter(failed.values()))
    account, orders = found.get("account"), found.get("orders")
    return _Told(
        balance=account.balance if account else None,
        has_ordered=None if orders is None else len(orders) > 0,
        delivered=await _delivered(shop, ask.subject, orders, until)
        if about_deliveries and orders is not None
        else None,
        promotions=found.get("promotions", []),
    )


async def _delivered(
    shop: Connector, subject: str | None, orders: list[contract.OrderSummary], until: float
) -> list[Delivered] | None:
    """When the newest orders came, which only each of them tells; None when the shop does not in time."""
    came = [one.number for one in orders if one.status in ("delivered", "partly_delivered")][:_LOOKED_THROUGH]
    try:
        async with asyncio.timeout_at(until):
            found = await asyncio.gather(*(shop.order(number) for number in came))
    except (TimeoutError, ShopFailed):
        return None
    whole = [one for one in found if one is not None and one.subject == subject]
    return [Delivered(one.number, at) for one in whole if (at := _came_at(one)) is not None]


def _came_at(order: contract.Order) -> datetime | None:
    moments = [line.delivery.at for line in order.lines if line.delivery.state in ("issued", "delivered")]
    return max((at for at in moments if at is not None), default=None)


def _promotion(rule: Rule, told: list[contract.Promotion], now: datetime) -> contract.Promotion | None:
    """The first that is told with this code and good at this moment, whatever the shop thinks of it."""
    if rule.promotion == "none":
        return None
    good = (one for one in told if rule.code in one.codes and one.starts_at <= now < (one.ends_at or _NEVER))
    return next(good, None)


def _why(rule: Rule, promotion: contract.Promotion | None, locale: str, zone: ZoneInfo) -> str:
    if promotion is None:
        return rule.says(locale)
    until = promotion.ends_at.astimezone(zone) if promotion.ends_at else None
    key = "offer.promotion_until" if until else "offer.promotion"
    end = {"month": f"{until:%B}" if locale == "en" else until.month, "day": until.day} if until else {}
    return f"{rule.says(locale)} {sentence(key, locale, title=promotion.title, **end)}"


async def _show(tx: Tx, looker: Looker, rule: Rule, why: str, facts: Facts) -> Offer | None:
    """Keep that it is shown, unless another page of the same person was quicker."""
    asker = looker.asker
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"offer.{looker.visitor.hex()}",))
    who = await _who(tx, looker)
    if _rests(rule, await _past(tx, looker, who), await offer_rules.limits(tx), facts.now):
        return None
    if asker.account and who is None:
        who = await customers.recognise(tx, asker.site.id, asker.site.shop_id, asker.account, asker.locale)
    topic = (await index(tx)).by_code.get(rule.code)
    if topic is None:  # taken out of use while the shop was asked
        return None
    name = ids.public_id()
    await tx.run(
        "insert into offer_outcome (public_id, customer_id, visitor, rule_id) values (%s, %s, %s, %s)",
        (name, who.id if who else None, looker.visitor, rule.id),
    )
    return Offer(
        id=name,
        kind="rule",
        text=sentence("offer.code", asker.locale, code=rule.code),
        why=why,
        code=rule.code,
        name=topic.called(asker.locale),
        scene=f"rule-{rule.id}",
        order=due_order(rule.when, facts),
    )
