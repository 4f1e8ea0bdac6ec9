"""What the codes achieve: every number of the page over small worlds that are counted by hand."""

from __future__ import annotations

import asyncio
import csv
import io
import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from mashang import codes
from mashang.codes import topics
from mashang.codes.counting import Counts
from mashang.codes.matching import Ambiguous
from mashang.codes.redemption import Way
from mashang.codes.topics import TopicDraft
from mashang.conversations import recalling, timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.desk import code_figures, consultations
from mashang.kit import clock as product_clock
from mashang.kit.errors import NotFound
from mashang.routing import moving, opening, trace
from mashang.routing.hours import Interval
from mashang.routing.moving import Target
from mashang.routing.opening import HoursDraft
from tests.desk.conftest import PASSWORD

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


class World:
    """Conversations with and without a code, and what is said in them."""

    def __init__(self, floor, clock) -> None:
        self.floor, self.tx, self.clock = floor, floor.tx, clock
        self.topics = {}
        self.customers = 0

    async def code(self, code, department, **draft):
        """A topic."""
        wanted = TopicDraft(code=code, name=f"主题{code}", department=department.public_id, **draft)
        self.topics[code] = await topics.create(self.tx, None, wanted, {})

    async def opened(self, code=None, *, how="exact", typed="", customer="", way=None, department=None):
        """A conversation that 小美 serves; its row number."""
        self.customers += 1
        topic = self.topics.get(code)
        public_id = await self.floor.conversation(
            department or self.floor.recharge,
            agent=self.floor.xiaomei,
            customer=customer or f"c{self.customers}",
            topic=code,
        )
        row = await self.floor.row(public_id)
        placed = (department or self.floor.recharge).id
        await trace.leave(
            self.tx, row, "placed", department_id=placed, number=1, queued_at=product_clock.now().isoformat()
        )
        if topic:
            await codes.redeem(self.tx, row, topic, typed or code, how, way=way or Way())
        return row

    async def said(self, row, text, *, by="agent", **entry):
        """Something in a conversation; its number."""
        agent = self.floor.xiaomei
        author = {"agent": Author("agent", agent.public_id, agent.name), "system": Author("system")}.get(
            by, Author("customer", "c", None)
        )
        author_id = agent.id if by == "agent" else None
        said = NewEntry(conversation_id=row, author=author, author_id=author_id, text=text, **entry)
        return (await timeline.append(self.tx, said)).seq

    async def closed(self, row):
        """Closed, by whom does not matter."""
        await self.tx.run("update conversation set status = 'closed', closed_at = app_now() where id = %s", (row,))

    async def answered(self, code, seconds, **how):
        """A conversation whose first useful answer came after so many seconds."""
        row = await self.opened(code, **how)
        await self.tx.run("update conversation set opened_at = opened_at - %s where id = %s", (seconds * SECOND, row))
        await self.said(row, "已为您补发。")
        return row

    async def counted(self, row):
        """How a conversation is counted now."""
        while not await consultations.catch_up(self.tx):
            pass
        return await self.tx.one("select * from consultation where conversation_id = %s", (row,))

    async def figures(self, days=7, locale="zh-CN"):
        """The page."""
        return await code_figures.figures(self.tx, days, locale)

    async def line(self, code, days=7):
        """One line of the page."""
        return next(one for one in (await self.figures(days)).codes if one.code == code)

    async def detail(self, code, days=7):
        """Behind that line."""
        return await code_figures.detail(self.tx, self.topics[code].public_id, days)


@pytest.fixture
async def world(floor, clock) -> World:
    """Two codes: CZ leads to recharge, SH to after-sale."""
    world = World(floor, clock)
    await world.code("CZ", floor.recharge)
    await world.code("SH", floor.after_sale)
    return world


# ── the first useful answer ─────────────────────────────────────────────────


