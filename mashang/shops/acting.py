"""What a shop is asked to do for the owner of an order: the connector contract's actions.

Each request carries a key that makes it happen once, and what became of it can be
asked by that key: whoever loses an answer asks, and need not repeat.

Does not: decide who may ask, or remember what was asked (`actions`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from mashang.shops.contract import STORABLE, Action, Id, Instant, Line, Masked, MaskedKey, Told

ActionKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16,64}$(?!\n)")]


class ActionRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Do this for the owner of an order.

    `resend`: issue what is due and was not, send again what was; `reissue`: void the line's keys and
    issue others; `refund`: note that the owner asks for it.  `key` makes it happen once: whoever sends
    a request with the same key again, at the same moment even, is answered as before.
    """

    key: ActionKey
    action: Action
    line: Annotated[Id, Meta(description="null: the whole order")] | None = None
    asked_by: Literal["customer", "agent"]
    reason: Line = ""


class ActionDone(Told, frozen=True, kw_only=True, tag="done", tag_field="outcome", omit_defaults=True):
    """It has happened, at `at`."""

    at: Instant
    text: Line = ""
    key_masked: MaskedKey | None = None
    to_masked: Masked | None = None


class ActionAccepted(Told, frozen=True, kw_only=True, tag="accepted", tag_field="outcome", omit_defaults=True):
    """It is noted; somebody in the shop decides."""

    at: Instant
    text: Line = ""


class ActionRefused(Told, frozen=True, kw_only=True, tag="refused", tag_field="outcome", omit_defaults=True):
    """Nothing has happened, and nothing will."""

    reason: Literal["not_possible", "not_paid", "refunded", "out_of_stock", "too_many"]
    text: Line = ""


ActionAnswer = ActionDone | ActionAccepted | ActionRefused


class RevealRequest(Struct, frozen=True, kw_only=True):
    """An agent must read the keys of a line, for a reason that both sides keep."""

    line: Id
    reason: Line
    asked_by: Annotated[Line, Meta(description="the agent's name")]


class CardKeys(Struct, frozen=True, kw_only=True):
    """The keys of one line, readable: the one answer that carries any.  Kept nowhere."""

    keys: Annotated[list[Annotated[str, Meta(min_length=1, max_length=500, pattern=STORABLE)]], Meta(max_length=100)]
