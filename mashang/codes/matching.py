"""Which topic somebody means by what they typed, pasted, said or scanned, or that nobody can tell.

Read like a patient agent would, from certain to uncertain:

1. the whole text, reduced to letters and digits, is a code, an alias or a name;
2. it is one once the words around it are taken off (“我要咨询，代码CZ，谢谢”);
3. it has a minted code in it, or a code with digits behind it that name an order (DD123);
4. it is a sentence with a code in it as a word of its own;
5. it is a code read out letter by letter (西贼, “dee dee”);
6. it is the name in pinyin, or a code or pinyin with one slip, or Chinese that sounds like a name.

What is *unambiguous* is decided once, in `_meant`, from how often each kind of slip
is made and how near the next code is; everything else is a question with at most
three answers.  Ordinary words are never corrected into a code (`everyday`), and in
the middle of a sentence a code counts only when it is written in capitals, when the
words before it say that it is one, or when its name is there too.

The time is linear in the text and does not grow with the number of topics, and a
text longer than anybody types for a code is not read at all: what is entered here
comes from strangers.

`24H` is built in: where no topic has it, or its time is over, it and the words for it (转人工) ask for a person, at
once and of nobody in particular.  A topic with that code, and aliases of any topic, go before it.

Does not: look anything up.  The owner of a minted code is found by `claims`, the order
behind a reference at the door, among the customer's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from mashang.codes import cues, everyday, spoken
from mashang.codes.answers import Ambiguous, Answer, Expired, How, Matched, Minted, Person, Reference, Unknown
from mashang.codes.code import Topic, unify
from mashang.codes.ended import Ended
from mashang.codes.minted import LENGTH, minted_body
from mashang.codes.names import Names
from mashang.codes.slips import Near, Slip
from mashang.kit.folding import simplified

LONGEST_TEXT = 2000  # characters; longer is Unknown, unread
MOST_CHOICES = 3
_LONGEST_TYPED = 40  # letters of a code or of pinyin
_LONGEST_RUN = 12  # characters of a Chinese name
_FAR, _MOST_OTHERS = 20, 5  # see `_meant`
_FEWEST_DIGITS = 3  # of a reference; fewer are a slip
UNKNOWN, PERSON = Unknown(), Person()
PERSON_CODE = "24H"
_FOR_A_PERSON = frozenset({
    PERSON_CODE, "24小时", "24小时人工", "人工", "人工服务", "人工客服", "真人", "真人客服", "找人工", "转人工",
    "转人工服务", "转人工客服",
})  # fmt: skip

# Letters and digits of every script that writes words with them: all below U+2000, after folding.
# Chinese, kana and symbols lie above and part words, as they do for readers.
_WORD = "0-9A-Za-z\u00aa-\u1fff"
_JOINER = "\\-_.@\u2010-\u2015"
_COMPOUND = re.compile(rf"[{_WORD}](?:[{_WORD}]|[{_JOINER}](?=[{_WORD}]))*")
_PARTED = re.compile(f"[{_JOINER}]")
_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}://|[Ww]{3}\.)[!-~]+|[!-~]{1,64}@[!-~]+")
# A code spelled out in a sentence: single characters, each apart from the next by one space or sign.
_SPELLED = re.compile(
    rf"(?<![{_WORD}])[A-Z0-9](?:[ \-.·]{{1,2}}[A-Z0-9](?![{_WORD}])){{1,7}}(?![ \-.·]{{0,2}}[{_WORD}])"
)
_BRACKETS = frozenset("【】「」『』“”‘’《》")
_PLAIN_BRACKETS = frozenset("[]\"'")  # in Chinese text they are these; in English and in programs they are not
_NOT_LETTERS = re.compile(r"[\W_]+")
_SCANNED = re.compile(r"https?://[!-~]{1,200}?(?:[?&#]code=|/c/)([0-9A-Za-z]{2,8})(?:[?&#][!-~]*)?", re.IGNORECASE)


class _Text(msgspec.Struct, frozen=True):
    """What was typed: with its case, without it, its letters alone, and without the words around a code."""

    unified: str
    evened: str
    letters: str
    rest: cues.Rest


class Index:
    """All topics by what names them.  Made once from the rows and never changed."""

    def __init__(self, topics: Iterable[Topic], retired: Iterable[Topic] = ()) -> None:
        self.topics, retired = tuple(topics), tuple(retired)
        self.by_code = {topic.code: topic for topic in self.topics}
        self._names = Names(self.topics)
        self._near = Near(self.by_code)
        self._reference = _referring_to([topic.code for topic in self.topics if topic.takes_reference])
        self.ended = Ended(self.topics, retired)
        self._retired = Index(retired) if retired else None

    def match(self, text: str, now: datetime) -> Answer:
        """What `text` names; a topic that has expired by `now`, or was taken out of use, explains itself instead."""
        answer = self._in_time(self._read(text), now)
        gone = self._retired and not _is_certain(answer) and self._retired.named_plainly(text)
        return Expired(gone, self.ended.instead(gone, now)) if gone else answer

    def named_plainly(self, text: str) -> Topic | None:
        """The one topic that `text` names as it is written, without a slip."""
        answer = self._read(text)
        return answer.topic if isinstance(answer, Matched) and not answer.corrected else None

    def entered(self, text: str, now: datetime) -> Topic | None:
        """The topic in use whose code is all that `text` says, with no more than the words people wrap a code in."""
        answer = self.match(text, now)
        if not isinstance(answer, Matched) or answer.corrected:
            return None
        rest = cues.without(simplified(unify(text)).upper())
        is_word = answer.topic.code in everyday.WORDS and not rest.pointed
        return answer.topic if _joined(rest) == answer.topic.code and not is_word else None

    def _read(self, text: str) -> Answer:
        if len(text) > LONGEST_TEXT:
            return UNKNOWN
        unified = simplified(unify(text))
        evened = unified.upper()
        letters = _NOT_LETTERS.sub("", evened)
        if answer := self._whole(evened, letters):
            return answer
        if len(letters) >= LENGTH and (found := minted_body(evened, self.by_code.__contains__)):
            return Minted(found.body, self.by_code.get(found.topic_code))
        said = _Text(unified, evened, letters, cues.without(evened))
        for rule in (
            self._asked_for,
            self._wanting_a_person,
            self._scanned,
            self._referring,
            self._in_text,
            self._read_out,
            self._mistyped,
            self._misheard,
            self._mentioned,
        ):
            if answer := rule(said):
                return answer
        return UNKNOWN

    def _whole(self, evened: str, letters: str) -> Answer | None:
        if (topic := self.by_code.get(letters)) and not _is_sentence(evened):
            return Matched(topic, "exact")
        return _one_of(self._names.written.get(letters, ()), "alias")

    def _asked_for(self, said: _Text) -> Answer | None:
        """The words around it are only a wish or a pointer."""
        joined = _joined(said.rest)
        if joined and (topic := self.by_code.get(joined)):
            wished = said.rest.wished and not (said.evened.isascii() and joined in everyday.WHOLE_WORDS)
            if said.rest.pointed or wished or joined not in _words_of(said.evened):
                return Matched(topic, "in_text")
            return None if joined in everyday.SILENT else Ambiguous((topic,))
        for name in _run(said.rest):
            if named := self._names.written.get(name):
                return _one_of(named, "alias")
        return None

    def _wanting_a_person(self, said: _Text) -> Answer | None:
        if said.letters not in _FOR_A_PERSON and _joined(said.rest) != PERSON_CODE:
            return None
        topic = self.by_code.get(PERSON_CODE)
        return Matched(topic, "alias") if topic else PERSON

    def _scanned(self, said: _Text) -> Answer | None:
        """A scanned picture gives the address of the code."""
        scanned = _SCANNED.fullmatch(said.unified.strip())
        code = scanned[1].upper() if scanned else ""
        if topic := self.by_code.get(code):
            return Matched(topic, "exact")
        return PERSON if code == PERSON_CODE else None

    def _referring(self, said: _Text) -> Answer | None:
        for found in self._reference.finditer(said.unified) if self._reference else ():
            digits = "".join(filter(str.isdigit, found[2]))
            code = found[1].upper()
            alone = said.letters == code + digits or said.rest.pointed
            if (alone or found[1].isupper()) and code + digits not in self.by_code:
                return Reference(self.by_code[code], digits)
        return None

    def _in_text(self, said: _Text) -> Answer | None:
        """A sentence with codes in it."""
        if not self._may_hold_codes(said):
            return None
        text = _without_addresses(said.unified)
        only_codes = all(token in self.by_code for token in said.rest.tokens)
        others = sum(token.isalpha() and token not in self.by_code for token in said.rest.tokens)
        english = text.isascii() and others > 1  # capitals are nothing special there
        meant: dict[str, Topic] = {}
        for code, before, behind in self._codes_in(text):
            typed_as_code = code.isupper() and not english and not code.isdigit()
            topic = self.by_code[code.upper()]
            if (
                (typed_as_code and topic.code not in everyday.WORDS)
                or (only_codes and topic.code not in everyday.SILENT)
                or cues.points_at(before.upper())
                or _is_bracketed(before[-1:], behind, chinese=not text.isascii())
                or self._names_too(topic, said.letters)
            ):
                meant[topic.code] = topic
        return _one_of(tuple(meant.values()), "in_text")

    def _may_hold_codes(self, said: _Text) -> bool:
        """Quickly told of most sentences: no word is a code, and no two single letters could spell one."""
        words = said.rest.said
        return any(word in self.by_code for word in words) or sum(len(word) == 1 for word in words) > 1

    def _codes_in(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Each code that is a word of its own, with what is before and behind it."""
        for word in _COMPOUND.finditer(text):
            parts = _PARTED.split(word[0])
            if all(part.upper() in self.by_code for part in parts):  # CZ-SH names two; DD-2024-0017 none
                around = text[max(word.start() - 24, 0) : word.start()], text[word.end() : word.end() + 1]
                yield from ((part, *around) for part in parts)
        for spelled in _SPELLED.finditer(text):
            letters = _NOT_LETTERS.sub("", spelled[0])
            if letters in self.by_code:
                yield letters, text[max(spelled.start() - 24, 0) : spelled.start()], ""

    def _names_too(self, topic: Topic, letters: str) -> bool:
        return any(len(name) > 1 and name in letters for name in self._names.of(topic))

    def _read_out(self, said: _Text) -> Answer | None:
        """Letter by letter, in the words for letters: certain when one of them is nothing else, or the text points."""
        tokens = said.rest.tokens
        ways = spoken.spelled(said.rest.said)
        if not ways and tokens and spoken.may_end_in_one(tokens[-1]):
            ways = spoken.spelled(_behind_the_wish(tokens))
        if not ways:
            return None
        found = [(way, topic) for way in ways if (topic := self.by_code.get(way.letters))]
        certain = tuple(dict.fromkeys(topic for way, topic in found if way.certain or said.rest.pointed))
        if len(certain) == 1:
            return Matched(certain[0], "spoken")
        return _asked(certain or tuple(dict.fromkeys(topic for _, topic in found)))

    def _mistyped(self, said: _Text) -> Answer | None:
        """Nothing but letters and digits: pinyin, or a code with a slip."""
        for pinyin in (said.letters, "".join(said.rest.tokens)):
            if named := self._names.typed.get(pinyin):
                return _asked(named) if pinyin in everyday.ENGLISH else _one_of(named, "pinyin")
        typed = _joined(said.rest)
        if not 2 <= len(typed) <= _LONGEST_TYPED or everyday.is_noise(typed):
            return None
        if typed != said.letters and typed in everyday.WORDS and not said.rest.pointed:
            return None
        return self._slipped(typed, said.rest.tokens) or self._pinyin_slipped(typed)

    def _slipped(self, typed: str, pieces: tuple[str, ...]) -> Answer | None:
        slips = self._near.slips(typed)
        topics = tuple(self.by_code[slip.code] for slip in slips)
        whole = len(pieces) == 1 or (
            len(pieces) == 2 and pieces[1].isdigit() and slips[:1] and slips[0].code == pieces[0]
        )
        certain = bool(slips) and whole and _meant(slips)
        if certain and typed not in everyday.WORDS and not typed.isdigit():
            return Matched(topics[0], slips[0].kind)
        if not slips and (topic := self.by_code.get(typed.rstrip("0123456789"))):
            return Ambiguous((topic,))
        return _asked(topics)

    def _pinyin_slipped(self, typed: str) -> Answer | None:
        found, near_enough = self._names.pinyin_with_slip(typed)
        if near_enough and len(found) == 1 and typed not in everyday.WORDS:
            return Matched(found[0], "pinyin")
        return _asked(found or self._names.english_with_slip(typed))

    def _misheard(self, said: _Text) -> Answer | None:
        """Chinese that sounds like a name: 冲值."""
        for run in _run(said.rest):
            if found := self._names.sounding_like(run):
                return _asked(found) if run in everyday.CHINESE else _one_of(found, "homophone")
        for run in _run(said.rest):
            if found := self._names.nearly(run):
                return _asked(found)
        return None

    def _mentioned(self, said: _Text) -> Answer | None:
        """A short sentence has a code in small letters in it: it may be a word of another kind."""
        if len(said.rest.tokens) > MOST_CHOICES or len(said.letters) > _LONGEST_TYPED:
            return None
        if not self._may_hold_codes(said):
            return None
        codes = dict.fromkeys(code.upper() for code, _, _ in self._codes_in(_without_addresses(said.unified)))
        return _asked(tuple(self.by_code[code] for code in codes if code not in everyday.WORDS))

    def _in_time(self, answer: Answer, now: datetime) -> Answer:
        match answer:
            case Matched(topic) if topic.code == PERSON_CODE and topic.has_expired(now):
                return PERSON
            case Matched(topic) | Reference(topic) if topic.has_expired(now):
                return Expired(topic, self.ended.instead(topic, now))
            case Ambiguous(topics) if any(topic.has_expired(now) for topic in topics):
                current = tuple(topic for topic in topics if not topic.has_expired(now))
                return Ambiguous(current) if current else Expired(topics[0], self.ended.instead(topics[0], now))
            case _:
                return answer


