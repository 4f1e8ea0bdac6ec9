"""Which codes are suggested and why: the same facts give the same three, and nothing that cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mashang.codes.code import Topic
from mashang.codes.suggesting import MOST, AskedAbout, KnownOrder, OnPage, Seen, suggest

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def topic(code: str, position: int = 0, *, shown: bool = True, reference: bool = False, ends: datetime | None = None):
    return Topic(
        id=position,
        public_id=code.lower(),
        code=code,
        name=code,
        name_en="",
        department_id=1,
        department_public_id="d",
        department="部门",
        department_en="",
        greeting="",
        greeting_en="",
        icon="",
        context=(),
        shown=shown,
        position=position,
        takes_reference=reference,
        expires_at=ends,
    )


TOPICS = [
    topic("CZ", 0),
    topic("KM", 1),
    topic("DD", 2, reference=True),
    topic("ZK", 3),
    topic("FP", 4, shown=False),
    topic("HD", 5, ends=NOW - DAY),
]


def told(seen: Seen, resting: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.code, one.kind) for one in suggest(seen, TOPICS, resting)]


def test_nothing_is_known_and_nothing_is_suggested() -> None:
    assert told(Seen(now=NOW)) == []


def test_the_third_time_about_discounts_they_stand_first() -> None:
    asked = [AskedAbout("ZK", 2, NOW - 20 * DAY), AskedAbout("CZ", 1, NOW - 2 * DAY)]
    assert told(Seen(now=NOW, asked=asked)) == [("ZK", "often"), ("CZ", "lately")]


def test_an_order_in_trouble_comes_before_everything_and_tells_which() -> None:
    orders = [
        KnownOrder("QN1", NOW - DAY, "已完成"),
        KnownOrder("QN2", NOW - 2 * DAY, "已付款", trouble="已付款未发卡"),
    ]
    [first, *_] = suggest(Seen(now=NOW, orders=orders, asked=[AskedAbout("ZK", 9, NOW)]), TOPICS)
    assert (first.code, first.kind, first.order, first.text) == ("DD", "matter", "QN2", "已付款未发卡")


def test_a_matter_leads_where_the_shop_says_and_the_fresh_order_stays_with_orders() -> None:
    orders = [
        KnownOrder("QN1", NOW - DAY, "已付款", trouble="充值失败", code="CZ"),
        KnownOrder("QN2", NOW - DAY, "已完成"),
    ]
    assert told(Seen(now=NOW, orders=orders)) == [("CZ", "matter"), ("DD", "order")]


def test_an_old_order_is_no_reason() -> None:
    assert told(Seen(now=NOW, orders=[KnownOrder("QN1", NOW - 4 * DAY, "已完成")])) == []


def test_what_is_hidden_over_or_gone_is_never_suggested() -> None:
    asked = [AskedAbout(code, 5, NOW - DAY) for code in ("FP", "HD", "XX")]
    assert told(Seen(now=NOW, asked=asked)) == []


def test_what_she_is_talking_about_now_is_not_suggested_again() -> None:
    asked = [AskedAbout("ZK", 3, NOW, is_open=True), AskedAbout("CZ", 2, NOW - DAY)]
    assert told(Seen(now=NOW, asked=asked)) == [("CZ", "often")]


def test_codes_whose_people_are_there_come_first_but_trouble_waits_for_nobody() -> None:
    asked = [AskedAbout("ZK", 5, NOW - DAY), AskedAbout("CZ", 2, NOW - DAY)]
    assert told(Seen(now=NOW, asked=asked), ("ZK",)) == [("CZ", "often"), ("ZK", "often")]
    orders = [KnownOrder("QN1", NOW - DAY, "已付款", trouble="未发卡")]
    assert told(Seen(now=NOW, asked=asked, orders=orders), ("DD", "ZK"))[0] == ("DD", "matter")


def test_a_page_speaks_only_for_several_customers() -> None:
    assert told(Seen(now=NOW, page=[OnPage("CZ", 2), OnPage("KM", 3)])) == [("KM", "page")]


_CODES = st.sampled_from(["CZ", "KM", "DD", "ZK", "FP", "HD", "XX"])
_AGES = st.timedeltas(timedelta(0), timedelta(days=200))
_SEEN = st.builds(
    lambda asked, orders, page: Seen(now=NOW, asked=asked, orders=orders, page=page),
    st.lists(
        st.builds(lambda c, n, a, o: AskedAbout(c, n, NOW - a, o), _CODES, st.integers(1, 99), _AGES, st.booleans()),
        max_size=8,
    ),
    st.lists(
        st.builds(
            lambda n, a, t, c: KnownOrder(f"QN{n}", NOW - a, "已付款", t, c),
            st.integers(1, 99),
            _AGES,
            st.sampled_from(["", "未发卡"]),
            st.sampled_from(["", "CZ", "FP", "XX"]),
        ),
        max_size=8,
    ),
    st.lists(st.builds(OnPage, _CODES, st.integers(0, 99)), max_size=8),
)


@given(_SEEN, st.sets(_CODES), st.randoms())
def test_whatever_is_known_three_at_most_all_usable_each_once_and_in_whatever_order_it_was_read(
    seen: Seen, resting: set[str], random
) -> None:
    found = suggest(seen, TOPICS, resting)
    codes = [one.code for one in found]
    assert len(codes) == len(set(codes)) <= MOST
    assert set(codes) <= {"CZ", "KM", "DD", "ZK"}
    mixed = Seen(
        now=NOW,
        asked=random.sample(seen.asked, len(seen.asked)),
        orders=random.sample(seen.orders, len(seen.orders)),
        page=random.sample(seen.page, len(seen.page)),
    )
    again = suggest(mixed, random.sample(TOPICS, len(TOPICS)), resting)
    assert [(one.code, one.kind) for one in again] == [(one.code, one.kind) for one in found]
