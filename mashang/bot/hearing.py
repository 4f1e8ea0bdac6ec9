"""What a customer said since the last answer, and whether it asks for anything at all.

Several short messages in a row are one question.  Greetings and thanks get a word of their own and are never a
misunderstanding; words of anger, of the law or of danger are for people.

Pure.  Does not: decide what follows (`deciding`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from mashang import codes
from mashang.conversations.choosing import HELPFUL, NOT_HELPFUL, PERSON
from mashang.conversations.entry import AssistantPart, Choice
from mashang.guard import masking

SmallTalk = Literal["greeting", "thanks", "bye", "ok", "who", "opening"]
_VERDICTS = {"helpful": HELPFUL, "not_helpful": NOT_HELPFUL}

LONGEST = 500  # characters of a question: who writes more begins with the matter
_HERE = Path(__file__).parent
_APOSTROPHES = str.maketrans("", "", "'’‘`")
_ARTICLE = re.compile(r"^(?:a|an|the|my) ")
_NUMBER = re.compile(r"[A-Za-z]{0,4}-?\d[\d:./-]*", re.ASCII)
_SHORTEST_NUMBER = 6  # figures; three are the name of an error
_CLAUSE = re.compile(r"\w[\w ]*")
_CLAUSE_OR_QUESTION = re.compile(r"\w[\w ]*\??")
_CODE = re.compile(r"[0-9]{4,6}")
_DOUBLED = re.compile(r"(.)\1{2,}")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the customer."""

    seq: int
    text: str
    is_file: bool = False
    choice: Choice | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """All of them: up to which entry, the words, the buttons pressed (oldest first), and whether a file came.

    `words_from`: the first entry of the words.  `typed`: the button that these name, or the last of them alone.
    """

    seq: int
    text: str = ""
    choices: tuple[Choice, ...] = ()
    has_file: bool = False
    words_from: int = 0
    typed: Choice | None = None

    @property
    def pressed(self) -> Choice | None:
        """The button that stands, when nothing was said after it."""
        return self.choices[-1] if self.choices and not self.text else None

    @property
    def entries(self) -> range:
        """Those of the words; of the last alone, where there are none."""
        return range(self.words_from or self.seq, self.seq + 1)


def gathered(messages: Sequence[Message], repeated: Iterable[Choice] = ()) -> Said:
    """What these messages say together; a button of `repeated` was pressed before and says nothing more.

    A wish for a person counts however often it was pressed: the assistant may have been called back since.
    """
    known = list(repeated)
    words: list[str] = []
    words_from = 0
    choices: list[Choice] = []
    for message in messages:
        if message.choice is None:
            words += [message.text] if not message.is_file else []
            words_from = words_from or message.seq
        elif message.choice not in known or message.choice.id == PERSON:
            known.append(message.choice)
            choices.append(message.choice)
            words.clear()  # what was said before a button is answered by it
            words_from = 0
    return Said(
        seq=max((message.seq for message in messages), default=0),
        text="\n".join(words).strip()[:LONGEST],
        words_from=words_from,
        choices=tuple(choices),
        has_file=any(message.is_file for message in messages),
    )


def picked(text: str, part: AssistantPart, *, among_others: bool = False) -> str | None:
    """The option that was typed instead of pressed, by its number or its label; see `named`.

    Where a picture, a number or words are asked for, a button is meant by its whole label alone.
    """
    if part.kind != "choices" and part.expects != "choice":
        said = _bare(text)
        return next((one.id for one in part.options if said and said == _bare(one.label)), None)
    return named(text, [(one.id, [one.label]) for one in part.options], among_others=among_others)


def named(text: str, options: Sequence[tuple[str, Sequence[str]]], *, among_others: bool = False) -> str | None:
    """The one of these options, by id with their names, that is said by its number or name and nothing else.

    `among_others`: or whose name stands among other words, where no other's does; one that is denied is not meant.
    """
    said = _bare(text)
    ids = {_bare(name): one for one, names in reversed(options) for name in names}
    number = _numbers().get(said, 0)
    by_number = options[number - 1][0] if 0 < number <= len(options) else None
    if said and (found := ids.get(said) or by_number):
        return found
    return _among_others(text, options) if among_others else None


def declined(text: str, options: Sequence[tuple[str, Sequence[str]]], asked: Iterable[str]) -> str | None:
    """The option that says no, where these words deny what was `asked`, or what another option says, and no more."""
    said = _without_beside(text)
    kind = next((words for words in _denials() if said.startswith(words)), None)
    if kind is None or _plain(text).rstrip().endswith("?"):
        return None
    denial = next(word for word in kind if said.startswith(word))
    rest = said.removeprefix(denial).removesuffix("yet")
    plain = [(one, [_without_beside(name) for name in names]) for one, names in options]
    questions = [_without_beside((_CLAUSE.findall(_plain(question)) or [""])[-1]) for question in asked]
    denied = {one for one, names in plain if any(_is_denied(rest, name, questions) for name in names)}
    if rest and not denied and not any(_asks_so(rest, question) for question in questions):
        return None
    no = {word for words in _denials() for word in words} if rest else set(kind)
    refusing = {one for one, names in plain if one not in denied and any(_refuses(name, no, rest) for name in names)}
    return refusing.pop() if len(refusing) == 1 else None


