"""Two articles that say the same become one: the chosen one keeps its text and is asked for in the words of both.

The other is archived and says which one it went into, so that its address, a code and a playbook that name it lead to
the one that is left.  Its versions stay.  Nothing customers can be told now may get lost on the way: a language, a
playbook that answers, or the answer itself; then it is refused, and says why.

Does not: change what codes answer with (`desk.merge_api`), or tell which are alike (`doctoring`).
"""

from __future__ import annotations

from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, Refusal
from mashang.knowledge import editing, reading, wording
from mashang.knowledge.article import Article, ArticleArchived
from mashang.staff.audit import Actor


class MergeUntold(Refusal):
    """Customers are told `title` now, and would not be told `into`."""

    status, code = 409, "merge_untold"


class MergeLosesLanguage(Refusal):
    """`title` is written in a language that `into` is not written in: `language`."""

    status, code = 409, "merge_loses_language"


class MergeLosesPlaybook(Refusal):
    """A playbook answers in place of `title`, and another or none in place of `into`: `playbook`."""

    status, code = 409, "merge_loses_playbook"


async def merge(tx: Tx, by: Actor | None, kept: tuple[str, int], other: tuple[str, int]) -> tuple[Article, Article]:
    """Let the first go on for both, each by its public id and the version that was seen; the two as they are then.

    Raises NotFound, Invalid, ArticleMoved, ArticleArchived, MergeUntold, MergeLosesLanguage, MergeLosesPlaybook.
    """
    await editing.begin_change(tx)
    if kept[0] == other[0]:
        raise Invalid(field="other", reason="same")
    into, gone = await editing.seen(tx, *kept), await editing.seen(tx, *other)
    await _demand_nothing_lost(tx, gone, into)
    await wording.move_all(tx, gone, into)
    into = await editing.merge(tx, by, gone, into)
    return into, await reading.find(tx, gone.public_id)


async def _demand_nothing_lost(tx: Tx, gone: Article, into: Article) -> None:
    for one in (into, gone):
        if one.status == "archived":
            raise ArticleArchived(title=one.title)
    titles = {"title": gone.title, "into": into.title}
    told, left = await reading.by_id(tx, gone.public_id), await reading.by_id(tx, into.public_id)
    if told and not left:
        raise MergeUntold(**titles)
    before, after = (told.texts, left.texts) if told and left else (gone.texts, into.texts)
    if lost := [locale for locale in before if locale not in after]:
        raise MergeLosesLanguage(language=lost[0], **titles)
    if gone.playbook and gone.playbook != into.playbook:
        raise MergeLosesPlaybook(playbook=gone.playbook, **titles)