def _is_certain(answer: Answer) -> bool:
    """May no topic that was taken out of use be meant instead?"""
    return not isinstance(answer, Unknown | Ambiguous) and not (isinstance(answer, Matched) and answer.corrected)


def asks_for_a_person(text: str) -> bool:
    """Is this nothing but 24H, or words for it?  Nobody needs to read it among what was said."""
    return _NOT_LETTERS.sub("", simplified(unify(text)).upper()) in _FOR_A_PERSON


def is_all_that_was_said(named: Matched, text: str) -> bool:
    """Is `text` nothing but the code or what the service is called, however written?

    An alias may be a whole sentence (充值没到账): that is what the customer has to say, and is to be read and answered.
    """
    if named.how in ("in_text", "button"):
        return False
    answer = Index([msgspec.structs.replace(named.topic, aliases=())])._read(text)  # noqa: SLF001 — of this module
    return isinstance(answer, Matched) and answer.how != "in_text"


def _meant(slips: list[Slip]) -> bool:
    """Is the first of these slips so much likelier than the others that nobody needs to be asked?

    Two letters are soon those of another code, so a wrong one is corrected only in a longer code.
    """
    best, others = slips[0], slips[1:]
    gap = others[0].cost - best.cost if others else _FAR
    match best.kind:
        case "doubled" | "trailing":
            return gap >= 3
        case "added" | "lookalike":  # the added letter lies beside a key that was meant
            return best.cost <= 7 and not others
        case "transposed":  # the more codes a far key would make the same of, the likelier it was one
            return gap >= 5 and len(others) <= _MOST_OTHERS
        case _:
            return best.cost <= 7 and len(best.code) > 2 and gap >= 5


