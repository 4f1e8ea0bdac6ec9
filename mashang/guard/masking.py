"""Secrets in a message, hidden before it is stored.

People paste card keys, passwords, bank cards and identity numbers into a chat.
What was never stored cannot leak, so they are replaced by •••• on the way in, in
customer and agent text alike, and the sender sees it.

What is masked, in the order in which it is looked for:

1. card keys in a form that the shop declared;
2. what follows a cue: 密码, 卡密, 验证码, password, pwd … With a colon or 是 between
   them any word is taken for the secret; without, only what looks like one, because
   “卡密Steam礼品卡” and "password reset" tell nobody anything;
3. identity numbers: 18 places, a real date, the right check digit (GB 11643);
4. bank cards: a known prefix and the right Luhn digit (ISO/IEC 7812);
5. one-time passwords that the text calls so (`one_time`).

Order numbers in a declared form, whatever follows 订单号, and service codes are seen first
and never masked: they are public.  Only where a shop declared card keys of the very form
of a code is one of them hidden rather than a key shown.

Almost every message holds no secret and is left after one search for the first
characters of cues and for long numbers: about a microsecond.  All patterns are
linear in the text: it comes from strangers.

Does not: decide who may see what was masked (nobody can), or hide links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mashang.guard import one_time, shapes
from mashang.guard.numbers import LONGEST, is_bank_card, is_identity_number

DOTS = "••••"


class Masked(NamedTuple):
    """The text as it may be stored, and whether that is another one."""

    text: str
    masked: bool


Public = Callable[[str], list[tuple[int, int]]]  # where service codes stand in a text


class Rules:
    """What one shop declared about its order numbers and card keys; made once, used for every message."""

    def __init__(
        self,
        *,
        order_numbers: Iterable[str] = (),
        card_keys: Iterable[str] = (),
        codes: Iterable[str] = (),
        public: Public = lambda _text: [],
    ) -> None:
        self.orders = shapes.order_numbers(order_numbers)
        self.keys = shapes.card_keys(card_keys)
        self.codes = frozenset(code.upper() for code in codes)
        self.public = public


NO_RULES = Rules()

Span = tuple[int, int, str]  # from, to, what stands there instead

_SEPARATOR = r"[ \t\u00a0\u3000\-\u2010-\u2015]"
_LONG_NUMBER = rf"\d(?:{_SEPARATOR}?\d){{12}}"
# Only the beginnings of cues and long numbers: what does not contain one cannot hold a secret.
_SUSPICIOUS = re.compile(
    rf"[密码碼口]|[Pp](?:[Aa][Ss][Ss]|[Ww][Dd]|[Ii][Nn])|[Kk][Ee][Yy]|[Oo][Tt][Pp]|[Cc][Vv][Vv]"
    rf"|[TtNnYy] ?[Cc][Oo][Dd][Ee]|[Mm][Ee] [Cc][Oo][Dd][Ee]|{_LONG_NUMBER}"
)

# A cue, and what may stand between it and the secret.  `said`: a sign or a word that only the secret can follow.
_CUE = re.compile(
    r"""(?P<cue>
        (?P<number>卡号)
        | (?P<key>卡密|充值码|兑换码|激活码|序列号码|密钥|card\s?key|cd-?key|gift\s?code|activation\s?(?:key|code))
        | (?P<once>验证码|校验码|动态码|动态密码|一次性密码|安全码|verification\scode|security\scode
            |one[-\s]time\s(?:pass)?(?:code|word)|otp|cvv2?)
        | (?P<word>密码|密碼|口令|passwords?|passwd|passcode|pwd|pin(?:\s?code)?)
    )
    [ \t\u00a0\u3000]*
    (?:(?:号码|号|码|分别|就|我的|[)）\]】」』”"'])[ \t]*){0,3}
    (?P<said>(?:[:：=＝]|是|为|為|改成了?|改为|设成了?|设为|设置为|叫|如下|is\b|are\b|->|=>|→)[:：=＝]?)?
    [\s\u3000]*["'“”‘’「『【\[(（<《]?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[!-;=?-Z\\^-~\u00a1-\u024f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{4,128}")
_GROUPED = re.compile(r"[A-Za-z\d]{3,8}(?:[ \-][A-Za-z\d]{3,8}){1,7}(?![A-Za-z\d])")
_DIGITS = re.compile(r"\d{3}[ \-]\d{3}(?!\d)|\d{3,8}(?!\d)")
_BETWEEN_KEYS = re.compile(r"[\s,，、;；]{1,4}")
_TRAILING = ".,;:!?)]}\"'>"
# What may follow “my password is” instead of the password.
_TOLD = frozenset(
    {
        "reset",
        "wrong",
        "incorrect",
        "invalid",
        "forgot",
        "forgotten",
        "lost",
        "error",
        "needed",
        "required",
        "missing",
        "changed",
        "expired",
        "correct",
        "same",
        "here",
        "there",
        "what",
        "this",
        "that",
        "been",
        "being",
        "still",
        "never",
        "good",
        "okay",
        "fine",
        "working",
        "used",
        "sent",
        "received",
        "hacked",
        "stolen",
        "safe",
        "none",
        "null",
    }
)

_LONG = re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}?\d){{12,}}(?:{_SEPARATOR}?[Xx](?![A-Za-z\d]))?(?!\d)")
_GROUP = re.compile(r"\d+[Xx]?")
_ORDER_CUE = re.compile(
    r"(?:订单(?:编)?号?码?|訂單(?:編)?號?|单号|流水号|交易号|order(?:\s?(?:no|number|id))?)[.\s:：#是为]{0,4}$",
    re.IGNORECASE,
)
_MOST_GROUPS = 6  # people write cards in fours and identity numbers in three parts


