"""What can be told from one message, piece by piece: the order's number, the money, the goods, the account.

Each piece knows the words it was said in and where they stand.  A number counts only beside a word that
tells what it is: the 20 of 满100减20 was not paid, 6480点券 is no money, 138… behind an account is no order.

Words of payment, action and symptom stand in `statement.txt`; every pattern is bounded and read from
left to right, for the text comes from strangers.

Does not: put the pieces together (`statement`) or read times (`moments`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from mashang.bot import figures
from mashang.bot.figures import SAID
from mashang.bot.moments import Precision
from mashang.guard.masking import Rules
from mashang.kit.folding import simplified

Source = Literal["said", "order"]
_Span = tuple[int, int]


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is known: its key or value, the words it was said in and where, or that the order told it."""

    value: str
    said: str = ""
    span: tuple[int, int] | None = None
    source: Source = "said"


class Amount(Part, frozen=True, omit_defaults=True):
    """Money."""

    currency: str = "CNY"


class Time(msgspec.Struct, frozen=True, omit_defaults=True):
    """When it was, and how exactly that is known."""

    at: datetime
    until: datetime
    precise: Precision
    said: str = ""
    span: tuple[int, int] | None = None
    source: Source = "said"
    is_dated: bool = True  # was the day said too?


_EVEN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2019: 0x27, 0x2018: 0x27}
_ENTRY = re.compile(r"^([a-z_]+)  +(\S.*)$")


def evened(text: str) -> str:
    """Full width as half, traditional as simplified: as many signs as before, so that places stay places."""
    return simplified(text.translate(_EVEN))


@cache
def _words(title: str) -> dict[str, re.Pattern[str]]:
    """The patterns of one section of `statement.txt` by their keys."""
    text = Path(__file__).with_name("statement.txt").read_text("utf-8")
    body = text.partition(f"[{title}]\n")[2].partition("\n[")[0]
    found = (_ENTRY.match(line) for line in body.splitlines())
    return {entry[1]: _pattern(entry[2]) for entry in found if entry}


def _pattern(words: str) -> re.Pattern[str]:
    for sign, most in (("…", 8), ("~", 3)):
        words = words.replace(sign, f"[^,.，。!！?？;；\\n]{{0,{most}}}")
    return re.compile(words, re.IGNORECASE)


def said_first(text: str, title: str) -> Part | None:
    """Of all that `title` knows, what stands first."""
    found = [(match.start(), key, match) for key, form in _words(title).items() if (match := form.search(text))]
    if not found:
        return None
    _, key, match = min(found, key=lambda one: one[0])
    return Part(key, match[0], match.span())


def first_that_fits(text: str, title: str) -> Part | None:
    """The first in the order of the list."""
    for key, form in _words(title).items():
        if match := form.search(text):
            return Part(key, match[0], match.span())
    return None


def is_apart(span: _Span, taken: Iterable[_Span]) -> bool:
    return not any(start < span[1] and span[0] < end for start, end in taken)


_CUE = r"""(?:订单(?:编)?号?码?|单号|流水号|交易号|(?<![a-z])order(?:\ ?(?:number|num|no|id|\#))?)
        [.\ :#是为，,\"“]{0,4}(?:is\ )?"""
_CUED_ORDER = re.compile(rf"{_CUE}(?P<number>[a-z]{{0,4}}-?\d[a-z\d-]{{3,31}})(?![•*\d])", re.VERBOSE | re.IGNORECASE)
# What belongs to a detail and stands before it: 用支付宝, 订单号123456.
_LEADING = re.compile(
    rf"(?:{_CUE}|(?:使用|通过|[用拿从在走])(?:了|我的?)?|(?:with|by|via|using)\ )$", re.VERBOSE | re.IGNORECASE
)


def with_what_leads(span: _Span, text: str) -> _Span:
    """A detail together with the words that only lead up to it."""
    found = _LEADING.search(text, max(0, span[0] - 24), span[0])
    return (found.start() if found else span[0], span[1])


