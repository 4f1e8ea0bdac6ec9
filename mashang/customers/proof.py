"""Proof: a visitor shows to be who owns an order, or an account; the shop compares.

**Last four** of the telephone behind an order, with its number, prove that one order, and
only its status is told for it.  A **one-time code** that the shop sends to what it has on
file proves the account, as the shop's signed token does, for twelve hours.  Where buyers give
each order a **look-up password**, that and the number prove that one order, whole.  What was typed
is handed to the shop and kept nowhere; what it was about is counted under a keyed hash.

**Guessing** stops here, and never locks out the owner.  Tries count for a day per order and
visitor, and per order and block of addresses: after five that failed the last four are off
for that side, after fifteen in all for that order.  A signed-in account counts no tries:
what it owns is asked by its own name.  A try counts before the shop is asked, so that many
at once are no more than many in a row; one that the shop did not answer does not count.
One-time codes are sent as often from one side, and in all to one account fifteen times in ten
minutes: strangers may hold them up for a moment, not take them from the owner for a day.
Over all orders and accounts together a visitor and a block have a day's limit too, so generous
that the many who share an address stay below it: nobody walks through the numbers of a shop.

Many failures everywhere raise an alarm, whoever they are by.

Does not: say what a proof covers (`covering`), or changes in a conversation (`codes.proving`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from prometheus_client import Counter

from mashang.customers import customer
from mashang.customers.customer import Customer, StandingChanged
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.kit.log import log
from mashang.kit.sealing import Sealer
from mashang.shops import asking, contract
from mashang.shops.adapters import Shops
from mashang.shops.connector import Connector, ShopFailed
from mashang.staff import alarms

LASTS = timedelta(hours=12)
COUNTED_FOR = timedelta(days=1)
SENDING_PAUSES_FOR = timedelta(minutes=10)  # so many in all spare a telephone, and must not close it to its owner
ASKED_WITHIN = timedelta(minutes=1)  # a try without an outcome after that was cut short
LONGEST_PASSWORD = 64
MOST_FROM_ONE_SIDE = 5
MOST_IN_ALL = 15
MOST_OF_A_VISITOR = 20  # of one kind, over all targets
MOST_OF_A_BLOCK = 60
ALARM, ALARM_WITHIN, ALARM_LASTS = "proof_guessing", timedelta(minutes=10), timedelta(hours=1)
ALARMING = 50  # failures within ALARM_WITHIN
_KEPT_FOR = timedelta(days=2)
_PURPOSE = "customers.proof.target"
_TRIES = Counter("mashang_proof_attempts", "Tries at a proof of identity", ["what", "outcome"])

What = Literal["last_four", "look_up_password", "send_code", "verify_code"]
Outcome = Literal["proved", "failed", "unanswered"]
Ask = Callable[[Connector], Awaitable[contract.ProofAnswer]]


class ProofWrong(Refusal):
    """The shop says no, and gives no reason."""

    status, code = 403, "proof_wrong"


class LastFourOff(Refusal):
    """Too many tries, for this order or from this side: sign-in, a one-time code or a person remain."""

    status, code = 429, "last_four_off"


class LookUpPasswordOff(Refusal):
    """Too many tries, for this order or from this side: a person remains."""

    status, code = 429, "look_up_password_off"


class CodesOff(Refusal):
    """Too many one-time codes were asked for, for this account or from this side: sign-in or a person remain."""

    status, code = 429, "codes_off"


class CodeOver(Refusal):
    """This one-time code was used, has ended, or was tried too often: ask for a new one."""

    status, code = 410, "one_time_code_over"


class NoProofHere(Refusal):
    """No shop that could compare anything is connected to this site."""

    status, code = 409, "no_proof_here"


class CodeSent(msgspec.Struct, frozen=True):
    """A one-time code is on its way, if there is such an account."""

    id: str
    expires_at: datetime


class Claimant(msgspec.Struct, frozen=True):
    """Who wants to prove something, from which block of addresses, and what it takes to ask the shop."""

    db: Database
    shops: Shops
    sealer: Sealer
    who: Customer
    address_block: str


class _Try(msgspec.Struct, frozen=True):
    """One try: what for, and what is refused when there were too many."""

    what: What
    target: str
    off: type[Refusal]


async def ways(tx: Tx, who: Customer) -> list[contract.Proof]:
    """What the shop of this customer's site can compare; one that was never asked may do what shops usually do."""
    shop = await tx.first(
        "select shop.capabilities -> 'proofs' as proofs from site join shop on shop.id = site.shop_id"
        " where site.id = %s and shop.archived_at is null",
        (who.site_id,),
    )
    if shop is None:
        return []
    known: tuple[contract.Proof, ...] = ("last_four", "look_up_password", "one_time_code")
    usual = ("last_four", "one_time_code")
    return [way for way in known if way in (usual if shop["proofs"] is None else shop["proofs"])]


