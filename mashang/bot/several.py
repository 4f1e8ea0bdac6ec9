"""Several questions in one message: none of them is lost.

Sentence marks and the words that begin another question (`several.txt`) part a message; a comma alone never does
(measured: of 440 questions with commas, five that are answered right would become two), and a sentence that only asks
or tells more of the one before stays with it.  Only where two parts are sure to have different answers are there
several questions: everything else is one, and found as a whole.

Of several, each is offered as a button; who wants all of them begins with the first.  Once one is answered the others
are offered again, and what nobody came to stands in the hand-over's summary.

Said while a playbook runs, they are kept until it has ended and offered then; the playbook asks its question again,
unless their words answer it: then one other question is enough.  The same ones once more are heard as any other words.

Does not: decide which is meant (the customer does), or tell articles (`turn`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import cache
from pathlib import Path

from mashang.bot import hearing, telling
from mashang.bot.deciding import ARTICLE, Found
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import AssistantPart, Author
from mashang.kit.db import Tx
from mashang.knowledge import reading
from mashang.routing import assistance
from mashang.routing.assistance import Assistance, OpenQuestion
from mashang.staff import assistant

MOST = 5  # questions of one message
_SHORTEST = 4  # letters of a part that a sentence mark alone begins: less is a word beside what was asked
_EDGES = " \t\n\r,，、:：;；.。!！?？~～…"
_MARKS = r"[。！？；!?;\n\r]++|\.(?=\s|$)"
_GAP = r"\s{0,9}"  # no more: a message of gaps alone is read in no time, too

Finds = Callable[[str], Awaitable[Found]]


def parts(text: str) -> list[str]:
    """The parts as they stand in the text; one where nothing parts it."""
    between = [*_between().finditer(text)]
    starts = [(0, True), *((one.end(), one["joined"] is not None) for one in between)]  # and whether words begin it
    ends = [*(one.start() for one in between), len(text)]
    spans: list[tuple[int, int]] = []
    before = 0  # letters of the last
    for (start, is_joined), end in zip(starts, ends, strict=True):
        letters = _letters(text[start:end])
        if is_joined or (min(letters, before) >= _SHORTEST and not _is_of_the_same(text[start:end])):
            spans.append((start, end))
            before = letters
        else:
            spans[-1] = (spans[-1][0], end)
            before += letters
    return [part for start, end in spans if _letters(part := text[start:end].strip(_EDGES))]


def asked_apart(text: str) -> list[str]:
    """The parts, where something is asked or words begin another question; else its sentences tell one story."""
    asks = hearing.is_question(text) or not {"?", "？"}.isdisjoint(text)
    return parts(text) if asks or any(one["joined"] for one in _between().finditer(text)) else [text]


async def asked(find: Finds, text: str, at_least: int = 2) -> tuple[OpenQuestion, ...]:
    """The questions, where `at_least` so many are sure to have different answers; none where it is not parted."""
    said = list(dict.fromkeys(asked_apart(text)))  # sent twice, it is asked once
    found = [(one, await find(one)) for one in said[:MOST]] if len(said) > 1 else []
    sure = {answer.candidates[0].id: one for one, answer in reversed(found) if answer.band == "answer"}
    if len(sure) < at_least:
        return ()
    of = {one: article for article, one in sure.items()}
    others = [one for one, answer in found if answer.band != "answer" and not hearing.small_talk(one)] + said[MOST:]
    lines = {one: one.partition("\n")[0] for one in said}  # each as it stands in one message
    return tuple(OpenQuestion(lines[one], of.get(one, "")) for one in said if one in of or one in others)


def beside(asked: Sequence[OpenQuestion], known: Assistance, its_own: Collection[str]) -> tuple[OpenQuestion, ...]:
    """Those that are about something else than the playbook that runs; none where none of them is new."""
    asking = (one for one in asked if one.article or hearing.is_question(one.said))  # the rest may be its answer
    others = tuple(one for one in asking if one.article not in its_own)
    before = assistance.open_questions(known)
    return others if any(one.article and one not in before for one in others) else ()


async def still_open(tx: Tx, known: Assistance) -> list[OpenQuestion]:
    """Those that nobody came to, each with the article that tells it by now."""
    return [OpenQuestion(one.said, await _by_now(tx, one.article)) for one in assistance.open_questions(known)]


async def pressed_for(tx: Tx, known: Assistance, option: str) -> str:
    """The question that this button answers; "" where it answers none of them."""
    article = await _by_now(tx, option.removeprefix(ARTICLE)) if option.startswith(ARTICLE) else ""
    return next((one.said for one in await still_open(tx, known) if article and one.article == article), "")


async def judged_for(tx: Tx, known: Assistance, seq: int) -> str:
    """The question among several whose answer this entry is; "" where it answers none of them."""
    shown = next((str(one["id"]) for one in known.shown if one["seq"] == seq), "")
    article = await _by_now(tx, shown) if shown else ""
    told = [one.said for one in assistance.answered_questions(known) if await _by_now(tx, one.article) == article]
    return told[-1] if told else ""


async def first_of_all(tx: Tx, known: Assistance, text: str, offered: AssistantPart) -> str | None:
    """The button to begin with, where these words want all of the questions that are offered; None elsewhere."""
    if not hearing.wants_all(text):
        return None
    buttons = [one.id for one in offered.options if one.id.startswith(ARTICLE)]
    are_questions = [await pressed_for(tx, known, one) for one in buttons]
    return buttons[0] if buttons and all(are_questions) else None


async def note(tx: Tx, known: Assistance, *, asked: Sequence[OpenQuestion], answered: str | None) -> None:
    """Several were asked at once, or one is answered by this article.  The caller holds the conversation's row."""
    before = await still_open(tx, known)
    told = [one for one in before if answered and one.article == answered]
    still = [one for one in before if one not in told and one not in asked]
    await assistance.note_questions(tx, known.conversation_id, [*still, *asked], answered=told)