def _is_denied(rest: str, name: str, questions: Iterable[str]) -> bool:
    """Is it what this option says: its beginning, or all of it and what it was asked about?"""
    if not rest or not name:
        return False
    return name.startswith(rest) or (
        rest.startswith(name) and any(rest.removeprefix(name) in question for question in questions)
    )


def _refuses(name: str, no: set[str], rest: str) -> bool:
    """Is it a plain no, or one to what is denied?"""
    denies = (name.removeprefix(word) for word in no if rest and not word.isascii() and name.startswith(word))
    return name in no or any(what and rest.startswith(what) for what in denies)


def _asks_so(rest: str, question: str) -> bool:
    return question.endswith(rest) if rest.isascii() else len(rest) > 1 and question.startswith(rest)


def _among_others(text: str, options: Sequence[tuple[str, Sequence[str]]]) -> str | None:
    of = {plain: one for one, names in options for name in names if _is_telling(plain := _stem(name))}
    if not of:
        return None
    words = _one_of(of)
    meant = {
        of[found["word"]]
        for found in re.finditer(f"(?P<word>{words})|{_not()} ?{words}", _plain(text))
        if found["word"]
    }
    return meant.pop() if len(meant) == 1 else None


def _stem(name: str) -> str:
    return _ARTICLE.sub("", _plain(name).strip())


def _is_telling(name: str) -> bool:
    """Too short a word stands in others and says nothing there."""
    return len(name) > (2 if name.isascii() else 1)


def judging(said: Said, seq: int) -> Said:
    """What was said, with words that only tell whether the answer `seq` helped as a press on its button."""
    lines = [_bare(line) for line in said.text.splitlines() if line.strip()]
    verdicts = [_VERDICTS[kind] for line in lines if (kind := _kinds("verdict.txt").get(line)) is not None]
    if said.has_file or not lines or len(verdicts) < len(lines):
        return said
    choice = Choice(seq, verdicts[-1])
    return msgspec.structs.replace(said, text="", choices=(*said.choices, choice), typed=choice)


def has_it_not(text: str) -> bool:
    """Does it only say that what is asked for is not known, or not at hand?"""
    return _says_only(text, "not_at_hand.txt") == "none"


def wants_all(text: str) -> bool:
    """Does it only say that all that is offered is wanted?"""
    return _says_only(text, "all_of_them.txt") == "all"


def wants_ones_own(text: str) -> bool:
    """Does it only say that one's own matter is to be looked into, after what was told of everybody's?"""
    return _says_only(text, "ones_own.txt") == "own"


def of_a_proof(text: str) -> Literal["how", "refused"] | None:
    """Does it only ask how one is given, or give here what belongs into its form; or does it say that none will be?"""
    left = _left_of(text, "of_a_proof.txt")
    is_given_here = _CODE.fullmatch(left) or (not left and (has_words(text) or masking.DOTS in text))
    return "how" if is_given_here else _kinds("of_a_proof.txt").get(left)


def _says_only(text: str, name: str) -> str | None:
    """The kind of what is left without the words of this list that stand `beside`."""
    return _kinds(name).get(_left_of(text, name))


def _left_of(text: str, name: str) -> str:
    bare = _bare(text)
    for filler in (word for word, kind in _kinds(name).items() if kind == "beside"):
        bare = bare.replace(filler, "")
    return bare


def small_talk(text: str) -> SmallTalk | None:
    """What kind of word this is that asks nothing; None for anything else."""
    return _kinds("small_talk.txt").get(_bare(text))


def is_question(text: str) -> bool:
    """Is it put as a question?"""
    return unicodedata.normalize("NFKC", text).rstrip().endswith("?") or _holds_one(
        _plain(text), _lines_of("question.txt")
    )


def without_questions(text: str) -> str:
    """What is told and not asked, by its clauses; "" where one only asks whether what is told be so."""
    tags = tuple(_kinds("asked_back.txt"))
    clauses = _CLAUSE_OR_QUESTION.findall(_plain(text))
    if any(_bare(one) in tags for one in clauses):
        return ""
    told = [one for one in clauses if not (is_question(one) or _bare(one).endswith(tags))]
    return " ".join(one.strip() for one in told)


def asks_in_general(text: str) -> bool:
    """Does it ask how something is for everybody, and tell of no matter of one's own?"""
    plain = _plain(text)
    return _holds_one(plain, _lines_of("general.txt")) and not _holds_one(plain, _lines_of("own_matter.txt"))


def asks_for_a_person(text: str) -> bool:
    """Does it ask for a person, be it beside other words?  Who wants none does not."""
    is_alone = _bare(text) in set(map(_bare, _lines_of("person_alone.txt")))
    return is_alone or codes.asks_for_a_person(text) or _holds_one(_meant(text, "person"), _lines_of("person.txt"))