def order_number(text: str, rules: Rules) -> tuple[list[_Span], Part | None]:
    """Where order numbers stand, and the first: in a declared form, else behind a cue."""
    declared = list(rules.orders.finditer(text)) if rules.orders else []
    found = [(match.span(), match[0].upper()) for match in declared]
    found += [(m.span("number"), m["number"].rstrip("-")) for m in _CUED_ORDER.finditer(text)]
    if not found:
        return [], None
    span, number = found[0]
    return [one for one, _ in found], Part(number, text[span[0] : span[1]], span)


_ACCOUNT = re.compile(
    r"""(?:(?P<telephone>(?<!充值)手机号?码?|phone\ number)|(?P<given>给)(?=[\d*•]{11}[\ 的]?[充冲])
          |账号|帐号|账户|(?<![a-z])uid|(?<![a-z])id|qq号?|充值手机号?码?|(?<!单)号码?|角色名?|用户名|充[到给]了?|应该是|填成
          |account|(?<!order\ )number)
        [\ :是为叫，,\"“(]{0,3}(?:is\ |to\ )?(?P<value>(?(given)[\d*•]{11}|[a-z\d_@][a-z\d_@.*•-]{4,31}))(?![元块])""",
    re.VERBOSE | re.IGNORECASE,
)
_CREDIT = re.compile(r"话费|流量|airtime|(?:phone|mobile)\ credit|data\ plan", re.IGNORECASE)
# A telephone that is told to be called, or as one's own.
_ONES_OWN = re.compile(r"(?:我的?|本人的?|联系|预留的?|绑定的?|注册的?|登录的?|收货|my|contact)\ ?$", re.IGNORECASE)


def account(text: str, numbers: list[_Span]) -> Part | None:
    """The account, telephone or player's number that was to be recharged, behind a word that says so."""
    for match in _ACCOUNT.finditer(text):
        value = match["value"].rstrip(".-")
        if (
            is_apart(match.span("value"), numbers)
            and sum(map(str.isdigit, value)) >= 3
            and not _FACED.search(text, match.start("value"), match.end() + 3)
            and not (match["telephone"] and not _is_recharged(text, match.start()))
        ):
            return Part(value, match[0], match.span("value"))
    return None


_TELEPHONE = re.compile(r"(?<![\d*•])1[3-9][\d*•]{9}(?![\d*•])")


def telephones(text: str) -> list[_Span]:
    """Where mobile numbers of the mainland stand, some of them with a hidden middle."""
    return [match.span() for match in _TELEPHONE.finditer(text)]


def _is_recharged(text: str, start: int) -> bool:
    """Is the telephone that is told here what was recharged, and not where its owner is reached?"""
    if _CREDIT.search(text):
        return True
    goods = _HEADS.search(text) or _FACED.search(text)
    return not goods and not _ONES_OWN.search(text, 0, start) and bool(_words("action")["recharge"].search(text))