async def test_the_first_useful_answer_is_none_of_greetings_notes_and_what_others_say(world, clock):
    row = await world.opened("CZ")
    await world.said(row, "您好，马上为您接通。", by="system")
    await clock.advance(MINUTE)
    await world.said(row, "您好！请稍等～")
    await world.said(row, "Hello there, one moment please.")
    await world.said(row, "这位顾客昨天来过", audience="staff")
    await world.said(row, "有人吗？", by="customer")
    assert (await world.counted(row))["outcome"] == "waiting"
    await clock.advance(2 * MINUTE)
    await world.said(row, "您好，已经查到，正在补发。")
    await clock.advance(5 * MINUTE)
    await world.said(row, "已补发。")
    found = await world.counted(row)
    assert found["outcome"] == "answered"
    assert 180 <= found["answer_seconds"] < 190


@pytest.mark.parametrize(
    ("text", "greets"),
    [
        ("在的亲，请问有什么可以帮您的吗？", True), ("您好您好，欢迎光临～稍等一下", True),
        ("👋 hi, how can I help?", True),
        ("亲，您的订单已发货", False), ("您好已补发", False), ("在吗", False), ("好的", False), ("ok", False),
    ],
)  # fmt: skip
async def test_only_what_says_nothing_else_is_a_greeting(world, text, greets):
    row = await world.opened("CZ")
    await world.said(row, text)
    assert ((await world.counted(row))["outcome"] == "waiting") is greets


async def test_a_file_is_an_answer_and_what_was_taken_back_is_none(world, floor, clock):
    row = await world.opened("CZ")
    taken = await world.said(row, "发错了，这是别人的订单")
    agent = floor.xiaomei
    assert (await world.counted(row))["outcome"] == "answered"
    author = Author("agent", agent.public_id, agent.name)
    await recalling.recall(world.tx, row, taken, author, agent.id)
    assert (await world.counted(row))["outcome"] == "waiting"
    await clock.advance(MINUTE)
    await world.said(row, "", kind="file", data={"name": "a.png"})
    assert 60 <= (await world.counted(row))["answer_seconds"] < 70


async def test_who_left_without_an_answer_is_counted_as_such_unless_answered_after_all(world, clock):
    row = await world.opened("CZ")
    await world.closed(row)
    assert (await world.counted(row))["outcome"] == "left"
    assert ((await world.line("CZ")).left, (await world.line("CZ")).answer.n) == (1, 0)
    await clock.advance(HOUR)
    await world.tx.run("update conversation set status = 'active', closed_at = null where id = %s", (row,))
    await world.said(row, "已为您补发。")
    assert (await world.counted(row))["outcome"] == "answered"


async def test_closed_hours_are_no_waiting_and_who_came_in_them_is_told_apart(world, floor, clock):
    local = product_clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    opens, closes = (f"{local + off:%H:%M}" for off in (-HOUR, HOUR))
    week = [[Interval(opens, closes)]] * 7
    await opening.set_hours(world.tx, floor.operator, floor.recharge.public_id, HoursDraft(week))
    early = await world.opened("CZ")
    other = await world.opened("SH", department=floor.after_sale)
    await clock.advance(2 * HOUR)
    late = await world.opened("CZ")
    await clock.advance(21 * HOUR + 30 * MINUTE)
    for row in (early, late, other):
        await world.said(row, "已为您补发。")
    found = await world.counted(early)
    assert not found["while_closed"]
    assert found["answer_seconds"] == pytest.approx(90 * 60, abs=60)  # an hour until it closed, and half of one today
    assert (await world.counted(late))["while_closed"]
    assert (await world.counted(other))["answer_seconds"] == pytest.approx(23.5 * 3600, abs=60)  # never closed
    line = await world.line("CZ")
    assert (line.hits, line.while_closed, line.answer.n) == (2, 1, 1)


# ── wrong turns ─────────────────────────────────────────────────────────────


async def moved(world, row, department):
    await moving.transfer(world.tx, world.floor.supervisor, row, Target(department_id=department.id))


