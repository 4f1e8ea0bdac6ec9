"""The conversation lists: who sees what, in which order, page by page, and how fast."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import chain

import msgspec
import pytest

from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.desk import lists
from mashang.kit.errors import Invalid
from mashang.staff import agents, departments
from mashang.staff.agents import AgentDraft
from mashang.staff.departments import DepartmentDraft
from tests.desk.conftest import PASSWORD


async def ids(tx, agent, name, **how):
    page = await lists.page(tx, agent, name, **{"cursor": None, "limit": 50, "locale": "zh-CN", **how})
    return [row.id for row in page.rows]


async def pages(tx, agent, name, limit, between=None):
    """All pages of a list, each as ids; `between` happens after the first."""
    found, cursor = [], None
    while True:
        page = await lists.page(tx, agent, name, cursor=cursor, limit=limit, locale="zh-CN")
        found.append([row.id for row in page.rows])
        if between is not None:
            await between()
            between = None
        if page.next is None:
            return found
        cursor = page.next


# ── who sees what ───────────────────────────────────────────────────────────


async def test_an_agent_sees_the_own_departments_and_what_is_the_own(floor):
    mine = await floor.conversation(floor.recharge)
    served = await floor.conversation(floor.after_sale, agent=floor.xiaomei)
    other = await floor.conversation(floor.after_sale)
    assert await ids(floor.tx, floor.xiaomei, "all") == [served, mine]
    assert await ids(floor.tx, floor.xiaomei, "waiting") == [mine]
    assert await ids(floor.tx, floor.xiaomei, "mine") == [served]
    assert await ids(floor.tx, floor.aqiang, "all") == [other, served]


async def test_supervisor_and_operator_see_everything(floor):
    made = [await floor.conversation(department) for department in (floor.recharge, floor.after_sale)]
    for agent in (floor.supervisor, floor.operator):
        assert await ids(floor.tx, agent, "all") == made[::-1]
        assert await ids(floor.tx, agent, "waiting") == made
        assert await ids(floor.tx, agent, "mine") == []


async def test_a_row_in_hand_is_judged_as_the_database_judges(floor):
    for department in (floor.recharge, floor.after_sale):
        for agent in (None, floor.xiaomei, floor.aqiang):
            await floor.conversation(department, agent=agent)
    everything = [row["id"] for row in await floor.tx.all("select id from conversation")]
    for agent in (floor.operator, floor.supervisor, floor.xiaomei, floor.aqiang):
        asked = await lists.rows(floor.tx, agent, everything)
        judged = [one for one in await lists.rows(floor.tx, None, everything) if one.is_visible_to(agent)]
        assert asked == judged
        assert len(asked) == (6 if agent.sees_everything else 4)


async def _says(floor, public_id, *said):
    for text, data in said:
        author = Author("customer")
        entry = NewEntry(conversation_id=await floor.row(public_id), author=author, text=text, data=data)
        await timeline.append(floor.tx, entry)


async def _matter(floor, public_id, locale="zh-CN"):
    [one] = await lists.rows(floor.tx, None, [await floor.row(public_id)], locale)
    return one.row.matter


async def test_who_waits_is_listed_with_the_matter_and_not_with_the_last_words(floor):
    waits = await floor.conversation(floor.recharge)
    pressed = {"choice": {"seq": 2, "id": "person"}}
    said = [
        ("您好", None),
        ("充了100\n还没到账", None),
        ("20261122000000001", None),
        ("没有截图", None),
        ("转人工" * 9, pressed),
    ]
    await _says(floor, waits, *said)
    assert await _matter(floor, waits) == "充了100 还没到账"


async def test_what_was_understood_of_the_matter_stands_before_what_was_said(floor):
    waits = await floor.conversation(floor.recharge)
    await _says(floor, waits, ("怎么回事啊你们", None))
    statement = """{"statement": {"result": {"zh-CN": "没有到账", "en": "not arrived"},
        "action": {"zh-CN": "充值", "en": "recharge"}}}"""
    await floor.tx.run(
        "insert into assistance (conversation_id, state, began_at, facts) values (%s, 'out', app_now(), %s::jsonb)",
        (await floor.row(waits), statement),
    )
    assert await _matter(floor, waits) == "没有到账 · 充值"
    assert await _matter(floor, waits, "en") == "not arrived · recharge"


async def test_who_is_served_or_has_said_nothing_has_no_matter_in_the_list(floor):
    served = await floor.conversation(floor.recharge, agent=floor.xiaomei)
    await _says(floor, served, ("还没到账", None))
    silent = await floor.conversation(floor.recharge)
    assert [await _matter(floor, one) for one in (served, silent)] == [None, None]


async def test_the_counters_count_what_is_open_and_visible(floor):
    await floor.conversation(floor.recharge)
    offered = await floor.conversation(floor.recharge)
    await floor.offer(offered, floor.xiaomei)
    await floor.conversation(floor.recharge, agent=floor.xiaomei)
    await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True)
    await floor.conversation(floor.after_sale, agent=floor.aqiang)
    counted = {
        agent.login: await lists.counters(floor.tx, agent) for agent in (floor.xiaomei, floor.aqiang, floor.operator)
    }
    assert counted == {
        "xiaomei": lists.Counters(waiting=2, mine=1, all=3, offered=1),
        "aqiang": lists.Counters(waiting=0, mine=1, all=1, offered=0),
        "boss": lists.Counters(waiting=2, mine=0, all=4, offered=0),
    }


async def test_an_offer_that_has_expired_is_not_counted(floor, clock):
    await floor.offer(await floor.conversation(floor.recharge), floor.xiaomei)
    await clock.advance(timedelta(minutes=1))
    assert (await lists.counters(floor.tx, floor.xiaomei)).offered == 0


# ── order and pages ─────────────────────────────────────────────────────────


async def test_whoever_waits_longest_stands_first(floor):
    first = await floor.conversation(floor.recharge)
    second = await floor.conversation(floor.recharge)
    await floor.tx.run("update queue_place set order_at = order_at - interval '1 h' where number = 2")
    assert await ids(floor.tx, floor.xiaomei, "waiting") == [second, first]


async def test_mine_has_the_newest_activity_first_and_nothing_closed(floor):
    made = [
        await floor.conversation(floor.recharge, agent=floor.xiaomei, active_ago=timedelta(minutes=minutes))
        for minutes in (2, 1, 3)
    ]
    await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True)
    assert await ids(floor.tx, floor.xiaomei, "mine") == [made[1], made[0], made[2]]


async def test_open_and_closed_together_are_all_and_open_is_what_the_counter_says(floor):
    closed = [await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True) for _ in range(2)]
    opened = [await floor.conversation(floor.recharge), await floor.conversation(floor.recharge, agent=floor.xiaomei)]
    assert await ids(floor.tx, floor.xiaomei, "open") == opened[::-1]
    assert await ids(floor.tx, floor.xiaomei, "closed") == closed[::-1]
    assert await ids(floor.tx, floor.xiaomei, "all") == opened[::-1] + closed[::-1]
    assert (await lists.counters(floor.tx, floor.xiaomei)).all == len(opened)


@pytest.mark.parametrize("name", ["waiting", "mine", "open", "all"])
@pytest.mark.parametrize("limit", [1, 3, 7, 8])
async def test_the_pages_together_are_the_list(floor, name, limit):
    agent = floor.xiaomei if name == "mine" else None
    for number in range(7):
        await floor.conversation(floor.recharge, agent=agent, active_ago=timedelta(minutes=number % 3))
    found = await pages(floor.tx, floor.xiaomei, name, limit)
    assert list(chain(*found)) == await ids(floor.tx, floor.xiaomei, name)
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)


@pytest.mark.parametrize("name", ["waiting", "mine", "open", "all"])
async def test_rows_that_move_between_pages_are_shown_once_and_the_rest_all(floor, name):
    agent = floor.xiaomei if name == "mine" else None
    for number in range(9):
        await floor.conversation(floor.recharge, agent=agent, active_ago=timedelta(minutes=number))
    before = await ids(floor.tx, floor.xiaomei, name)
    moving = {before[1], before[2]}  # the page's last row among them: its place must not depend on it

    async def move():
        for public_id in moving:
            row = await floor.row(public_id)
            await floor.tx.run("delete from queue_place where conversation_id = %s", (row,))
            await floor.tx.run(
                """
                update conversation set status = 'active', agent_id = %s, last_entry_at = app_now() + interval '1 s'
                where id = %s
                """,
                (floor.xiaomei.id, row),
            )
        await floor.conversation(floor.recharge, agent=agent)

    shown = list(chain(*await pages(floor.tx, floor.xiaomei, name, 3, move)))
    assert len(shown) == len(set(shown))
    assert [one for one in shown if one in before] == before


@pytest.mark.parametrize("cursor", ["", "x", "1", "-1-x", "1-", "1-'; drop table agent", "9" * 30 + "-x", "1-é", "١-x"])
async def test_an_invented_cursor_is_refused(floor, cursor):
    with pytest.raises(Invalid):
        await lists.page(floor.tx, floor.xiaomei, "all", cursor=cursor, limit=5, locale="zh-CN")


async def test_a_cursor_tells_no_row_number(floor):
    for _ in range(3):
        await floor.conversation(floor.recharge)
    page = await lists.page(floor.tx, floor.xiaomei, "all", cursor=None, limit=2, locale="zh-CN")
    assert page.next.partition("-")[2] == page.rows[-1].id


# ── a row ───────────────────────────────────────────────────────────────────


async def test_a_row_names_what_a_list_shows(floor):
    await floor.tx.run(
        "insert into topic (public_id, code, name, name_en, department_id) values ('t', 'CZ', '充值', 'Top-up', %s)",
        (floor.recharge.id,),
    )
    await floor.customer("李雷", subject="u1")
    await floor.conversation(floor.recharge, customer="李雷", topic="CZ")
    ((chinese,), (english,)) = [
        (await lists.page(floor.tx, floor.xiaomei, "all", cursor=None, limit=5, locale=locale)).rows
        for locale in ("zh-CN", "en")
    ]
    assert (chinese.topic.name, chinese.department.name) == ("充值", "充值")
    assert (english.topic.name, english.department.name) == ("Top-up", "Recharge")
    assert (chinese.customer.proved, chinese.customer.label, chinese.number) == (True, "李雷", 1)
    assert (chinese.last.preview, chinese.last.author, chinese.agent) == ("", "", None)


async def test_a_visitor_is_called_by_four_characters(floor):
    await floor.conversation(floor.recharge)
    (chinese,) = (await lists.page(floor.tx, floor.xiaomei, "all", cursor=None, limit=5, locale="zh-CN")).rows
    (english,) = (await lists.page(floor.tx, floor.xiaomei, "all", cursor=None, limit=5, locale="en")).rows
    assert (chinese.customer.label, english.customer.label) == ("访客 7KQ0", "Visitor 7KQ0")
    assert not chinese.customer.proved


async def test_a_topic_that_is_gone_is_shown_by_its_code(floor):
    await floor.conversation(floor.recharge, topic="OLD")
    (row,) = (await lists.page(floor.tx, floor.xiaomei, "all", cursor=None, limit=5, locale="zh-CN")).rows
    assert (row.topic.code, row.topic.name) == ("OLD", "OLD")


PICTURE = {"id": "f", "name": "payment.png", "picture": True}
FILE = {"id": "f", "name": "record.txt", "picture": False}
# What is written last and is not said: a note among colleagues, an event, our own greeting.
UNSAID = (
    NewEntry(conversation_id=0, author=Author("agent"), audience="staff", text="看过了"),
    NewEntry(conversation_id=0, kind="event", data={"name": "assigned"}),
    NewEntry(conversation_id=0, text="您好"),
)


@pytest.mark.parametrize(
    ("said", "kind", "preview"),
    [
        ([], "text", ""),
        ([("text", "在吗", None)], "text", "在吗"),
        ([("text", "看图", None), ("file", "", PICTURE)], "picture", "payment.png"),
        ([("file", "", PICTURE), ("file", "", FILE)], "file", "record.txt"),
        ([("file", "", FILE), ("text", "看到了吗", None)], "text", "看到了吗"),
    ],
)
async def test_a_row_tells_words_from_a_picture_and_a_file(floor, said, kind, preview):
    conversation = await floor.row(await floor.conversation(floor.recharge, agent=floor.xiaomei))
    customer = await floor.tx.value("select customer_id from conversation where id = %s", (conversation,))
    for what, text, data in said:
        entry = NewEntry(
            conversation_id=conversation, author=Author("customer"), author_id=customer, kind=what, text=text, data=data
        )
        await timeline.append(floor.tx, entry)
    for unsaid in UNSAID:
        await timeline.append(floor.tx, msgspec.structs.replace(unsaid, conversation_id=conversation))
    (row,) = (await lists.page(floor.tx, floor.xiaomei, "open", cursor=None, limit=5, locale="zh-CN")).rows
    assert (row.last.kind, row.last.preview) == (kind, preview)


# ── cost ────────────────────────────────────────────────────────────────────


@pytest.fixture
async def crowded(floor):
    """10,000 conversations, a tenth of them open in each way."""
    await floor.customer("")
    await floor.tx.run(
        """
        insert into conversation (public_id, site_id, customer_id, status, department_id, agent_id, opening_key,
            opened_at, last_entry_at, closed_at)
        select 'crowd' || i, (select id from site), (select min(id) from customer),
            case i %% 10 when 0 then 'waiting' when 1 then 'active' else 'closed' end,
            case when i %% 3 = 0 then %(recharge)s else %(after_sale)s end,
            case when i %% 10 > 0 then case when i %% 2 = 0 then %(xiaomei)s else %(aqiang)s end end, 'crowd' || i,
            app_now() - (10000 - i) * interval '1 min', app_now() - (i * 7919 %% 10000) * interval '1 min',
            case when i %% 10 > 1 then app_now() end
        from generate_series(1, 10000) i
        """,
        {
            "recharge": floor.recharge.id, "after_sale": floor.after_sale.id,
            "xiaomei": floor.xiaomei.id, "aqiang": floor.aqiang.id,
        },
    )  # fmt: skip
    await floor.tx.run(
        """
        insert into queue_place (conversation_id, department_id, queued_at, order_at, number)
        select id, department_id, opened_at, opened_at, id from conversation where status = 'waiting'
        """
    )
    await floor.tx.run("analyze conversation, queue_place, customer")
    return floor


@pytest.mark.parametrize("who", ["operator", "xiaomei"])
@pytest.mark.parametrize("name", ["waiting", "mine", "open", "closed", "all"])
async def test_a_page_among_ten_thousand_takes_one_statement_and_thirty_milliseconds(crowded, queries, who, name):
    agent, took, cursor = getattr(crowded, who), [], None
    queries.clear()
    for _ in range(40):
        reads = []
        for _ in range(3):
            began = time.perf_counter()
            page = await lists.page(crowded.tx, agent, name, cursor=cursor, limit=50, locale="zh-CN")
            reads.append(time.perf_counter() - began)
        took.append(min(reads))  # what a page costs; the other reads tell what a shared machine's neighbours do
        cursor = page.next
    assert len(queries) == 120
    assert sorted(took)[20] <= 0.030


async def test_the_newest_page_reads_its_rows_and_no_more(crowded):
    wanted = lists._LISTS["all"]
    plan = await crowded.tx.value(
        f"explain (analyze, format json) select c.id from {wanted.source} where true order by {wanted.order} limit 51"
    )
    scan = plan[0]["Plan"]["Plans"][0]
    assert (scan["Node Type"], scan["Scan Direction"], scan["Actual Rows"]) == ("Index Only Scan", "Backward", 51)


async def test_the_page_of_a_quiet_department_does_not_walk_the_others(crowded):
    quiet = await departments.create(crowded.tx, None, DepartmentDraft("安静", "Quiet"))
    draft = AgentDraft(login="lin", name="林", role="agent", departments=[quiet.public_id], password=PASSWORD)
    lin = await agents.create(crowded.tx, None, draft)
    await crowded.tx.run(
        """
        update conversation set department_id = %s
        where public_id in (select 'crowd' || i from generate_series(1, 30) i)
        """,
        (quiet.id,),
    )
    await crowded.tx.run("analyze conversation, membership")
    statement, params = lists.statement(lin, "all", None, 50)
    plan = await crowded.tx.value(f"explain (analyze, format json) {statement}", {**params, "en": False})
    assert most_passed_over(plan[0]["Plan"]) < 100
    page = await lists.page(crowded.tx, lin, "all", cursor=None, limit=50, locale="zh-CN")
    assert len(page.rows) == 30


def most_passed_over(node: dict) -> int:
    """The most rows that one step of a plan read or dropped."""
    own = max(node["Actual Rows"] * node["Actual Loops"], node.get("Rows Removed by Filter", 0) * node["Actual Loops"])
    return max([own, *(most_passed_over(one) for one in node.get("Plans", ()))])


@pytest.mark.parametrize("who", ["operator", "xiaomei"])
async def test_the_counters_among_ten_thousand_are_one_statement(crowded, queries, who):
    queries.clear()
    await lists.counters(crowded.tx, getattr(crowded, who))
    assert len(queries) == 1


# ── put aside ───────────────────────────────────────────────────────────────


async def test_what_is_aside_stands_in_a_list_of_its_own_the_soonest_first(floor):
    never, soon, mine, late = [await floor.conversation(floor.recharge, agent=floor.xiaomei) for _ in range(4)]
    for talk, hours in ((never, None), (soon, 1), (late, 5)):
        await floor.tx.run(
            "update conversation set snoozed_at = app_now(), snoozed_until = app_now() + %s * interval '1 hour'"
            " where public_id = %s",
            (hours, talk),
        )
    assert await ids(floor.tx, floor.xiaomei, "mine") == [mine]
    assert await ids(floor.tx, floor.xiaomei, "snoozed") == [soon, late, never]
    assert await pages(floor.tx, floor.xiaomei, "snoozed", 1) == [[soon], [late], [never]]
    assert await ids(floor.tx, floor.supervisor, "snoozed") == []
    counted = await lists.counters(floor.tx, floor.xiaomei)
    assert (counted.mine, counted.snoozed, counted.all) == (1, 3, 4)
