"""Merging two articles over HTTP, for whoever edits the knowledge; codes that answer with the one that goes follow.

Does not: decide whether they may be merged (`knowledge.merging`); it stands here because only the desk knows both the
knowledge and the codes.
"""

from __future__ import annotations

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.codes import succession, topics
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.knowledge import merging
from mashang.knowledge.api import ArticleView, Seen, article_view
from mashang.knowledge.article import ArticleArchived, ArticleMoved, PublicId
from mashang.knowledge.merging import MergeLosesLanguage, MergeLosesPlaybook, MergeUntold
from mashang.staff import Agent
from mashang.staff.permissions import require


class ArticleMerge(msgspec.Struct, forbid_unknown_fields=True):
    """The other article, which goes, and which versions of both were read."""

    version: Seen
    other: PublicId
    other_version: Seen


@post(
    "/knowledge/articles/{id:str}/merge",
    status_code=200,
    responses=refusals(
        NotSignedIn, NotAllowed, NotFound, Invalid, ArticleMoved, ArticleArchived, MergeUntold, MergeLosesLanguage,
        MergeLosesPlaybook,
    ),
)  # fmt: skip
async def merge_articles(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[ArticleMerge]
) -> ArticleView:
    """Let this article say what the other said; the other is archived, and its phrasings and readers come along."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        await succession.one_at_a_time(tx)  # before the knowledge: whoever takes topics away holds both in this order
        into, gone = await merging.merge(tx, agent, (id, data.version), (data.other, data.other_version))
        await topics.answer_with_article(tx, agent, gone.key, into.key)
        return await article_view(tx, into)


ROUTES = [merge_articles]