async def by_last_four(by: Claimant, *, number: str, last_four: str) -> Customer:
    """The customer, with this order proved.

    Raises ProofWrong, LastFourOff, NoProofHere, ShopFailed; Invalid for digits that are not four.
    """
    if not (len(last_four) == 4 and last_four.isascii() and last_four.isdigit()):
        raise Invalid(field="last_four", reason="form")
    shop_id = await _shop(by)
    if by.who.proved:
        return await _own_order(by, shop_id, number)

    async def compare(shop: Connector) -> contract.ProofAnswer:
        if not contract.is_id(number):  # nobody's, and not asked for
            return contract.NotProved()
        return await shop.prove(contract.LastFour(order_number=number, last_four=last_four))

    answer = await _tried(by, shop_id, _Try("last_four", number.upper(), LastFourOff), compare)
    assert isinstance(answer, contract.Proved)  # noqa: S101 — anything else was refused
    async with by.db.transaction() as tx:
        return await _prove(tx, by, method="last_four", shop_id=shop_id, subject=answer.subject, order_number=number)


async def by_look_up_password(by: Claimant, *, number: str, password: str) -> Customer:
    """The customer, with this order proved whole.

    Raises ProofWrong, LookUpPasswordOff, NoProofHere, ShopFailed; Invalid for no password, or one that is too long.
    """
    if not password.strip() or len(password) > LONGEST_PASSWORD:
        raise Invalid(field="password", reason="form")
    shop_id = await _shop(by)
    if by.who.proved:
        return await _own_order(by, shop_id, number)

    async def compare(shop: Connector) -> contract.ProofAnswer:
        if not contract.is_id(number):  # nobody's, and not asked for
            return contract.NotProved()
        return await shop.prove(contract.LookUpPassword(order_number=number, password=password))

    answer = await _tried(by, shop_id, _Try("look_up_password", number.upper(), LookUpPasswordOff), compare)
    assert isinstance(answer, contract.Proved)  # noqa: S101 — anything else was refused
    async with by.db.transaction() as tx:
        what = {"method": "look_up_password", "order_number": number}
        return await _prove(tx, by, shop_id=shop_id, subject=answer.subject, **what)


async def send_code(by: Claimant, *, account: str) -> CodeSent:
    """Let the shop send a one-time code; the answer is the same whether the account exists or not.

    A telephone is counted and sent in one form, however it was typed: another spelling is no further try.

    Raises CodesOff, NoProofHere, ShopFailed; Invalid for nothing but spaces.
    """
    shop_id, account = await _shop(by), customer.as_registered(account)
    if not account:
        raise Invalid(field="account", reason="empty")
    one = _Try("send_code", account.lower(), CodesOff)
    answer = await _tried(by, shop_id, one, lambda shop: shop.prove(contract.SendCode(account=account)))
    assert isinstance(answer, contract.CodeSent)  # noqa: S101 — anything else was refused
    async with by.db.transaction() as tx:
        return await tx.one(
            """
            insert into one_time_code (public_id, customer_id, shop_id, shop_proof, expires_at)
            values (%s, %s, %s, %s, %s) returning public_id as id, expires_at
            """,
            (ids.public_id(), by.who.id, shop_id, answer.proof, answer.expires_at),
            into=CodeSent,
        )