def _referring_to(codes: list[str]) -> re.Pattern[str] | None:
    """One of these codes, and the digits behind it."""
    if not codes:
        return None
    return re.compile(
        rf"(?<![{_WORD}{_JOINER}])({'|'.join(codes)})[ \-_#:号尾单订]{{0,6}}"
        rf"([0-9](?:[ -]?[0-9]){{{_FEWEST_DIGITS - 1},23}})(?![{_WORD}{_JOINER}])",
        re.IGNORECASE,
    )


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" ", text) if "@" in text or "://" in text or "www." in text.lower() else text


def _is_bracketed(before: str, behind: str, *, chinese: bool) -> bool:
    brackets = _BRACKETS | _PLAIN_BRACKETS if chinese else _BRACKETS
    return before in brackets and behind in brackets


def _is_sentence(evened: str) -> bool:
    """Several everyday words that would only together spell a code: "go on"."""
    words = evened.split()
    return len(words) > 1 and all(map(everyday.is_word, words))


def _words_of(evened: str) -> frozenset[str]:
    """What is an ordinary word in this text: among English ones any, among Chinese ones only a whole word."""
    return everyday.WORDS if evened.isascii() else everyday.WHOLE_WORDS


def _joined(rest: cues.Rest) -> str:
    """The letters that are left, when they can be one thing; else nothing."""
    tokens = rest.tokens
    if not all(map(str.isascii, tokens)):
        return ""
    if len(tokens) > 1 and any(everyday.is_word(token) for token in tokens):
        return ""
    return "".join(tokens).replace("'", "") if sum(map(len, tokens)) <= _LONGEST_TYPED else ""


def _run(rest: cues.Rest) -> Iterator[str]:
    """The Chinese words that are left, when they are one run, without the wish and the general words in it."""
    match rest.tokens:
        case (run,) if len(run) <= _LONGEST_RUN and not run.isascii():
            name = cues.name_in(run)
            yield from (each for each in dict.fromkeys((run, name, cues.core(name))) if len(each) > 1)


def _behind_the_wish(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Without a wish or pointer that is written together with the name: 代码是西贼."""
    return tuple(name for token in tokens if (name := token if token.isascii() else cues.name_in(token)))


def _one_of(named: tuple[Topic, ...], how: How) -> Answer | None:
    return Matched(named[0], how) if len(named) == 1 else _asked(named)


def _asked(named: tuple[Topic, ...]) -> Answer | None:
    return Ambiguous(named[:MOST_CHOICES]) if named else None
