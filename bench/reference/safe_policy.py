"""The recommended policy for service codes, from the project's study, written straight from its text.

    NFKC → upper → strip zero-width and punctuation → exact → strip cue words → exact → keyword →
    code + 1–2 digits → full pinyin (OSA ≤ 1 for ≥ 5 letters, unique) → weighted OSA (adjacent key .6,
    other 1.2; doubled .4; trailing digit .4; transposition .7; adjacent insertion .7; insertion 1.0;
    deletion 1.1) → automatic only if (cost ≤ .4 and gap ≥ .3) or (transposition or a 3-letter code,
    cost ≤ .7 and gap ≥ .5), else ask if cost ≤ 1.5 → Chinese of up to five characters: equal toneless
    pinyin, zh/z, ch/c, sh/s and ng/n taken for each other.  A stop list: OK, HI, QQ, VX, VIP, LOL, CF, 666 ….

Shares nothing with `mashang.codes`: another hand's reading of the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise

from pypinyin import lazy_pinyin
from rapidfuzz.distance import OSA

STOP = {"OK", "HI", "QQ", "VX", "VIP", "LOL", "CF", "666"}
CUES = re.compile(
    "我要咨询|我想咨询一下|咨询一下|我要|请输入|输入|客服代码|咨询代码|代码是|代码|咨询|你好|您好|请问|谢谢|的是|我的"
    "|我想|一下|问题|MY CODE IS|I NEED|CODE|PLEASE"
)
BESIDE = {
    pair
    for row in ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM", "1234567890")
    for one, other in pairwise(row)
    for pair in (one + other, other + one)
}
for upper, lower in (("QWERTYUIOP", "ASDFGHJKL"), ("ASDFGHJKL", "ZXCVBNM"), ("1234567890", "QWERTYUIOP")):
    for place, key in enumerate(lower):
        for other in upper[place : place + 2]:
            BESIDE |= {key + other, other + key}

Routed = tuple[str, tuple[str, ...]]  # ("route" | "ask" | "none", codes)
NOTHING: Routed = ("none", ())


class SafePolicy:
    """The policy over codes and their Chinese names."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.codes = dict(codes)
        self.by_name = {name: code for code, name in codes.items()}
        self.by_pinyin = {"".join(lazy_pinyin(name)).upper(): code for code, name in codes.items()}
        self.by_sound = {_sound(name): code for code, name in codes.items()}

    def read(self, text: str) -> Routed:
        """What becomes of a text."""
        whole = unicodedata.normalize("NFKC", text).upper()
        for words in (whole, CUES.sub("", whole)):
            letters = "".join(each for each in words if each.isalnum())
            found = letters if letters in self.codes else self.by_name.get(letters)
            if found:
                return "route", (found,)
        if not letters or letters in STOP:
            return NOTHING
        if letters.isascii():
            return self._latin(letters)
        sound = self.by_sound.get(_sound(letters)) if len(letters) <= 5 else None
        return ("route", (sound,)) if sound else NOTHING

    def _latin(self, letters: str) -> Routed:
        if found := self.by_pinyin.get(letters):
            return "route", (found,)
        if len(letters) >= 5:
            near = {
                code for pinyin, code in self.by_pinyin.items() if OSA.distance(letters, pinyin, score_cutoff=1) <= 1
            }
            if len(near) == 1:
                return "route", tuple(near)
        if len(letters) > max(map(len, self.codes)) + 2:
            return NOTHING
        return _decided(letters, sorted((_cost(code, letters), code) for code in self.codes))


def _decided(typed: str, ranked: list[tuple[float, str]]) -> Routed:
    (best, code), (second, _) = ranked[0], ranked[1]
    gap = second - best + 1e-9
    if best <= 0.4 and gap >= 0.3:
        return "route", (code,)
    transposed = len(code) == len(typed) and sorted(code) == sorted(typed)
    if (transposed or len(code) > 2) and best <= 0.7 and gap >= 0.5:
        return "route", (code,)
    asked = tuple(code for cost, code in ranked[:3] if cost <= 1.5)
    return ("ask", asked) if asked else NOTHING


def _cost(code: str, typed: str) -> float:
    """Weighted optimal string alignment, by the usual table."""
    rows = [[0.0] * (len(typed) + 1) for _ in range(len(code) + 1)]
    for i in range(len(code) + 1):
        for j in range(len(typed) + 1):
            rows[i][j] = min(_ways(rows, code, typed, i, j), default=0.0)
    return round(rows[-1][-1], 3)


def _ways(rows: list[list[float]], code: str, typed: str, i: int, j: int) -> Iterable[float]:
    if i:
        yield rows[i - 1][j] + 1.1
    if j:
        yield rows[i][j - 1] + _insertion(code, typed, i, j)
    if i and j:
        same, near = code[i - 1] == typed[j - 1], code[i - 1] + typed[j - 1] in BESIDE
        yield rows[i - 1][j - 1] + (0.0 if same else 0.6 if near else 1.2)
    if i > 1 and j > 1 and code[i - 1] == typed[j - 2] != code[i - 2] == typed[j - 1]:
        yield rows[i - 2][j - 2] + 0.7


def _insertion(code: str, typed: str, i: int, j: int) -> float:
    key = typed[j - 1]
    around = {code[i - 1 : i], code[i : i + 1]} - {""}
    if key in around:
        return 0.4
    if i == len(code) and key.isdigit():
        return 0.4 if j - i == 1 else 0.0
    return 0.7 if any(key + other in BESIDE for other in around) else 1.0


def _sound(word: str) -> str:
    soft = "'".join(lazy_pinyin(word)).replace("zh", "z").replace("ch", "c").replace("sh", "s")
    return soft.replace("ng", "n")
