"""When something happened, as people say it: 昨晚十点半, 周三下午, 11月20号, 半小时前, "at 3 pm yesterday".

What is said is read against the instant of the message on the installation's clock.  It lies in
the past, for people tell what happened: a bare 8点 is the last one that has been, 周三 the last
Wednesday.  How exactly it was said stays beside it, for an order is looked for within that span.

Every pattern is bounded and read from left to right: the text comes from strangers.

Does not: choose among several times which one is meant (`statement`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from mashang.bot import figures
from mashang.bot.figures import SAID

Precision = Literal["minute", "about", "part", "day"]


class Moment(NamedTuple):
    """A time that was said: from `at` to `until`, and where it stands in the text."""

    at: datetime
    until: datetime
    precise: Precision
    start: int
    end: int
    is_dated: bool = True  # was the day said too?


_NUMERAL = "[零〇一二两三四五六七八九十]"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = (
    "(?:monday|tues?(?:day)?|wed(?:nesday)?|thu(?:rs)?(?:day)?|friday|fri|saturday|sunday|mon|(?<=on )(?:sat|sun))"
)
_MDAY = "[12]\\d|3[01]|0?[1-9]"
_FEW = r"\d{1,3}|an?|one|two|three|four|five|six|ten|half[ ]an|a[ ]couple[ ]of"

_AGO = re.compile(
    rf"""(?P<just>刚刚|刚才|方才|刚(?=充|买|付|下|转|拍|支|购|用|兑|订|花|扣)|just[ ]now
          |a[ ](?:moment|few[ ]minutes)[ ]ago
          |(?<![a-z])just[ ](?=paid|bought|recharged|topped|ordered|sent|tried|purchased|redeemed|entered))
      |(?P<many>一个半|{SAID}|几)[ ]?[多来]?[ ]?个?(?P<half>半)?多?[ ]?(?P<unit>分钟|分|小时|钟头|天|日|星期|礼拜|周|月)
          (?:左右|多)?(?:之前|以前|前|多?了|过去了|(?=[还都]?没))
      |(?<![a-z\d.])(?P<count>{_FEW})[ ]?(?P<english>min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?)
          [ ](?:ago|now|already|earlier|have[ ]passed|(?=(?:and|but)[ ](?:still|nothing)))
      |(?<![a-z])(?:for|been|waited)[ ](?P<waited>{_FEW})[ ](?P<since>min(?:ute)?s?|hours?|hrs?|days?|weeks?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(
    rf"""(?P<near>今[天日儿早晚晨]|当天|昨[天日儿早晚夜]|大前天|前[天日晚](?!内|之内)|今(?=上午|下午)|昨(?=上午|下午)
            |the[ ]day[ ]before[ ]yesterday|yesterday|last[ ]night|today|tonight|this[ ](?=morning|afternoon|evening))
      |(?P<week>上个?|这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![年周])
      |(?<![a-z])(?P<last>last[ ])?(?P<named>{_WEEKDAY})(?![a-z])
      |(?:(?P<year>20\d\d)年[ ]?)?(?<!\d)(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])[ ]?月[ ]?
            (?P<mday>{_MDAY}|{_NUMERAL}{{1,3}})[日号]?
      |(?P<iyear>20\d\d)[\-/.](?P<imonth>1[0-2]|0?[1-9])[\-/.](?P<iday>{_MDAY})(?!\d)
      |(?<![\d\-/.:a-z])(?P<nmonth>1[0-2]|0?[1-9])(?:/|[\-.](?=\d\d?(?:[日号]|[ ]\d\d?[:点]|[ ]?[上下中]午|[ ]?晚)))
            (?P<nday>{_MDAY})(?![\d\-/.:a-z%])[日号]?
      |(?<![\d.月:a-z{figures.NUMERALS}])(?P<only>{_MDAY}|{_NUMERAL}{{1,3}})[号日](?![店线楼群机码卡套服版区员器])
      |(?<![a-z])(?P<emonth>{_MONTH})\.?[ ](?:the[ ])?(?P<eday>{_MDAY})(?:st|nd|rd|th)?(?![\d:a-z])
      |(?<!\d)(?P<fday>{_MDAY})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<fmonth>{_MONTH})(?![a-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PART = re.compile(
    r"""凌晨|清晨|早晨|早上|大早上|一早|上午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜晚|大半夜|半夜|深夜
      |(?<=[今昨])早|(?<=[今昨前])[晚夜]|早(?=\d|[一二三四五六七八九十]点)|晚(?=\d|[一二三四五六七八九十]{1,2}点)
      |(?<![a-z])(?:morning|afternoon|evening|night|noon|midnight|tonight)(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"""(?<![\d:.])(?P<hour24>[01]?\d|2[0-3])[ ]?:[ ]?(?P<minute24>[0-5]\d)(?::[0-5]\d)?(?!\d)
          (?:[ ]?(?P<half_day>[ap])\.?m(?![a-z])\.?)?
      |(?<![\d:.])(?P<hour12>1[0-2]|0?[1-9])[ ]?(?:(?P<half_day12>[ap])\.?m(?![a-z])\.?|o'?clock)
      |(?<![\d.第{figures.NUMERALS}])(?P<hour>[01]?\d|2[0-4]|{_NUMERAL}{{1,3}})[ ]?[点时]
          (?![卡券数击钻间候不以之内开关尊装长]|了?一?下)
          钟?(?P<loose>多|左右|来钟)?
          (?:(?P<half>半)|(?P<quarter>[一三])刻|过?(?P<minute>[0-5]?\d|{_NUMERAL}{{1,3}})(?:分|(?![\d.元块百千万小天个月]))|整)?
          (?P<about>左右|多)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What may stand between the parts of one time.
_BETWEEN = re.compile(r"(?:[ ,，、的()]|大概|大约|差不多|约|在|就|是|at|in|the|on|around|about|of){0,4}", re.IGNORECASE)
# A time that somebody asks about or is promised, and one until which something lasts: not when it happened.
_ASKED = re.compile(
    r"[ ,]?(?:之前|以前|前)?[就才]?(?:能|会|可以|应该|必须|之内|以内|内|到得了|几点|开服|开门|上班|下班)"
    r"|[ ,]?有(?:没有|活动|什么)"
)
_UNTIL = re.compile(
    r"(?:到|截止|等到|until|till|by|说好?|承诺|保证|每|promotions? |offers? |open )[ ]?$", re.IGNORECASE
)
_ABOUT = re.compile(r"(?:大概|大约|差不多|around|about|roughly)[ ]?[是在]?(?:at )?$", re.IGNORECASE)
_PARTS = {
    "凌晨": (0, 6), "清晨": (5, 8), "早晨": (5, 9), "早上": (6, 10), "大早上": (5, 10), "一早": (5, 10), "早": (6, 10),
    "上午": (6, 12), "中午": (11, 14), "午后": (12, 15), "下午": (12, 18), "傍晚": (17, 20), "晚上": (18, 24),
    "晚间": (18, 24), "晚": (18, 24), "夜": (18, 24), "夜里": (20, 28), "夜晚": (18, 24), "半夜": (23, 28),
    "大半夜": (23, 28), "深夜": (22, 27), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24),
    "night": (18, 24), "tonight": (18, 24), "noon": (12, 13), "midnight": (24, 25),
}  # fmt: skip
_NEAR = {"今": 0, "当": 0, "昨": 1, "前": 2, "大": 3, "to": 0, "th": 0, "ye": 1, "la": 1}
_SECONDS = {
    "分": 60, "小": 3600, "钟": 3600, "天": 86400, "日": 86400, "星": 604800, "礼": 604800, "周": 604800, "月": 2592000,
    "mi": 60, "ho": 3600, "hr": 3600, "da": 86400, "we": 604800, "mo": 2592000,
}  # fmt: skip
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "half an": 0.5}
_LONGEST_DAYS = 400
_Piece = tuple[str, re.Match[str]]


def moments(text: str, now: datetime) -> list[Moment]:
    """The times said in `text`, in its order; `now` is aware, in the zone of whoever is spoken to."""
    found = (_moment(text, pieces, now) for pieces in _groups(text))
    return [moment for moment in found if moment is not None]


def _groups(text: str) -> Iterator[list[_Piece]]:
    """The pieces of a time that stand together."""
    group: list[_Piece] = []
    for kind, match in _pieces(text):
        if group and (
            match.start() < group[-1][1].end()
            or kind in {known for known, _ in group} | {"ago"}
            or group[0][0] == "ago"
            or _BETWEEN.fullmatch(text, group[-1][1].end(), match.start()) is None
        ):
            if match.start() < group[-1][1].end():
                continue
            yield group
            group = []
        group.append((kind, match))
    if group:
        yield group


def _pieces(text: str) -> list[_Piece]:
    kinds = (("ago", _AGO), ("day", _DAY), ("part", _PART), ("clock", _CLOCK))
    return sorted(((kind, match) for kind, form in kinds for match in form.finditer(text)), key=_place)


def _place(piece: _Piece) -> tuple[int, int]:
    return piece[1].start(), -piece[1].end()


def _moment(text: str, group: list[_Piece], now: datetime) -> Moment | None:
    start, end = group[0][1].start(), group[-1][1].end()
    before = text[max(0, start - 10) : start]
    if _ASKED.match(text, end) or _UNTIL.search(before):
        return None
    pieces = dict(group)
    if ago := pieces.get("ago"):
        return _ago(ago, now)
    try:
        said = _resolved(pieces, now, loosely=_ABOUT.search(before) is not None)
    except (ValueError, OverflowError):  # the 31st of a month that has thirty days
        return None
    return said and Moment(*said, start, end, "day" in pieces)


def _ago(match: re.Match[str], now: datetime) -> Moment | None:
    if match["just"]:
        return Moment(now - timedelta(minutes=15), now, "about", *match.span())
    word = (match["unit"] or match["english"] or match["since"]).lower()
    seconds = _SECONDS.get(word[:2]) or _SECONDS[word[0]]
    many = _how_many(match)
    if many is None or many * seconds > _LONGEST_DAYS * 86400:
        return None
    at, slack = now - timedelta(seconds=many * seconds), timedelta(seconds=seconds / 2)
    if seconds >= 86400:
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return Moment(day, min(day + timedelta(days=seconds // 86400), now), "day", *match.span())
    return Moment(at, min(at + slack, now), "about", *match.span())


def _how_many(match: re.Match[str]) -> float | None:
    if said := match["count"] or match["waited"]:
        return float(said) if said.isdecimal() else _COUNTS.get(said.lower(), 2)
    if match["many"] == "一个半":
        return 1.5
    if match["many"] == "几":
        return 3
    many = figures.number(match["many"])
    return None if many is None else float(many) + (0.5 if match["half"] else 0)


_Span = tuple[datetime, datetime, Precision]


def _resolved(pieces: dict[str, re.Match[str]], now: datetime, *, loosely: bool) -> _Span | None:
    day_said, clock = pieces.get("day"), pieces.get("clock")
    part = _part_of(pieces)
    day = _day(day_said, now.date()) if day_said else None
    if day_said and (day is None or day > now.date()):
        return None
    if clock is None:
        return _in_part(day or _latest_day(part, now), part, now) if part else _whole_day(day or now.date(), now)
    hour, minute = _hour_and_minute(clock)
    at = _at(day, _hours(clock, hour, part, is_dated=day is not None and day < now.date()), minute, now)
    if at is None:
        return _whole_day(day, now) if day else None
    is_loose = loosely or bool(clock["loose"] or clock["about"])
    span = timedelta(minutes=30 if is_loose else 1)
    return at, min(at + span, now), "about" if is_loose else "minute"


def _part_of(pieces: dict[str, re.Match[str]]) -> tuple[int, int] | None:
    """The part of the day: a word of its own, or within 昨晚 and last night."""
    if "part" in pieces:
        return _PARTS[pieces["part"][0].lower()]
    near = (pieces["day"]["near"] or "").lower() if "day" in pieces else ""
    return _PARTS.get(near[-1:]) or (
        (18, 24) if near in ("last night", "tonight") else (6, 10) if near[1:] == "晨" else None
    )


def _hour_and_minute(clock: re.Match[str]) -> tuple[int, int]:
    if clock["hour24"]:
        return int(clock["hour24"]), int(clock["minute24"])
    if clock["hour12"]:
        return int(clock["hour12"]), 0
    minute = 30 if clock["half"] else {"一": 15, "三": 45}.get(clock["quarter"] or "", 0)
    return _count(clock["hour"]), _count(clock["minute"]) if clock["minute"] else minute


def _count(said: str) -> int:
    many = figures.number(said)
    if many is None or many != int(many):
        raise ValueError(said)
    return int(many)


def _hours(clock: re.Match[str], hour: int, part: tuple[int, int] | None, *, is_dated: bool) -> tuple[int, ...]:
    """The hours of a day that were meant, the likeliest first; 24 and more lie in the night after it."""
    if half := (clock["half_day"] or clock["half_day12"] or "").lower():
        return (hour % 12 + (12 if half == "p" else 0),)
    if part:
        return (_in_this_part(hour, part),)
    if hour >= 12 or hour == 0 or (clock["hour24"] or clock["hour"] or "").startswith("0"):
        return (hour,)
    if is_dated:  # who means the night says 凌晨
        return (hour + 12,) if hour < 7 and not clock["hour24"] else (hour,)
    return hour + 12, hour


def _in_this_part(hour: int, part: tuple[int, int]) -> int:
    if hour > 12:
        return hour
    first, last = part
    for candidate in (hour, hour + 12, hour + 24):
        if first - 1 <= candidate < last + 3 and (candidate != 12 or first < 12):
            return candidate
    return hour


def _at(day: date | None, hours: tuple[int, ...], minute: int, now: datetime) -> datetime | None:
    """The latest that is not to come; without a day of today or, when that is to come, of yesterday."""
    days = (day,) if day else (now.date(), now.date() - timedelta(days=1))
    for one in days:
        for hour in hours:
            at = datetime.combine(one, time(hour % 24, minute), now.tzinfo) + timedelta(days=hour // 24)
            if at <= now:
                return at
    return None


def _in_part(day: date, part: tuple[int, int], now: datetime) -> _Span:
    midnight = datetime.combine(day, time(), now.tzinfo)
    at, until = midnight + timedelta(hours=part[0]), midnight + timedelta(hours=part[1])
    return (at, min(until, now), "part") if at <= now else _whole_day(day, now)


def _latest_day(part: tuple[int, int] | None, now: datetime) -> date:
    """Of 下午 alone: today when that has begun."""
    return now.date() if part is None or now.hour >= part[0] else now.date() - timedelta(days=1)


def _whole_day(day: date, now: datetime) -> _Span:
    at = datetime.combine(day, time(), now.tzinfo)
    return at, min(at + timedelta(days=1), now), "day"


def _day(match: re.Match[str], today: date) -> date | None:
    if near := match["near"]:
        steps = (
            2
            if near.lower().startswith("the day")
            else _NEAR.get(near[0])
            if near[0] > "z"
            else _NEAR[near[:2].lower()]
        )
        return today - timedelta(days=steps or 0)
    if match["weekday"] or match["named"]:
        return _weekday(match, today)
    if match["only"]:
        return _this_or_last_month(_count(match["only"]), today)
    year = match["year"] or match["iyear"]
    month = match["month"] or match["imonth"] or match["nmonth"] or match["emonth"] or match["fmonth"]
    number = _MONTHS.index(month[:3].lower()) + 1 if month[:1].isalpha() and month.isascii() else _count(month)
    mday = _count(match["mday"] or match["iday"] or match["nday"] or match["eday"] or match["fday"])
    if year:
        return date(int(year), number, mday)
    said = date(today.year, number, mday)
    return said if said <= today else date(today.year - 1, number, mday)


def _weekday(match: re.Match[str], today: date) -> date:
    if match["named"]:
        wanted = _WEEKDAYS.index(match["named"][:3].lower())
        return today - timedelta(days=(today.weekday() - wanted) % 7 or (7 if match["last"] else 0))
    wanted = "一二三四五六日天".index(match["weekday"]) % 7 if match["weekday"] != "天" else 6
    if (match["week"] or "").startswith("上"):
        return today - timedelta(days=today.weekday() + 7 - wanted)
    return today - timedelta(days=(today.weekday() - wanted) % 7)


def _this_or_last_month(mday: int, today: date) -> date:
    if mday <= today.day:
        return today.replace(day=mday)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=mday)