async def _by_now(tx: Tx, article: str) -> str:
    """One that was merged since it was found is told by the other."""
    return await reading.instead_of(tx, article) or article


async def offer_rest(tx: Tx, conversation: Conversation, locale: str) -> None:
    """One button for each question that was asked beside the one that has its answer.  The caller holds the row."""
    known = await assistance.of(tx, conversation.id)
    if known is None or known.run is not None or conversation.status != "assisted":
        return
    found = [await reading.by_former_id(tx, one.article) for one in assistance.open_questions(known) if one.article]
    if articles := list({one.id: one for one in found if one}.values()):
        author = Author("assistant", name=(await assistant.settings(tx)).called(conversation.locale))
        await timeline.append(tx, telling.choices(telling.Voice(conversation.id, author, locale), articles, "rest"))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _is_of_the_same(text: str) -> bool:
    """Does this sentence only ask, or tell, more of the one before it?"""
    return _of_the_same().search(text.strip(_EDGES)) is not None


@cache
def _of_the_same() -> re.Pattern[str]:
    words = _words()
    return re.compile("|".join([rf"^{_one_of(words['same'])}$", *words["told"]]), re.IGNORECASE)


@cache
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        name, _, said = line.partition(":")
        if line and not line.startswith("#"):
            words.setdefault(name, []).extend(one.strip() for one in said.split(" | "))
    return words


@cache
def _between() -> re.Pattern[str]:
    """What stands between two parts; `joined` where words begin the second."""
    of = {name: _one_of(said) for name, said in _words().items() if name != "told"}
    joined = rf"(?:^|[,，、\s]){_GAP}{of['after']}|[,，、]{_GAP}{of['marked']}|\s(?={of['anywhere']})"
    return re.compile(rf"(?P<joined>(?:{_MARKS}){_GAP}{of['after']}|{joined})|{_MARKS}", re.IGNORECASE)


def _one_of(words: list[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(one) + ('(?![a-z])' if one.isascii() else '') for one in longest_first)})"