@pytest.mark.parametrize(("said_before", "minutes", "wrong"), [(False, 30, True), (True, 4, True), (True, 6, False)])
async def test_moved_before_the_first_answer_or_within_five_minutes_after_it_was_a_wrong_turn(
    world, clock, said_before, minutes, wrong
):
    row, plain = await world.opened("CZ"), await world.opened()
    if said_before:
        await world.said(row, "这里是充值，我帮您转给售后。")
    await clock.advance(minutes * MINUTE)
    for one in (row, plain):
        await moved(world, one, world.floor.after_sale)
    assert (await world.counted(row))["wrong_turn"] == ("moved" if wrong else None)
    assert (await world.counted(plain))["wrong_turn"] is None  # without a code there was no turn
    assert (await world.line("CZ")).moved == wrong


async def test_given_to_a_colleague_of_the_same_department_is_no_wrong_turn(world, floor):
    row = await world.opened("CZ")
    await moving.transfer(world.tx, floor.supervisor, row, Target(tier=2))
    assert (await world.counted(row))["wrong_turn"] is None


@pytest.mark.parametrize(
    ("then", "after", "said_before", "wrong"),
    [
        ("SH", 9 * MINUTE, False, True), (None, 9 * MINUTE, False, True), ("CZ", 9 * MINUTE, False, False),
        ("SH", 11 * MINUTE, False, False), ("SH", 9 * MINUTE, True, False),
    ],
)  # fmt: skip
async def test_who_chose_again_soon_and_unanswered_had_taken_a_wrong_turn(world, then, after, said_before, wrong):
    row = await world.opened("CZ", customer="阿珍")
    if said_before:
        await world.said(row, "已为您补发。")
    await world.closed(row)
    await world.clock.advance(after)
    await world.opened(then, customer="阿珍")
    assert (await world.counted(row))["wrong_turn"] == ("chose_again" if wrong else None)
    assert (await world.line("CZ")).chose_again == wrong


# ── hits, corrections, asks, expiry ─────────────────────────────────────────


async def test_hits_are_told_by_medium_and_by_how_they_were_recognised(world):
    await world.opened("CZ")
    await world.opened("CZ", how="button")
    await world.opened("CZ", how="button", way=Way("qr", "card-back"))
    await world.opened("CZ", how="doubled", typed="CZZ")
    await world.opened("SH")
    await world.opened()
    line, detail = await world.line("CZ"), await world.detail("CZ")
    assert (line.hits, line.corrected) == (4, 1)
    assert {one.kind: one.n for one in detail.media} == {"typed": 2, "button": 1, "qr": 1}
    assert {one.kind: one.n for one in detail.hows} == {"button": 2, "exact": 1, "doubled": 1}


async def test_what_was_corrected_is_shown_when_two_customers_typed_it_and_only_its_beginning(world):
    for customer in ("阿珍", "阿珍", "老王"):
        await world.opened("CZ", how="homophone", typed="我想冲值，卡号在这里谢谢你们帮我看一下", customer=customer)
    for _ in range(3):
        await world.opened("CZ", how="doubled", typed="czz-only-阿珍", customer="阿珍")
    await world.opened("CZ", typed="cz")
    [one] = (await world.detail("CZ")).corrections
    assert (one.kind, one.n) == ("我想冲值，卡号在这里谢谢你们帮我看一下"[:20], 3)
    assert (await world.line("CZ")).corrected == 6


async def test_asks_and_what_came_of_them_stand_at_every_code_among_the_choices(world, database):
    counts, asked = Counts(database), Ambiguous((world.topics["CZ"], world.topics["SH"]))
    for chosen in ("CZ", "CZ", "SH", None):
        counts.answered(asked)
        counts.settled(asked, chosen)
    counts.answered(asked)  # and left
    counts.count("unknown")
    for (what, topic), number in counts._counted.items():
        await world.tx.run(
            "insert into code_count (day, what, topic_id, number) values (now()::date, %s, %s, %s)",
            (what, topic, number),
        )
    cz, sh = await world.line("CZ"), await world.line("SH")
    assert (cz.asked, cz.chosen, cz.chose_another, cz.chose_person) == (5, 2, 1, 1)
    assert (sh.asked, sh.chosen, sh.chose_another, sh.chose_person) == (5, 1, 2, 1)
    page = await world.figures()
    assert (page.asked, page.chosen, page.chose_person, page.unknown) == (5, 3, 1, 1)


