"""The assistant as the installation sets it: on or off, what it is called, how sure it must be, what it greets with.

One row, read in the transaction that needs it, so a change holds at once in every process.  A fresh installation has
it switched off: it begins to answer when somebody of the shop decided so.

Does not: find or say anything (`knowledge`, `bot`).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.kit import i18n
from mashang.kit.db import Database, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.audit import Actor
from mashang.staff.permissions import require

_LINE = r"^[^\x00-\x1f\x7f]*$"
_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_PARAGRAPH = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Greeting = Annotated[str, Meta(max_length=500, pattern=_PARAGRAPH)]
RiskWord = Annotated[str, Meta(min_length=1, max_length=40, pattern=_WORDS)]


class Assistant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What operators set.  `target_precision`: how much of what is answered must be right.

    `risk_words` hand over to a person wherever a customer writes them, beside the words that come with the product.
    `ignored_words` are those of the latter that call nobody in this shop.
    """

    is_on: bool
    name: Annotated[str, Meta(min_length=1, max_length=20, pattern=_WORDS)]
    name_en: Annotated[str, Meta(max_length=30, pattern=_LINE)] = ""
    greeting: Greeting = ""
    greeting_en: Greeting = ""
    target_precision: Annotated[float, Meta(ge=0.5, le=0.999)] = 0.95
    risk_words: Annotated[list[RiskWord], Meta(max_length=200)] = []
    ignored_words: Annotated[list[RiskWord], Meta(max_length=200)] = []

    def called(self, locale: str) -> str:
        """Its name for a reader of `locale`."""
        return self.name_en if locale == "en" and self.name_en else self.name

    @property
    def is_named(self) -> bool:
        """Has the operator given it a name, or is it what it is?"""
        return not {self.name, self.name_en or self.name} <= {
            i18n.sentence("assistant_name", locale) for locale in i18n.LOCALES
        }

    def greets(self, locale: str) -> str:
        """The operator's own first words, perhaps none."""
        return self.greeting_en if locale == "en" and self.greeting_en else self.greeting


_COLUMNS = "is_on, name, name_en, greeting, greeting_en, target_precision, risk_words, ignored_words"


async def settings(tx: Tx) -> Assistant:
    """As it is set now."""
    return msgspec.convert(await tx.one(f"select {_COLUMNS} from assistant"), Assistant)


async def put_settings(tx: Tx, by: Actor | None, wanted: Assistant) -> Assistant:
    """Set it."""
    await tx.run("select 1 from assistant for update")
    before = await settings(tx)
    kept = msgspec.structs.replace(
        wanted,
        name=wanted.name.strip(),
        name_en=wanted.name_en.strip(),
        greeting=wanted.greeting.strip(),
        greeting_en=wanted.greeting_en.strip(),
        risk_words=_each_once(wanted.risk_words),
        ignored_words=_each_once(wanted.ignored_words),
    )
    if kept != before:
        values = msgspec.structs.asdict(kept)
        await tx.run(f"update assistant set {', '.join(f'{name} = %({name})s' for name in values)}", values)
        await audit.record(tx, by, "assistant.set", "assistant", before=msgspec.structs.asdict(before), after=values)
    return kept


def _each_once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words))


@get("/assistant", responses=refusals(NotSignedIn, NotAllowed))
async def show_assistant(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Assistant:
    """How the assistant is set."""
    require(agent, "sites.read")
    async with db.transaction() as tx:
        return await settings(tx)


@put("/assistant", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def put_assistant(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Assistant]
) -> Assistant:
    """Switch the assistant on or off, and say what it is called and how sure it must be."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        return await put_settings(tx, agent, data)


ROUTES = [show_assistant, put_assistant]