_UNITS = "元|块钱|块|圆|人民币|rmb|cny|yuan|大洋|dollars?|usd|bucks"
_GOODS = "话费|点卡|充值卡|加油卡|油卡|e卡|购物卡|礼品卡"
_TOKENS = r"点券|点卷|星钻|钻石?|金币|元宝|代币|星石|q币|qb|coins|(?:star\ )?gems|diamonds|points|gold"
# What a bare number behind 充了 may count instead of money.
_COUNTED = (
    r"[\d:点分个张次遍回笔天日月年号小周倍人位多几gm%折q般直样下共起会]"
    rf"|{_TOKENS}|times|hours?|days?|minutes?|st|nd|rd|th"
)
_MONEY = re.compile(
    rf"""(?P<sign>[¥￥$])\ ?(?P<signed>{SAID})
      |(?P<number>{SAID})\ ?[多来]?(?P<unit>{_UNITS})(?P<tail>[五5]毛?(?![\d元百十]))?
      |(?:[充冲][值到]?|付款?|支付|扣[款了]?|转账?|花|交|paid|charged|recharged|spent|topped\ up)
          [了我过的你们\ ]{{0,3}}(?:[一两二三]?[张个笔次]|an?\ )?(?P<bare>{SAID})(?!\ ?(?:{_COUNTED}))
      |(?P<goods>{SAID})的?(?={_GOODS})
      |(?:{_GOODS})\ ?(?P<behind>\d{{2,4}})(?!\d|\ ?(?:{_COUNTED}))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Money that was not the price: a condition, a rebate, what is left.
_BESIDE = re.compile(
    r"(?:满|减|优惠|便宜|送|赠|返|返现|省|差|限额|余额.{0,3}|剩|balance (?:is|of) |over |off )$", re.IGNORECASE
)
_REBATE = re.compile(r"\ ?(?:以上|的?优惠|的?券|的?红包|off(?![a-z])|coupon|discount|voucher)", re.IGNORECASE)


def amount(text: str, taken: list[_Span]) -> Amount | None:
    """The first sum of money that was paid or meant."""
    for match in _MONEY.finditer(text):
        said = match["signed"] or match["number"] or match["bare"] or match["goods"] or match["behind"]
        many = figures.number(said)
        if many is None or not 0 < many < 10_000_000 or not is_apart(match.span(), taken):
            continue
        if _BESIDE.search(text[max(0, match.start() - 12) : match.start()]) or _REBATE.match(text, match.end()):
            continue
        many += Decimal("0.5") if match["tail"] else 0
        dollars = match["sign"] == "$" or (match["unit"] or "").lower()[:3] in ("dol", "usd", "buc")
        return Amount(f"{many.normalize():f}", match[0], match.span(), currency="USD" if dollars else "CNY")
    return None


_SUM = re.compile(rf"[¥￥$]?\ ?{SAID}(?:\ ?(?:{_UNITS}))?", re.IGNORECASE)


def sum_alone(amount: _Span, text: str) -> _Span:
    """Where the sum itself stands in an amount, with its unit and without what was done with it: 100元 of 充值100元."""
    for match in _SUM.finditer(text, amount[0]):
        if match.end() >= amount[1]:
            return match.span()
    return amount


_FACED = re.compile(rf"(?P<number>{SAID})\ ?个?(?:{_TOKENS})", re.IGNORECASE)


def face(text: str, taken: list[_Span]) -> Part | None:
    """What was bought in its own units."""
    for match in _FACED.finditer(text):
        many = figures.number(match["number"])
        if many is not None and many > 1 and is_apart(match.span("number"), taken):
            return Part(f"{many:f}", match[0], match.span())
    return None


_HEADS = re.compile(
    r"""点卡|点券|点卷|话费|流量包?|充值卡|礼品卡|购物卡|加油卡|油卡|(?<![a-z])e卡
      |(?:超级|大|年费|年度|季度|月度|黄金|白金|铂金|网盘|视频|音乐)?会员(?:[年月季周]卡)?|[年月季周]卡|q币|(?<![a-z])qb(?![a-z])
      |[黄绿红]钻|星钻|钻石|金币|元宝|代币|星石|皮肤|月票|通行证|战令|加速器|盲盒|礼盒|代金券|礼包|激活码|(?<![a-z])s?vip(?![a-z])
      |(?<![a-z])(?:(?:gift|game|phone|prepaid|coffee)\ cards?|game\ points|memberships?|subscriptions?|data\ plan
          |(?:phone|mobile)\ credit|airtime|diamonds|coins|(?:star\ )?gems|(?:monthly|battle|season)\ pass|wallet\ code
          |game\ key|skins?|vouchers?|annual\ card|month(?:ly)?\ card)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_BRAND = re.compile(r"[\u4e00-\u9fff·a-z\d ]{1,10}$", re.IGNORECASE)
# What ends a brand to the left: whatever else is said before the name of a product.
_NO_BRAND = re.compile(
    r".*(?:(?<=[\d百千十五])元|[的了买充冲值张份次款块钱我你您他给在用把想要是到付完过新单订购拍这那请问帮¥\d没收家查]"
    r"|一[个份张]|[两二三四五六七八九十百千]+[个份张]?|^个)\ ?",
    re.IGNORECASE | re.DOTALL,
)


def product(text: str, numbers: list[_Span]) -> Part | None:
    """What was bought: the name of a kind of goods, with the brand before it."""
    for match in _HEADS.finditer(text):
        if not is_apart(match.span(), numbers):
            continue
        start = match.start()
        if not match[0].isascii() and (before := _BRAND.search(text[max(0, start - 10) : start])):
            brand = _NO_BRAND.sub("", before[0]).strip()
            start -= len(brand) if text[start - len(brand) : start] == brand else 0
        return Part(text[start : match.end()], text[start : match.end()], (start, match.end()))
    return None
