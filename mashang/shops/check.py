"""Is this shop's connector right?  Asked one thing at a time, for the integrator.

The same checks stand behind `mashang connector check` and the desk's test button.
They tell what was tried and what came back instead: a signature that must be
accepted, three that must be refused, and every answer's shape, masked keys and
time.  Nothing is changed in the shop: no code is sent, no order made.

Does not: print (`commands`), or judge the shop's data.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec

from mashang.kit import clock, i18n, ids
from mashang.shops import contract, signing
from mashang.shops.acting import ActionRequest
from mashang.shops.connector import ShopFailed
from mashang.shops.http import Answer, HttpShop, refused

SLOW = timedelta(seconds=1)
NOBODY = "mashang-check-nobody"


class Check(msgspec.Struct, frozen=True):
    """One thing that was tried.  `ok` None: it could not be tried; `facts` fill the sentence."""

    name: str
    ok: bool | None
    facts: dict[str, Any] = {}
    took: timedelta = timedelta(0)


class Subject(msgspec.Struct, frozen=True):
    """What the integrator gave to look at: a customer and an order that exist."""

    customer: str = ""
    order: str = ""


class Wrong(Exception):
    """The shop did something else than agreed; the fact names what."""

    def __init__(self, fact: str, **facts: Any) -> None:
        super().__init__(fact)
        self.facts = {"reason": fact, **facts}


class CannotTry(Exception):
    """Something an earlier check would have found is needed."""


async def tried(name: str, attempt: Awaitable[dict[str, Any] | None], *, may_be_slow: bool = False) -> Check:
    """What came of one attempt, and how long it took."""
    start = time.monotonic()
    ok: bool | None = True
    try:
        facts = await attempt or {}
    except ShopFailed as failure:
        ok, facts = False, {"reason": failure.reason, "detail": failure.detail}
    except Wrong as wrong:
        ok, facts = False, wrong.facts
    except CannotTry as missing:
        ok, facts = None, {"reason": str(missing)}
    took = timedelta(seconds=time.monotonic() - start)
    return Check(name, ok, {**facts, "slow": True} if ok and took > SLOW and not may_be_slow else facts, took)


class Visit:
    """One run of all checks against one shop; later ones use what earlier ones found."""

    def __init__(self, shop: HttpShop, given: Subject | None = None) -> None:
        self.shop = shop
        self.customer = given.customer if given else ""
        self.order = given.order if given else ""
        self.product = ""
        self.capabilities: contract.Capabilities | None = None

    async def checks(self) -> AsyncIterator[Check]:
        """Each check as it is done; of a shop that is not there, or refuses us, the rest would say nothing true."""
        hindered = ""
        for name, attempt in _CHECKS:
            if hindered:
                yield Check(name, None, {"reason": hindered})
                continue
            check = await tried(name, attempt(self), may_be_slow=name in _REFUSALS)
            if name == "reachable" and not check.ok:
                hindered = "not_tried"
            elif name == "signature_accepted" and check.facts.get("reason") in ("refused_us", "clocks_differ"):
                hindered = "not_recognised"
            yield check

    # ── is it there, and does it know us ──

    async def reachable(self) -> None:
        try:
            await self.shop.ask("GET", "/capabilities")
        except ShopFailed as failure:
            if failure.looks_down or failure.reason in ("private_address", "redirected", "certificate"):
                raise

    async def signature_accepted(self) -> dict[str, Any]:
        self.capabilities = await self.shop.capabilities()
        return {"shop": self.capabilities.name, "contract": self.capabilities.contract}

    async def wrong_signature_refused(self) -> None:
        await self._refused(self.shop.sign("GET", "/capabilities", secret=ids.secret()))

    async def unsigned_refused(self) -> None:
        await self._refused({signing.NONCE: ids.secret()})

    async def stale_refused(self) -> None:
        past = clock.now() - timedelta(minutes=6)
        await self._refused(self.shop.sign("GET", "/capabilities", now=past))

    async def replay_refused(self) -> None:
        signed = self.shop.sign("GET", "/capabilities")
        first = await self.shop.ask("GET", "/capabilities", signed=signed)
        _expect(first, 200)
        await self._refused(signed)

    async def other_path_refused(self) -> None:
        await self._refused(self.shop.sign("GET", "/incidents"))

    async def _refused(self, headers: dict[str, str]) -> None:
        answer = await self.shop.ask("GET", "/capabilities", signed=headers)
        if answer.status != 401:
            raise Wrong("status", status=answer.status, expected=401)

    # ── what it answers ──

    async def products(self) -> dict[str, Any]:
        found = (await self.shop.products(limit=5)).products
        self.product = found[0].id if found else ""
        return {"count": len(found)}

    async def one_product(self) -> None:
        if not self.product:
            raise CannotTry("no_product")
        if await self.shop.product(self.product) is None:
            raise Wrong("status", status=404, expected=200)

    async def promotions(self) -> dict[str, Any]:
        return {"count": len((await self.shop.promotions()).promotions)}

    async def incidents(self) -> dict[str, Any]:
        return {"count": len((await self.shop.incidents()).incidents)}

    async def unknown_order(self) -> None:
        await self._unknown(f"/orders/{NOBODY}")

    async def unknown_customer(self) -> None:
        await self._unknown(f"/customers/{NOBODY}")

    async def unknown_action(self) -> None:
        """What never came is told plainly, for on that word an action may be asked for again."""
        self._demand_actions()
        await self._unknown(f"/actions/{ids.public_id()}")

    async def stale_action_refused(self) -> None:
        """An action that arrives late must not happen: about an order that does not exist, so that none does."""
        self._demand_actions()
        path = f"/orders/{NOBODY}/actions"
        request = ActionRequest(key=ids.public_id(), action="resend", line="1", asked_by="agent")
        body = msgspec.json.encode(request)
        signed = self.shop.sign("POST", path, body, now=clock.now() - timedelta(minutes=6))
        answer = await self.shop.ask("POST", path, body=body, signed=signed)
        if answer.status != 401:
            raise Wrong("status", status=answer.status, expected=401)

    def _demand_actions(self) -> None:
        if self.capabilities is None or not self.capabilities.actions:
            raise CannotTry("no_actions")

    async def _unknown(self, path: str) -> None:
        answer = await self.shop.ask("GET", path)
        _expect(answer, 404)

    async def account(self) -> None:
        if not self.customer:
            raise CannotTry("no_customer")
        found = await self.shop.account(self.customer)
        if found is None:
            raise Wrong("status", status=404, expected=200)
        if found.subject != self.customer:
            raise Wrong("another_subject")

    async def orders(self) -> dict[str, Any]:
        if not self.customer:
            raise CannotTry("no_customer")
        found = (await self.shop.orders(self.customer, limit=5)).orders
        if not self.order and found:
            self.order = found[0].number
        if [one.placed_at for one in found] != sorted((one.placed_at for one in found), reverse=True):
            raise Wrong("not_newest_first")
        return {"count": len(found)}

    async def order_shape(self) -> dict[str, Any]:
        """The decoder has looked at shape and masks; what is left is the owner."""
        if not self.order:
            raise CannotTry("no_order")
        found = await self.shop.order(self.order)
        if found is None:
            raise Wrong("status", status=404, expected=200)
        if self.customer and found.subject != self.customer:
            raise Wrong("another_subject")
        return {"count": sum(len(line.issue_record) for line in found.lines)}

    async def proofs(self) -> dict[str, Any]:
        """A last-four proof of an order that does not exist must be a plain no."""
        if self.capabilities is None or "last_four" not in self.capabilities.proofs:
            raise CannotTry("no_last_four")
        answer = await self.shop.prove(contract.LastFour(order_number=NOBODY, last_four="0000"))
        if not isinstance(answer, contract.NotProved):
            raise Wrong("proved_nobody")
        return {"proofs": self.capabilities.proofs}


def _expect(answer: Answer, expected: int) -> None:
    """Raise unless it is this status; a 401 is about our signature, whatever was asked for."""
    if answer.status == 401:
        raise refused(answer)
    if answer.status != expected:
        raise Wrong("status", status=answer.status, expected=expected)


_CHECKS: tuple[tuple[str, Callable[[Visit], Awaitable[dict[str, Any] | None]]], ...] = (
    ("reachable", Visit.reachable),
    ("signature_accepted", Visit.signature_accepted),
    ("wrong_signature_refused", Visit.wrong_signature_refused),
    ("unsigned_refused", Visit.unsigned_refused),
    ("stale_refused", Visit.stale_refused),
    ("replay_refused", Visit.replay_refused),
    ("other_path_refused", Visit.other_path_refused),
    ("products", Visit.products),
    ("one_product", Visit.one_product),
    ("promotions", Visit.promotions),
    ("incidents", Visit.incidents),
    ("unknown_order", Visit.unknown_order),
    ("unknown_customer", Visit.unknown_customer),
    ("unknown_action", Visit.unknown_action),
    ("stale_action_refused", Visit.stale_action_refused),
    ("account", Visit.account),
    ("orders", Visit.orders),
    ("order_shape", Visit.order_shape),
    ("proofs", Visit.proofs),
)
_REFUSALS = frozenset(name for name, _ in _CHECKS if name.endswith("_refused"))
NAMES = tuple(name for name, _ in _CHECKS)


def title(check: Check, locale: str) -> str:
    """What was tried, in the reader's words."""
    return i18n.sentence(f"check.{check.name}", locale)


def detail(check: Check, locale: str) -> str:
    """What came of it: nothing to add, or the sentence that says what is wrong."""
    reason = check.facts.get("reason")
    if reason:
        own = f"check.reason.{check.name.partition('_')[0]}.{reason}"
        known = own if own in i18n.catalogue(locale) else f"check.reason.{reason}"
        told = i18n.sentence(known, locale, **check.facts)
        more = str(check.facts.get("detail") or "")
        return f"{told} ({more})" if more else told
    if check.facts.get("slow"):
        return i18n.sentence("check.slow", locale, seconds=f"{check.took.total_seconds():.1f}")
    known = f"check.{check.name}.found"
    return i18n.sentence(known, locale, **_worded(check.facts, locale)) if known in i18n.catalogue(locale) else ""


def _worded(facts: dict[str, Any], locale: str) -> dict[str, Any]:
    """The facts with the names of proofs in the reader's words."""
    proofs = [i18n.sentence(f"check.proof.{name}", locale) for name in facts.get("proofs", ())]
    return {**facts, "proofs": ("、" if locale != "en" else ", ").join(proofs)} if proofs else facts
