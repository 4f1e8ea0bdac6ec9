"""May customers speak instead of typing, and who hears them?

Two ways, each off until somebody of the shop decided for it:

* the **browser's own recogniser**: an operator switches it on in the desk, where it says that some browsers send the
  sound to their maker;
* a **recording** that goes to one endpoint for transcription, which whoever runs the server names in the settings
  (`MASHANG_VOICE_URL`).  It is not in the desk: an address typed there must never lead into the network this server
  stands in, and one's own transcription server stands exactly there.

Without either, customers' pages have no such button and ask for no microphone.

Does not: hear anything (`channels.web.voice`).
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.kit.db import Database, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.kit.settings import Settings
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.permissions import require

Way = Literal["recogniser", "recording"]


class VoiceDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """May customers' browsers recognise speech with what they bring along?"""

    recogniser: bool


class VoiceView(msgspec.Struct, frozen=True):
    """How voice stands; `host` and `model` of the endpoint for recordings, None without one."""

    recogniser: bool
    host: str | None
    model: str | None


async def ways(tx: Tx, settings: Settings) -> list[Way]:
    """How customers may speak here, the one to be tried first first."""
    found: list[Way] = ["recogniser"] if await tx.value("select browser_recogniser from installation") else []
    return [*found, "recording"] if settings.voice_url else found


@get("/voice", responses=refusals(NotSignedIn, NotAllowed))
async def show_voice(
    db: NamedDependency[Database], settings: NamedDependency[Settings], agent: NamedDependency[Agent]
) -> VoiceView:
    """How voice stands."""
    require(agent, "sites.read")
    async with db.transaction() as tx:
        return _view(settings, recogniser="recogniser" in await ways(tx, settings))


@put("/voice", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def put_voice(
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    data: JSONBody[VoiceDraft],
) -> VoiceView:
    """Switch the browser's recogniser on or off for all customers' pages."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        before = await tx.value("select browser_recogniser from installation for update")
        if before != data.recogniser:
            await tx.run("update installation set browser_recogniser = %s", (data.recogniser,))
            told = {"recogniser": data.recogniser}
            await audit.record(tx, agent, "voice.set", "installation", before={"recogniser": before}, after=told)
    return _view(settings, recogniser=data.recogniser)


def _view(settings: Settings, *, recogniser: bool) -> VoiceView:
    if not settings.voice_url:
        return VoiceView(recogniser, None, None)
    return VoiceView(recogniser, urlsplit(settings.voice_url).netloc, settings.voice_model)


ROUTES = [show_voice, put_voice]
