"""Which codes die, over HTTP: seen by who may see the codes, also as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Stream

from mashang.desk.ending import EndingCodes, EndingGroup, EndingTopic, ending
from mashang.desk.export import EXPORTS, as_file, moment
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import NotAllowed, NotSignedIn, TooMany
from mashang.kit.i18n import sentence
from mashang.kit.sheet import MARK, line
from mashang.staff import Agent, audit, installation
from mashang.staff.permissions import require

_TOPIC = ("code", "name", "department", "concern", "ends_at", "last_used_at", "attempts", "successor", "instead")
_COUNTS = (
    "issued", "used", "unused_at_end", "unused_long", "ending", "live", "revoked", "renewed", "reminded",
    "renewed_then",
)  # fmt: skip


@get("/ending-codes", responses=refusals(NotSignedIn, NotAllowed))
async def show_ending_codes(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent]
) -> EndingCodes:
    """Topic codes that ended, end soon or are not used, and the sums of minted codes."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return await ending(tx, locale_of(request))


@post("/ending-codes/export", status_code=200, responses=refusals(NotSignedIn, NotAllowed, TooMany))
async def export_ending_codes(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Stream:
    """The page's two tables as CSV."""
    require(agent, "conversations.export")
    require(agent, "codes.read")
    EXPORTS.take(str(agent.id))
    locale = locale_of(request)
    async with db.transaction() as tx:
        found, zone = await ending(tx, locale), await installation.zone(tx)
        await audit.record(tx, agent, "topic.ending_exported", "topics")
    return as_file(_lines(found, clock.now(), zone, locale), "ending-codes")


def _lines(found: EndingCodes, now: datetime, zone: ZoneInfo, locale: str) -> Iterator[str]:
    def heads(names: Sequence[str]) -> str:
        return line(sentence(f"ending_{name}", locale, zone=zone.key) for name in names)

    yield MARK + line([sentence("ending_at", locale, at=moment(now, zone), zone=zone.key)])
    yield heads(_TOPIC)
    yield from (line(_topic(one, zone, locale)) for one in found.topics)
    yield "\r\n" + heads(("campaign", "scene", *_COUNTS))
    yield from (line(_group(one)) for one in found.groups)


def _topic(one: EndingTopic, zone: ZoneInfo, locale: str) -> list[object]:
    return [
        one.code, one.name, one.department, sentence(f"ending_{one.concern}", locale), moment(one.ends_at, zone),
        moment(one.last_used_at, zone), one.attempts, one.successor or "", one.instead or "",
    ]  # fmt: skip


def _group(one: EndingGroup) -> list[object]:
    return [one.campaign or "", one.scene, *(getattr(one, name) for name in _COUNTS)]


ADMIN_ROUTES = [show_ending_codes, export_ending_codes]