def mask(text: str, rules: Rules = NO_RULES) -> Masked:
    """`text` without its secrets."""
    if _SUSPICIOUS.search(text) is None and (rules.keys is None or rules.keys.search(text) is None):
        return Masked(text, False)
    spans = _without_overlap(_secrets(text, rules))
    if not spans:
        return Masked(text, False)
    parts: list[str] = []
    end = 0
    for start, stop, shown in spans:
        parts += (text[end:start], shown)
        end = stop
    return Masked("".join((*parts, text[end:])), True)


def _secrets(text: str, rules: Rules) -> list[Span]:
    orders = [match.span() for match in rules.orders.finditer(text)] if rules.orders else []
    told = [(start, end, DOTS) for start, end in one_time.spans(text)]
    found = [*_after_cues(text, rules), *_numbers(text), *told]
    return [
        *(span for span in _declared(text, rules) if _is_apart(span, orders)),
        *(span for span in found if _is_apart(span, [*orders, *rules.public(text)])),
    ]


def _is_apart(span: Span, known: list[tuple[int, int]]) -> bool:
    return not any(start < span[1] and span[0] < stop for start, stop in known)


def _without_overlap(spans: list[Span]) -> list[Span]:
    """From left to right; two that overlap become one that hides both."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
        elif span[1] > kept[-1][1]:
            kept[-1] = (kept[-1][0], span[1], DOTS)
    return kept


def _declared(text: str, rules: Rules) -> list[Span]:
    matches = rules.keys.finditer(text) if rules.keys else ()
    return [(match.start(), match.end(), _with_tail(match[0])) for match in matches]


def _with_tail(secret: str) -> str:
    """The last four stay readable when enough is hidden before them: the shop's record shows the same four."""
    plain = "".join(filter(str.isalnum, secret))
    return DOTS + plain[-4:] if len(plain) >= 12 else DOTS


