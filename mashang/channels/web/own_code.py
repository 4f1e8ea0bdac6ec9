"""A minted code as its owner sees it, on the order's card and wherever it is typed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from mashang.codes import minting, renewal
from mashang.codes.minting import MintedCode
from mashang.kit import clock


class OwnCode(msgspec.Struct):
    """A code of one's own; `state` says whether it is good now, `renewable` whether it could live longer."""

    id: str
    code: str
    state: minting.State
    order_number: str | None
    campaign: str | None
    expires_at: datetime | None
    renewable: bool


def view(own: MintedCode) -> OwnCode:
    """As its owner sees it."""
    may = renewal.may_be_renewed(own, clock.now()) and own.campaign is None
    return OwnCode(own.public_id, own.code, own.state, own.order_number, own.campaign, own.expires_at, may)
