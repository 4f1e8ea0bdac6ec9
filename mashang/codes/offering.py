"""What a page of the shop may offer whoever looks at it: at most one code, quietly, and why.

What is wrong with the customer's own order is offered here (`shops.matters`); what the operator's rules
recommend where nothing is wrong, in `ruling`.

An offer is one row of `offer_outcome` for a customer and a matter.  It is shown on the pages of a day
and then rests; once it was taken or pressed away it never comes again.  Only whom the shop's token
names hears of an order; who talks about it already is left alone.  What was offered to somebody who
was not signed in is forgotten once no rule's time to rest asks for it any more.

Does not: draw the line on the page (the loader), or decide who asks too often (`channels.web.offers`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from mashang import customers
from mashang.codes.topics import index
from mashang.customers import offers
from mashang.customers.customer import by_id
from mashang.kit import clock, ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.kit.i18n import sentence
from mashang.shops import matters
from mashang.shops.site import ShopCustomer, Site

SHOWN_FOR = timedelta(days=1)
MOST_NEW_A_DAY = 3
ORDER_CODE = "DD"
_KEPT = timedelta(days=400)  # of who is not signed in; a rule rests for a year at most
_SCENE = "anomaly"

Outcome = Literal["taken", "dismissed", "unwanted"]
AskedOf = Literal["nobody", "members", "everybody"]


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks at which page: `account` as the shop's token proved it, `order` as the page says it."""

    site: Site
    account: ShopCustomer | None
    order: str | None
    locale: str


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One offer: the line, why it is made, and what taking it opens the chat with."""

    id: str
    kind: Literal["matter", "rule"]
    text: str
    why: str
    code: str | None
    name: str
    scene: str
    order: str | None


async def asked_of(tx: Tx, site: Site) -> AskedOf:
    """Of whose pages it is worth being asked for an offer; kept in caches for minutes, so it tells nothing of now.

    Where there are rules every page asks: which pages were looked at is what rules are tried on.
    """
    if await tx.value("select exists (select from offer_rule where replaced_at is null)"):
        return "everybody"
    return "nobody" if site.shop_id is None else "members"


async def answer(tx: Tx, public_id: str, outcome: Outcome) -> None:
    """The customer took an offer or pressed it away, perhaps with all others; the first answer stands.

    Raises NotFound.
    """
    known = await tx.run(
        """
        update offer_outcome
        set taken_at = coalesce(taken_at, case when %(taken)s and dismissed_at is null then app_now() end),
            dismissed_at = coalesce(dismissed_at, case when not %(taken)s and taken_at is null then app_now() end)
        where public_id = %(id)s
        """,
        {"id": public_id, "taken": outcome == "taken"},
    )
    if not known:
        raise NotFound
    if outcome == "unwanted":
        customer_id = await tx.value("select customer_id from offer_outcome where public_id = %s", (public_id,))
        if customer_id is not None:
            await offers.want(tx, await by_id(tx, customer_id), offers=False)


async def sweep(tx: Tx) -> int:
    """Forget old offers to browsers that nobody signed in with; how many."""
    return await tx.run(
        "delete from offer_outcome where customer_id is null and shown_at < app_now() - %s::interval", (_KEPT,)
    )


async def of_matters(tx: Tx, asker: Asker) -> Offer | None:
    """What the shop reported about this very order, or about any of theirs where the page is about none.

    What is returned counts as shown.
    """
    site, account = asker.site, asker.account
    if account is None or site.shop_id is None:
        return None
    about = await matters.open_of(tx, site.shop_id, account.subject, asker.order)
    if not about:
        return None
    who = await customers.recognise(tx, site.id, site.shop_id, account, asker.locale)
    if who.is_blocked:
        return None
    shown = await _shown(tx, who, about)
    return await _worded(tx, *shown, asker.locale) if shown else None


async def _shown(tx: Tx, who: customers.Customer, about: list[matters.Matter]) -> tuple[str, matters.Matter] | None:
    """The first that may be shown to this customer, and the name of its offer."""
    row = await tx.first(
        """
        with candidate as (
            select m.id, m.order_number, w.place, o.id as offered, o.public_id, o.taken_at, o.dismissed_at, o.shown_at
            from unnest(%(about)s::bigint[]) with ordinality w (id, place)
            join matter m on m.id = w.id
            left join offer_outcome o on o.matter_id = m.id and o.customer_id = %(who)s
        )
        select c.id, coalesce(c.public_id, %(public_id)s) as public_id from candidate c
        where c.taken_at is null and c.dismissed_at is null
          and case when c.offered is not null then c.shown_at > app_now() - %(shown_for)s
              else %(most)s > (select count(*) from offer_outcome o where o.customer_id = %(who)s
                               and o.matter_id is not null and o.shown_at > app_now() - interval '1 day') end
          and not exists (select from conversation t where t.customer_id = any (%(family)s)
                          and t.order_number = c.order_number and t.status <> 'closed')
        order by c.place limit 1
        """,
        {
            "about": [one.id for one in about],
            "who": who.id,
            "family": list(who.family),
            "public_id": ids.public_id(),
            "shown_for": SHOWN_FOR,
            "most": MOST_NEW_A_DAY,
        },
    )
    if row is None:
        return None
    public_id: str = await tx.value(
        """
        insert into offer_outcome as o (public_id, customer_id, matter_id) values (%s, %s, %s)
        on conflict (customer_id, matter_id) do update set public_id = o.public_id
        returning public_id
        """,
        (row["public_id"], who.id, row["id"]),
    )
    return public_id, next(one for one in about if one.id == row["id"])


async def _worded(tx: Tx, public_id: str, matter: matters.Matter, locale: str) -> Offer:
    topic = (await index(tx)).by_code.get(ORDER_CODE)
    if topic and topic.has_expired(clock.now()):
        topic = None
    tail = matter.order_number[-4:]
    wrong = matters.called(matter.kind, locale) or sentence("anomaly.other", locale)
    return Offer(
        id=public_id,
        kind="matter",
        text=sentence("offer.code", locale, code=topic.code) if topic else sentence("offer.person", locale),
        why=sentence("offer.why", locale, tail=tail, trouble=wrong),
        code=topic.code if topic else None,
        name=topic.called(locale) if topic else "",
        scene=_SCENE,
        order=matter.order_number,
    )