def is_upset(text: str, more: Sequence[str] = (), ignored: Sequence[str] = ()) -> bool:
    """Does it hold a word after which a person answers, and nothing beside that makes it harmless?

    `more` are the operator's own words, which hold wherever they stand; `ignored` those of ours that are taken out.
    """
    out = set(map(_plain, ignored))
    ours = [word for word in _lines_of("upset.txt") if _plain(word) not in out]
    return _holds_one(_meant(text, "deed"), ours) or _holds_one(_plain(text), more)


def has_words(text: str) -> bool:
    """Is there a letter or a figure in it, and not only signs and pictures?"""
    return any(sign.isalnum() for sign in text)


def is_one_sign(text: str) -> bool:
    """Is it one Latin letter or figure alone?  Where nothing is offered under it, it says nothing."""
    bare = _bare(text)
    return len(bare) == 1 and bare.isascii()


def is_number(text: str) -> bool:
    """Is it nothing but numbers, as of an order, a telephone, a card or a date, or an order's service code?

    That is no question, whatever it is like.
    """
    if codes.is_minted(text):
        return True
    plain = unicodedata.normalize("NFKC", text)
    return all(map(_NUMBER.fullmatch, plain.split())) and sum(map(str.isdigit, plain)) >= _SHORTEST_NUMBER


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)


def _meant(text: str, kind: Literal["person", "deed"]) -> str:
    """The words as they are compared, without those that are not meant as they read: denied, or of something else."""
    return _harmless(kind).sub(lambda found: found[0] if found["kept"] else " ", _plain(text))


@cache
def _harmless(kind: Literal["person", "deed"]) -> re.Pattern[str]:
    lists: dict[str, list[str]] = {}
    for line in _lines_of("harmless.txt"):
        name, _, words = line.partition(":")
        lists.setdefault(name, []).extend(map(str.strip, words.split("|")))
    denied = _lines_of("person.txt") if kind == "person" else lists["deeds"]
    beside = _one_of(" ".join(lists[f"{kind}_beside"]).split())
    ways = [_denying(one, beside, _one_of(denied)) for one in lists[kind]]
    return re.compile("|".join([f"(?P<kept>{_one_of(lists['kept'])})", *ways, _one_of(lists["plain"])]))


def _denying(way: str, beside: str, word: str) -> str:
    """Words part in Latin ones, and follow each other at once in Chinese ones."""
    before, held, after = (part.strip() for part in way.partition("#"))
    if not held:
        return _one_of([before])
    gap = " " if way.isascii() else ""
    return _one_of([before]) + f"(?:{gap}{beside})*{gap}{word}" + (gap + _one_of([after]) if after else "")


def _one_of(words: Iterable[str]) -> str:
    """Longer ones first, Latin ones by themselves."""
    ordered = sorted(map(_plain, words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_by_itself, ordered))})"


def _by_itself(word: str) -> str:
    return rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word)


def _holds_one(plain: str, words: Iterable[str]) -> bool:
    return any(_holds(plain, _plain(word)) for word in words)


def _holds(plain: str, word: str) -> bool:
    """Latin words stand by themselves: a skill is no kill."""
    return re.search(_by_itself(word), plain) is not None


def _bare(text: str) -> str:
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text[:LONGEST]).casefold()))
    return _DOUBLED.sub(r"\1\1", letters) if len(letters) > 1 else letters


@cache
def _kinds(name: str) -> dict[str, Any]:
    """The kind of each word of a list; longer ones first, so that none is taken for a part of it."""
    found: dict[str, Any] = {}
    for line in _lines_of(name):
        kind, _, words = line.partition(":")
        found |= {_bare(word): kind for word in words.split()}
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


@cache
def _numbers() -> dict[str, int]:
    """The number by everything that names it."""
    lines = [line.partition(": ") for line in _lines_of("picking.txt")]
    words = [(int(key), word) for key, _, given in lines if key.isdecimal() for word in given.split()]
    ways = [way for key, _, given in lines if key == "ways" for way in given.split()]
    found = {word: number for number, word in words}
    return found | {way.replace("#", word): number for number, word in words if len(word) == 1 for way in ways}


@cache
def _not() -> str:
    (words,) = _picking("not")
    return _one_of(words)


@cache
def _denials() -> list[tuple[str, ...]]:
    """The words that deny, by their kind; longer ones first."""
    return [tuple(sorted(map(_bare, words), key=lambda word: -len(word))) for words in _picking("denies")]


def _without_beside(text: str) -> str:
    (words,) = _picking("beside")
    return re.sub(_one_of(words), "", _bare(text))


def _picking(name: str) -> list[list[str]]:
    lines = (line.partition(":") for line in _lines_of("picking.txt"))
    return [[word.strip() for word in words.split("|")] for key, _, words in lines if key == name]


@cache
def _lines_of(name: str) -> tuple[str, ...]:
    lines = ((_HERE / name).read_text("utf-8")).splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
