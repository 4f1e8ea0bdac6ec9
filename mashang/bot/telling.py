"""What the assistant writes: an article's words, choices, a question, a word of its own.

Does not: decide which of them (`deciding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mashang.bot.deciding import ARTICLE, DIAGNOSE
from mashang.bot.matters import Matter
from mashang.conversations.choosing import NONE, PERSON
from mashang.conversations.entry import ArticleLink, AssistantPart, Author, NewEntry, Option
from mashang.kit.i18n import sentence
from mashang.knowledge import rendering
from mashang.knowledge.article import Text
from mashang.knowledge.reading import Published

_LONGEST = 4000  # characters of an article in a chat
_LONGEST_LABEL = 80


class Voice(msgspec.Struct, frozen=True):
    """Where it is written, as whom, and in which language."""

    conversation_id: int
    author: Author
    locale: str


def text_of(article: Published, locale: str) -> Text:
    """Its words in the reader's language, else in the one it has."""
    return article.texts.get("en" if locale == "en" else "zh-CN") or next(iter(article.texts.values()))


def answer(voice: Voice, article: Published, reworded: str | None = None, leads_to: Matter | None = None) -> NewEntry:
    """The article's own words, or those a model found for them; and what it leads to, to be tapped."""
    words = text_of(article, voice.locale)
    link = ArticleLink(article.id, words.title)
    options = (
        [_diagnosis(leads_to, sentence("assistant_check", voice.locale, matter=leads_to.called(voice.locale)))]
        if leads_to
        else []
    )
    part = AssistantPart("answer", link, options=options, asks_helpful=True, worded=reworded is not None)
    told = reworded or rendering.plain(words.body).strip()
    return _entry(voice, told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…", part)


def template(voice: Voice, words: str) -> NewEntry:
    """What the operator wrote for a code."""
    return _entry(voice, words, AssistantPart("answer", asks_helpful=True))


def choices(voice: Voice, articles: Sequence[Published], why: str) -> NewEntry:
    """Some to choose from; whoever does not wait for a person yet may say that it is none of them."""
    options = [Option(f"{ARTICLE}{one.id}", text_of(one, voice.locale).title[:_LONGEST_LABEL]) for one in articles]
    if why == "rest":
        options.append(Option(PERSON, sentence("assistant_person", voice.locale)))
    elif why != "beside":
        options.append(Option(NONE, sentence("assistant_none", voice.locale)))
    return _entry(voice, sentence(f"assistant_{why}", voice.locale), AssistantPart("choices", options=options))


def matters(voice: Voice, fitting: Sequence[Matter], order: str | None) -> NewEntry:
    """What an order or a topic may be about, to begin with."""
    options = [_diagnosis(one, one.called(voice.locale)) for one in fitting]
    told = sentence("assistant_matters_order" if order else "assistant_matters", voice.locale, number=order or "")
    return _entry(voice, told, AssistantPart("choices", options=options, order_number=order))


def _diagnosis(matter: Matter, label: str) -> Option:
    return Option(f"{DIAGNOSE}{matter.article}", label[:_LONGEST_LABEL])


def ask(voice: Voice, why: str) -> NewEntry:
    """Something to write, or a person."""
    options = [Option(PERSON, sentence("assistant_person", voice.locale))]
    part = AssistantPart("ask", options=options, expects="text")
    return _entry(voice, sentence(f"assistant_{why}", voice.locale), part)


def say(voice: Voice, why: str, again: AssistantPart | None = None) -> NewEntry:
    """A word of its own; what was offered before stands below it `again`."""
    return _entry(voice, sentence(f"assistant_{why}", voice.locale), again or AssistantPart("say"))


def _entry(voice: Voice, text: str, part: AssistantPart) -> NewEntry:
    data: dict[str, Any] = {"assistant": msgspec.to_builtins(part)}
    return NewEntry(conversation_id=voice.conversation_id, author=voice.author, text=text, data=data)
