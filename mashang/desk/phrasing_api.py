"""From a customer's message to the knowledge in one click, over HTTP: their words become a phrasing of an article.

Who edits the knowledge adds it, or begins an article with it; everybody else proposes.  What was masked in the message
stays masked, and what is typed into it on the way is masked again.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from mashang.codes import declared
from mashang.conversations.entry import PublicId
from mashang.desk import conversation
from mashang.guard import masking
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import NotAllowed, NotFound, NotSignedIn
from mashang.knowledge import editing, reading, wording
from mashang.knowledge.article import LONGEST_TITLE, ArticleDraft, Text
from mashang.knowledge.phrasing import LONGEST, Locale
from mashang.knowledge.wording import Added, TooManyProposed
from mashang.staff import Agent
from mashang.staff.permissions import permitted, require

Number = Annotated[int, PathParameter(ge=1, le=2_000_000_000, description="number of the entry")]


class PhrasingOfMessage(msgspec.Struct, forbid_unknown_fields=True):
    """The words to add, as somebody shortened them; `article` null: a new draft begins with them."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")]
    locale: Locale
    article: PublicId | None = None


class Asked(msgspec.Struct):
    """What became of it, and of which article."""

    article: str
    title: str
    added: Added


@post(
    "/conversations/{id:str}/entries/{seq:int}/phrasing",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, TooManyProposed),
)
async def add_message_to_knowledge(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    id: Id,
    seq: Number,
    data: JSONBody[PhrasingOfMessage],
) -> Asked:
    """Let what a customer wrote ask for an article from now on."""
    edits = permitted(agent, "knowledge.edit")
    if data.article is None:
        require(agent, "knowledge.edit")
    text = masking.mask(data.text, await declared.rules(db)).text
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        await _demand_customers_words(tx, found.id, seq)
        article = data.article or await _begun(tx, agent, data.locale, text)
        added = await wording.add(
            tx,
            agent,
            article,
            data.locale,
            [text],
            source="conversation" if edits else "proposed",
            conversation_id=found.id,
        )
        return Asked(article, (await reading.find(tx, article)).title, added)


async def _demand_customers_words(tx: Tx, conversation_id: int, seq: int) -> None:
    said = await tx.value(
        "select 1 from entry where conversation_id = %s and seq = %s and kind = 'text' and author = 'customer'",
        (conversation_id, seq),
    )
    if said is None:
        raise NotFound


async def _begun(tx: Tx, agent: Agent, locale: Locale, text: str) -> str:
    title = " ".join(text.split())[:LONGEST_TITLE]
    return (await editing.create(tx, agent, ArticleDraft(texts={locale: Text(title)}))).public_id


ROUTES = [add_message_to_knowledge]
