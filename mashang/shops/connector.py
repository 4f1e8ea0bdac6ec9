"""A shop we can ask: the seam between us and somebody else's system.

`http.HttpShop` speaks the connector contract.  Adapters for shops that cannot
implement it come behind the same questions.  Every question may raise `ShopFailed`
(an Outage): unreachable, late, unsigned, or not in the agreed form.  "There is no
such order" is an answer (None), not a failure.
"""

from __future__ import annotations

from typing import Protocol

from mashang.kit.errors import Outage
from mashang.shops import acting, contract


class ShopFailed(Outage):
    """The shop does not work as agreed.

    `reason`: unreachable · certificate · timed_out · unavailable · refused_us ·
    clocks_differ (more than the five minutes a signature is good for) · too_many · unsigned ·
    wrong_signature · wrong_type · too_large · malformed · private_address · redirected ·
    secret_unreadable (our own key is another) · left_alone (it was seen down a moment ago) ·
    not_offered (this kind of shop cannot do that).
    `detail` names the place for an integrator; it is not logged.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__("shop", reason)
        self.detail = detail

    @property
    def looks_down(self) -> bool:
        """Is it the whole shop that failed, not one answer of it?"""
        return self.reason in ("unreachable", "timed_out", "unavailable")


class Connector(Protocol):
    """The questions a shop answers."""

    async def capabilities(self) -> contract.Capabilities:
        """What it can do."""

    async def prove(self, request: contract.ProofRequest) -> contract.ProofAnswer:
        """Compare a proof; the shop does the comparing."""

    async def account(self, subject: str) -> contract.Account | None:
        """An account with balance and tier."""

    async def orders(self, subject: str, *, limit: int = 20, cursor: str = "") -> contract.Orders:
        """A customer's orders, newest first."""

    async def order(self, number: str) -> contract.Order | None:
        """One order; the caller compares its owner."""

    async def shipments(self, number: str) -> list[contract.Shipment] | None:
        """The parcels of one order; None: there is no such order."""

    async def act(self, number: str, request: acting.ActionRequest) -> acting.ActionAnswer | None:
        """Do something for an order's owner, once for each key; None: there is no such order.

        After ShopFailed nobody knows whether it happened: `outcome` tells.
        """

    async def outcome(self, key: str) -> acting.ActionAnswer | None:
        """What became of the action with this key; None: it was not taken in, so far."""

    async def keys(self, number: str, request: acting.RevealRequest) -> acting.CardKeys | None:
        """The readable keys of a line; None: there is no such line.  Not for any log or table."""

    async def products(self, query: str = "", *, limit: int = 20) -> contract.Products:
        """Products that fit a search."""

    async def product(self, id: str) -> contract.Product | None:
        """One product."""

    async def promotions(self) -> contract.Promotions:
        """Offers."""

    async def incidents(self) -> contract.Incidents:
        """What keeps many waiting right now."""