async def by_one_time_code(by: Claimant, *, sent: str, code: str) -> Customer:
    """The customer, proved to be the account the code was sent to.

    Raises ProofWrong, also for another account than the customer is signed in to; CodeOver, NotFound for a
    code sent to another page, ShopFailed.
    """
    if not (4 <= len(code) <= 8 and code.isascii() and code.isdigit()):
        raise Invalid(field="code", reason="form")
    shop_id, shop_proof = await _code_sent(by, sent)
    one = _Try("verify_code", sent, CodeOver)
    answer = await _tried(by, shop_id, one, lambda shop: shop.prove(contract.VerifyCode(proof=shop_proof, code=code)))
    assert isinstance(answer, contract.Proved)  # noqa: S101 — anything else was refused
    if by.who.signed_in:  # it is who it is, and cannot be somebody else beside it
        if answer.subject != by.who.subject:
            raise ProofWrong
        return by.who
    told = await _account(by, shop_id, answer.subject)
    async with by.db.transaction() as tx:
        account_id = await customer.account_of(tx, by.who, shop_id, answer.subject, told)
        await tx.run("update one_time_code set used_at = app_now() where public_id = %s", (sent,))
        return await _prove(
            tx, by, method="one_time_code", shop_id=shop_id, subject=answer.subject, account_id=account_id
        )


async def end(tx: Tx, who: Customer) -> Customer:
    """What this visitor proved is over, on the next request already."""
    await tx.run("update proof set ended_at = app_now() where customer_id = %s and ended_at is null", (who.id,))
    tx.emit(StandingChanged(who.id))
    return await customer.by_id(tx, who.id)


async def sweep(tx: Tx) -> int:
    """Forget tries and one-time codes of the day before yesterday; how many."""
    forgotten = await tx.run("delete from proof_attempt where at < app_now() - %s", (_KEPT_FOR,))
    return forgotten + await tx.run("delete from one_time_code where expires_at < app_now() - %s", (_KEPT_FOR,))


async def _prove(tx: Tx, by: Claimant, **what: str | int | None) -> Customer:
    """Write down what was proved; the same again lasts longer, and is no second row."""
    values = {"who": by.who.id, "order_number": None, "account_id": None, "lasts": LASTS, **what}
    prolonged = await tx.run(
        """
        update proof set expires_at = app_now() + %(lasts)s where ended_at is null and expires_at > app_now()
            and shop_id = %(shop_id)s and subject = %(subject)s and id = (
                select max(id) from proof where customer_id = %(who)s and method = %(method)s
                    and order_number is not distinct from %(order_number)s
            )
        """,
        values,
    )
    if not prolonged:
        await tx.run(
            """
            insert into proof (customer_id, shop_id, subject, method, order_number, account_id, expires_at)
            values (%(who)s, %(shop_id)s, %(subject)s, %(method)s, %(order_number)s, %(account_id)s,
                app_now() + %(lasts)s)
            """,
            values,
        )
    tx.emit(StandingChanged(by.who.id))
    return await customer.by_id(tx, by.who.id)


# ── asking the shop, with every try counted ─────────────────────────────────


async def _shop(by: Claimant) -> int:
    if by.who.shop_id is not None:
        return by.who.shop_id
    async with by.db.transaction() as tx:
        found: int | None = await tx.value("select shop_id from site where id = %s", (by.who.site_id,))
    if found is None:
        raise NoProofHere
    return found


async def _tried(by: Claimant, shop_id: int, one: _Try, question: Ask) -> contract.ProofAnswer:
    """The shop's yes to a counted try; raises ProofWrong, the try's own refusal, ShopFailed."""
    async with by.db.transaction() as tx:
        attempt = await _count(tx, by, one)
    try:
        answer = await asking.ask(by.db, by.shops, shop_id, question)
    except ShopFailed as failure:
        await _note(by.db, one, attempt, "unanswered")
        if failure.reason == "too_many":
            raise one.off from None
        raise
    expected = contract.CodeSent if one.what == "send_code" else contract.Proved
    await _note(by.db, one, attempt, "proved" if isinstance(answer, expected) else "failed")
    if isinstance(answer, expected):
        return answer
    if isinstance(answer, contract.NotProved):
        raise ProofWrong
    raise ShopFailed("malformed", "an answer of another kind of proof")


