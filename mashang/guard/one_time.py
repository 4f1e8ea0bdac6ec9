"""One-time passwords: the digits that a bank or a platform sends, which nobody but their owner may know.

Whoever gets such digits out of somebody is inside their account a minute later, and people who are used to typing
short codes here type these too.  So they are hidden before they are stored, like other secrets, and whoever sent them
is warned.  Two forms are known:

* the text says what it is: 验证码 123456, “654321 is your verification code”, a whole message in the form of an SMS,
  【某银行】with 4 to 8 digits in it (`spans`; always hidden);
* nothing but six digits (`is_bare`).  That may be the end of an order number just as well, so it is hidden only when
  nobody asked for one: whoever hides it asks `asks_for_digits` about what was said before.

Digits behind an order's number or its 尾号, and counted ones (有效期 30 分钟, 1000 元), are none.

Does not: know what was said before or what is this customer's (`intake`), or hide anything itself (`masking`).
"""

from __future__ import annotations

import re
import unicodedata

DIGITS = r"(?:\d{3}[ \-]\d{3}|\d{4,8})(?!\d)"
COUNTED = re.compile(
    r"\s{0,2}(?:年|月|日|号|天|元|块|点|个|张|次|条|笔|分|秒|小时|位|刀|折|面值|卡|钻|币|%|％|min|sec|hour|yuan|usd)",
    re.IGNORECASE,
)

_CUE = (
    "(?:验证码|校验码|动态码|动态密码|一次性密码"
    "|verification code|security code|one[- ]time (?:pass)?(?:code|word)|otp)"
)
# What is said of digits in front of the cue: 654321 是您的…验证码, 654321（登录验证码）, 654321 is your … code.
_BEFORE_CUE = re.compile(
    rf"(?<!\d)(?<!\d[\-.])(?P<digits>{DIGITS})[】」』”\"'）)\]]{{0,2}}\s{{0,2}}"
    r"(?:(?:[是为,，]{1,2}|为您的)?(?:您|你|本次|此次|登录|登陆|注册|动态|短信|支付|手机|该)|[（(]|is (?:your|the)\b)"
    rf"[^\d\n。]{{0,24}}?{_CUE}",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(rf"{_CUE}[^\d\n。，,；;？?]{{0,8}}?(?P<digits>{DIGITS})", re.IGNORECASE)
_ANY_CUE = re.compile(_CUE, re.IGNORECASE)
_SIGNED = re.compile(r"^\s*【[^】\n]{1,20}】|【[^】\n]{1,20}】\s*$")
_RUN = re.compile(rf"(?<!\d)(?<!\d[\-.])(?P<digits>{DIGITS})")
_ELSE = re.compile(
    r"(?:尾号|单号?|编号|代码|账号|帐号|电话|热线|致电|拨打|退订回复?|ending(?: in)?|no\.?|#)[为是:：\s]{0,3}$",
    re.IGNORECASE,
)

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_WORDS = re.compile("[A-Za-z\u4e00-\u9fff]")  # what nearly every message has, and six bare digits never
_BARE = re.compile(r"[\s\W_]*(?:\d[\s\-\u2010-\u2015\u00b7]{0,3}){5}\d[\s\W_]*")
_ASKS = re.compile(
    r"尾号|[后末][四五六几4-8]位|最后[四五六几4-8]|订单|单号|流水|编号|序号|账号|帐号|会员号|用户\s?(?:名|id|号)|\buid\b|\bid\b|qq|邮编"
    r"|电话|手机|金额|多少钱|last (?:four|six|few|[4-8]) |order|account|phone|member|post ?code|zip|amount",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where digits stand of which the text itself says that they are a one-time password."""
    if _ANY_CUE.search(text) is None:
        return []
    signed = _RUN.finditer(text) if _SIGNED.search(text) else ()
    found = (match.span("digits") for match in (*_BEFORE_CUE.finditer(text), *_AFTER_CUE.finditer(text), *signed))
    return [
        (start, end)
        for start, end in dict.fromkeys(found)
        if not COUNTED.match(text, end) and not _ELSE.search(text, max(0, start - 12), start)
    ]


def is_bare(text: str) -> bool:
    """Nothing but six digits, however they are spaced, drawn or ended?"""
    if len(text) >= 60 or _WORDS.search(text):
        return False
    return _BARE.fullmatch(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text))) is not None


def digits_in(text: str) -> str:
    """The digits of `text`, as ASCII."""
    return "".join(str(int(each)) for each in text if each.isdecimal())


def asks_for_digits(text: str) -> bool:
    """Do these words ask for, or announce, digits that are no one-time password?  Words about both do not."""
    return _ASKS.search(text) is not None and _ANY_CUE.search(text) is None
