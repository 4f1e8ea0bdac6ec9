"""One incident, as it stands in its row, and what is said of it: by an operator or a shop, and at its end.

A shop's words and times are bounded to what can be shown; an operator's that cannot be meant are refused.

Does not: open, change or end one (`incidents`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, Self

import msgspec

from mashang.kit import clock
from mashang.kit.errors import Invalid
from mashang.kit.text import printable
from mashang.shops import contract

EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Source = Literal["operator", "shop"]


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `incident`."""

    id: int
    public_id: str
    source: Source
    shop_id: int | None
    told_as: str | None
    title: str
    title_en: str
    text: str
    text_en: str
    starts_at: datetime
    ends_at: datetime | None
    codes: list[str]
    closed_at: datetime | None
    closed_by: str | None
    quiet: bool
    end_text: str
    end_text_en: str
    version: int
    reported_at: datetime | None
    heard_at: datetime | None
    listed: bool
    opened_at: datetime

    def called(self, locale: str) -> str:
        """Its title in a language."""
        return (locale == "en" and self.title_en) or self.title

    def told(self, locale: str) -> str:
        """Its text in a language."""
        return (locale == "en" and self.text_en) or self.text

    @property
    def said(self) -> Said:
        """What is said of it now."""
        return Said(**{name: getattr(self, name) for name in Said.__struct_fields__})


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of an incident, whoever says it; an operator's may be for the sites of one shop."""

    title: str
    title_en: str = ""
    text: str = ""
    text_en: str = ""
    starts_at: datetime
    ends_at: datetime | None = None
    codes: list[str] = []

    @classmethod
    def of(cls, one: contract.Incident) -> Self:
        """A shop's, within what can be shown: no controls, and within this century."""
        return cls(
            title=" ".join(printable(one.title).split()) or one.id,
            text=printable(one.text).strip(),
            starts_at=bounded(one.starts_at),
            ends_at=bounded(one.ends_at) if one.ends_at else None,
            codes=sorted({code for said in one.codes if (code := said.strip().upper()).isalnum() and code.isascii()}),
        )

    @property
    def is_over(self) -> bool:
        """Its time is over, or ended before it began."""
        return self.ends_at is not None and self.ends_at <= max(clock.now(), self.starts_at)


class Ending(msgspec.Struct, frozen=True):
    """What the affected are told at the end; "" is the sentence prepared for it, `quiet` is nothing at all."""

    text: str = ""
    text_en: str = ""
    quiet: bool = False


def bounded(at: datetime) -> datetime:
    """Within this century."""
    return min(max(at, EARLIEST), _LATEST)


def demand_sense(said: Said, began: datetime | None = None) -> None:
    """An operator can mean it; `began` is a start that was said before.  Raises Invalid."""
    if not said.title.strip():
        raise Invalid(field="title", reason="empty")
    if said.ends_at is not None and said.ends_at <= said.starts_at:
        raise Invalid(field="ends_at", reason="order")
    if said.ends_at is not None and said.ends_at <= clock.now():
        raise Invalid(field="ends_at", reason="past")
    for field, at in (("starts_at", said.starts_at), ("ends_at", said.ends_at)):
        if at is not None and at != began and not clock.now() - timedelta(days=30) <= at <= _LATEST:
            raise Invalid(field=field, reason="too_far")