async def _count(tx: Tx, by: Claimant, one: _Try) -> int:
    """Write down a try, one at a time for one target; raises its refusal when there were too many.

    A code that was sent counts as well as one that failed: it costs the shop a message.
    """
    target = by.sealer.sign(f"{one.what}:{one.target}".encode(), _PURPOSE)
    for lock in (f"proof from {by.address_block}", target.hex()):  # always in this order
        await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (lock,))
    values = {
        "what": one.what,
        "target": target,
        "who": by.who.id,
        "block": by.address_block,
        "span": COUNTED_FOR,
        "in_all_within": SENDING_PAUSES_FOR if one.what == "send_code" else COUNTED_FOR,
        "asking": ASKED_WITHIN,
    }
    here = await tx.one(
        f"select count(*) filter (where at > app_now() - %(in_all_within)s) as in_all, {_SIDES}"
        f" from proof_attempt where target_hash = %(target)s and {_COUNTS}",
        values,
    )
    anywhere = await tx.one(
        f"select {_SIDES} from proof_attempt"
        f" where what = %(what)s and (customer_id = %(who)s or address_block = %(block)s) and {_COUNTS}",
        values,
    )
    if max(here["of_visitor"], here["of_block"]) >= MOST_FROM_ONE_SIDE or here["in_all"] >= MOST_IN_ALL:
        raise one.off
    if anywhere["of_visitor"] >= MOST_OF_A_VISITOR or anywhere["of_block"] >= MOST_OF_A_BLOCK:
        raise one.off
    attempt: int = await tx.value(
        "insert into proof_attempt (what, target_hash, customer_id, address_block)"
        " values (%s, %s, %s, %s) returning id",
        (one.what, target, by.who.id, by.address_block),
    )
    return attempt


_SIDES = """count(*) filter (where customer_id = %(who)s) as of_visitor,
    count(*) filter (where address_block = %(block)s) as of_block"""
_COUNTS = """at > app_now() - %(span)s and (outcome = 'failed' or outcome = 'asking' and at > app_now() - %(asking)s
    or what = 'send_code' and outcome = 'proved')"""


async def _note(db: Database, one: _Try, attempt: int, outcome: Outcome) -> None:
    _TRIES.labels(one.what, outcome).inc()
    async with db.transaction() as tx:
        await tx.run("update proof_attempt set outcome = %s where id = %s", (outcome, attempt))
        if outcome != "failed":
            return
        failures = await tx.value(
            "select count(*) from proof_attempt where outcome = 'failed' and at > app_now() - %s", (ALARM_WITHIN,)
        )
        if failures >= ALARMING and await alarms.raised(tx, ALARM, ALARM_LASTS, failures=failures):
            log.warning(ALARM, failures=failures, minutes=ALARM_WITHIN.total_seconds() / 60)


async def _code_sent(by: Claimant, sent: str) -> tuple[int, str]:
    """A code this very page asked for: its shop and the shop's name for it.  Its tries are counted as all are."""
    async with by.db.transaction() as tx:
        row = await tx.first(
            """
            select shop_id, shop_proof, used_at is not null or expires_at <= app_now() as is_over
            from one_time_code where public_id = %s and customer_id = %s
            """,
            (sent, by.who.id),
        )
    if row is None:
        raise NotFound
    if row["is_over"]:
        raise CodeOver
    return row["shop_id"], row["shop_proof"]


async def _own_order(by: Claimant, shop_id: int, number: str) -> Customer:
    """Who is proved owns an order or does not; the digits are not even sent, and no try counts."""
    order = await asking.ask(by.db, by.shops, shop_id, lambda shop: shop.order(number))
    if order is None or order.subject != by.who.subject:
        raise ProofWrong
    return by.who


async def _account(by: Claimant, shop_id: int, subject: str) -> contract.Account | None:
    """Name and tier; without an answer the proof stands all the same."""
    try:
        return await asking.ask(by.db, by.shops, shop_id, lambda shop: shop.account(subject))
    except ShopFailed:
        return None