async def test_a_code_out_of_use_is_on_the_page_as_long_as_somebody_comes_with_it(world, floor):
    await world.code("LW", floor.recharge)
    await topics.archive(world.tx, None, world.topics["LW"].public_id)
    assert "LW" not in [one.code for one in (await world.figures()).codes]
    await world.tx.run(
        "insert into code_count (day, what, topic_id, number) select now()::date, what, %s, 3"
        " from unnest(array['archived', 'expired']) what",
        (world.topics["LW"].id,),
    )
    line = await world.line("LW")
    assert (line.archived, line.archived_tries, line.expired, line.hits) == (True, 3, 3, 0)


async def test_days_begin_at_midnight_where_the_shops_are_and_the_period_ends_today(world, clock):
    await world.opened("CZ")
    await clock.advance(6 * DAY)
    await world.opened("CZ")
    assert (await world.line("CZ", 7)).hits == 2
    days = (await world.detail("CZ", 7)).days
    assert ([one.n for one in days], days[-1].day) == (
        [1, 0, 0, 0, 0, 0, 1],
        product_clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date(),
    )
    await clock.advance(DAY)
    assert ((await world.line("CZ", 7)).hits, (await world.line("CZ", 30)).hits) == (1, 2)
    page = await world.figures()
    assert (page.until - page.since, page.days) == (6 * DAY, 7)


# ── with a code and without ─────────────────────────────────────────────────


async def test_with_and_without_a_code_are_compared_over_all_and_in_each_department(world, floor):
    for number in range(30):
        await world.answered("CZ", 60 + number)
        await world.answered(None, 180 + 2 * number)
    await world.answered("SH", 4000, department=floor.after_sale)
    await world.closed(await world.opened(None, department=floor.after_sale))
    overall, recharge, after_sale = (await world.figures()).comparisons
    assert overall.department is None
    assert (recharge.coded.answer.n, recharge.coded.answer.median) == (30, 74.5)
    assert (recharge.plain.answer.q1, recharge.plain.answer.median, recharge.plain.answer.q3) == (194.5, 209.0, 223.5)
    assert (recharge.ratio.verdict, recharge.ratio.ratio) == ("faster", round(74.5 / 209, 4))
    assert (overall.coded.answer.n, overall.plain.answer.n, overall.plain.left) == (31, 30, 1)
    assert (after_sale.department.name, after_sale.coded.answer.median, after_sale.plain.left) == ("售后", 4000, 1)
    assert (after_sale.ratio.verdict, after_sale.ratio.ratio) == ("too_few", None)


async def test_twenty_nine_on_one_side_are_too_few_to_say_anything(world):
    for number in range(30):
        await world.answered("CZ", 60)
        if number:
            await world.answered(None, 6000)
    assert (await world.figures()).comparisons[0].ratio.verdict == "too_few"


async def test_in_any_world_the_sums_agree(world, floor, clock, cases):
    chance = random.Random(7)  # noqa: S311 — repeatable, guards nothing
    for _ in range(cases(40)):
        code = chance.choice((None, "CZ", "SH"))
        row = await world.opened(
            code,
            how=chance.choice(("exact", "button", "pinyin")),
            department=chance.choice((floor.recharge, floor.after_sale)),
            customer=chance.choice("甲乙丙丁"),
        )
        await clock.advance(chance.randrange(200) * SECOND)
        if chance.random() < 0.6:
            await world.said(row, chance.choice(("已补发。", "您好")))
        if chance.random() < 0.5:
            await world.closed(row)
    page = await world.figures()

    def of(side):
        return (side.answer.n, side.left, side.waiting, side.while_closed)

    overall, *departments = page.comparisons
    for side in ("coded", "plain"):
        parts = [of(getattr(one, side)) for one in departments]
        assert of(getattr(overall, side)) == tuple(map(sum, zip(*parts, strict=True)))
    assert sum(one.hits for one in page.codes) == sum(of(overall.coded))
    for one in page.codes:
        assert one.hits == one.answer.n + one.left + one.waiting + one.while_closed
        detail = await world.detail(one.code)
        assert one.hits == sum(share.n for share in detail.media) == sum(share.n for share in detail.hows)
        assert one.hits == sum(day.n for day in detail.days)
    assert page.complete