def _after_cues(text: str, rules: Rules) -> list[Span]:
    spans: list[Span] = []
    paired = "密" in text or "pass" in text.lower()
    for cue in _CUE.finditer(text):
        if _inside_a_word(text, *cue.span("cue")):
            continue
        if cue["number"]:
            spans += _card_number(text, cue.end()) if paired else []
        elif cue["once"]:
            spans += _once(text, cue.end())
        else:
            spans += _secret_words(text, cue, rules, many=bool(cue["key"]))
    return spans


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """Is this the 'pin' of 'shipping'?"""
    if not text[start:end].isascii():
        return False
    around = text[start - 1 : start] if start else "", text[end : end + 1]
    return any(letter.isascii() and letter.isalpha() for letter in around)


def _once(text: str, at: int) -> list[Span]:
    digits = _DIGITS.match(text, at)
    return [(digits.start(), digits.end(), DOTS)] if digits and not _counted(text, digits.end()) else []


def _card_number(text: str, at: int) -> list[Span]:
    word = _WORD.match(text, at)
    if word is None or len(word[0]) < 8 or not any(map(str.isdigit, word[0])):
        return []
    number = word[0].rstrip(_TRAILING)
    return [(at, at + len(number), DOTS + number[-4:])]


def _secret_words(text: str, cue: re.Match[str], rules: Rules, *, many: bool) -> list[Span]:
    """The secret behind `cue`; of card keys (`many`) also those listed behind the first."""
    spans: list[Span] = []
    said, at = cue["said"], cue.end()
    while span := _secret_at(text, at, rules, said=said, grouped=many):
        spans.append(span)
        between = _BETWEEN_KEYS.match(text, span[1])
        if not many or between is None:
            break
        said, at = None, between.end()
    return spans


def _secret_at(text: str, at: int, rules: Rules, *, said: str | None, grouped: bool) -> Span | None:
    if grouped and (groups := _GROUPED.match(text, at)) and _looks_secret(groups[0]):
        return groups.start(), groups.end(), _with_tail(groups[0])
    word = _WORD.match(text, at)
    secret = word[0].rstrip(_TRAILING) if word else ""
    if len(secret) < 4 or secret.upper() in rules.codes or secret.startswith(("http://", "https://")):
        return None
    if said and said.lower() in ("is", "are") and secret.lower() in _TOLD:
        return None
    if not said and (not _looks_secret(secret) or _counted(text, at + len(secret))):
        return None
    return at, at + len(secret), _with_tail(secret) if grouped else DOTS


def _looks_secret(word: str) -> bool:
    """Told without a colon: a word with a digit in it, or with a sign inside."""
    return any(map(str.isdigit, word)) or re.search(r"[A-Za-z][!#$%&*+=?@^_~]", word) is not None


def _counted(text: str, at: int) -> bool:
    """Does a unit follow?  “卡密 1000张” is an amount."""
    return one_time.COUNTED.match(text, at) is not None


def _numbers(text: str) -> list[Span]:
    spans: list[Span] = []
    for run in _LONG.finditer(text):
        if not _ORDER_CUE.search(text, max(0, run.start() - 24), run.start()):
            spans += _numbers_in(run[0], run.start())
    return spans


def _numbers_in(run: str, offset: int) -> list[Span]:
    """Identity numbers and cards among the groups of a run; a group of digits is never cut."""
    groups = list(_GROUP.finditer(run))
    spans: list[Span] = []
    first = 0
    while first < len(groups):
        number, last = _secret_number(groups, first)
        if number:
            spans.append((offset + groups[first].start(), offset + groups[last].end(), DOTS + number[-4:]))
        first = last + 1
    return spans


def _secret_number(groups: list[re.Match[str]], first: int) -> tuple[str, int]:
    """The longest secret number that begins with group `first`, and its last group; '' and `first` when none does."""
    found, number = ("", first), ""
    for last in range(first, min(first + _MOST_GROUPS, len(groups))):
        number += groups[last][0]
        if len(number) > LONGEST:
            break
        if is_identity_number(number) or is_bank_card(number):
            found = number, last
    return found