# ── keeping up ──────────────────────────────────────────────────────────────


async def test_what_is_settled_is_not_looked_at_again_and_all_of_it_can_be_derived_anew(world, floor, clock):
    row, waits = await world.answered("CZ", 60), await world.opened("SH")
    assert not (await world.counted(row))["settled"]
    await clock.advance(11 * MINUTE)
    settled = await world.counted(row)
    assert settled["settled"]
    await clock.advance(MINUTE)
    assert (await world.counted(row))["looked_at"] == settled["looked_at"] < (await world.counted(waits))["looked_at"]
    await world.tx.run("delete from consultation")
    assert {**await world.counted(row), "looked_at": 0} == {**settled, "looked_at": 0}


async def test_a_large_past_is_counted_in_bites_and_the_page_says_so(world, monkeypatch):
    rows = [await world.opened("CZ") for _ in range(5)]
    monkeypatch.setattr(consultations, "_NEW", consultations._NEW.replace("limit 500", "limit 2"))
    monkeypatch.setattr(consultations, "_MOST", 2)
    seen = [await world.figures() for _ in range(3)]
    assert [page.complete for page in seen] == [False, False, True]
    assert [page.codes[0].hits for page in seen] == [2, 4, 5]
    assert len(rows) == 5


async def test_the_sweep_counts_though_nobody_looks_and_several_at_once_do_no_harm(committed, database):
    for _ in range(3):
        await committed.conversation(committed.floor.recharge)
    await asyncio.gather(*(consultations.sweep(database) for _ in range(3)))
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from consultation where outcome = 'waiting'") == 3


# ── over HTTP ───────────────────────────────────────────────────────────────


async def entered(browser, login):
    desk = browser()
    await desk.sign_in(login, PASSWORD)
    return desk


async def test_supervisors_and_operators_look_and_agents_do_not(browser, committed, database):
    xiaomei, chen, boss = [await entered(browser, login) for login in ("xiaomei", "chen", "boss")]
    async with database.transaction() as tx:
        draft = TopicDraft(code="CZ", name="=充值", name_en="Recharge", department=committed.floor.recharge.public_id)
        topic = await topics.create(tx, None, draft, {})
    for who, status in ((xiaomei, 403), (chen, 200), (boss, 200)):
        assert (await who.get("/desk/code-figures")).status_code == status
        assert (await who.get(f"/desk/code-figures/{topic.public_id}?days=7")).status_code == status
        assert (await who.post("/desk/code-figures/export?days=7")).status_code == status
    for bad in ("8", "0", "x", ""):
        assert (await chen.get(f"/desk/code-figures?days={bad}")).status_code == 422
    assert (await chen.get("/desk/code-figures/nobody")).status_code == 404
    told = (await chen.get("/desk/code-figures", headers={"accept-language": "en"})).json()
    assert [(one["code"], one["name"], one["department"]) for one in told["codes"]] == [("CZ", "Recharge", "Recharge")]


async def test_the_page_is_exported_as_two_tables_without_formulas_and_leaves_a_line(browser, committed, database):
    chen = await entered(browser, "chen")
    async with database.transaction() as tx:
        department = committed.floor.recharge.public_id
        await topics.create(tx, None, TopicDraft(code="CZ", name="=1+1", department=department), {})
    answer = await chen.post("/desk/code-figures/export?days=30")
    title, heads, line, between, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert title[0].startswith("代码成效")
    assert dict(zip(heads, line, strict=True))["名称"] == "'=1+1"
    assert between == []
    assert [row[:2] for row in rows] == [["部门", "会话"], ["全部部门", "用了代码"], ["全部部门", "没有代码"]]
    last = (await chen.get("/admin/audit")).json()["lines"][0]
    assert (last["action"], last["after"]) == ("topic.figures_exported", {"days": 30})


async def test_nothing_stands_behind_a_code_there_is_not(world):
    with pytest.raises(NotFound):
        await code_figures.detail(world.tx, "nobody", 7)
