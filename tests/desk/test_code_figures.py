"""What the codes achieve: every number of the page over small worlds that are counted by hand."""

from __future__ import annotations

import csv
import io
import random
from zoneinfo import ZoneInfo

import pytest

from mashang.codes import topics
from mashang.codes.answers import Ambiguous
from mashang.codes.counting import Counts
from mashang.codes.redemption import Way
from mashang.codes.topics import TopicDraft
from mashang.desk import code_figures
from mashang.kit import clock as product_clock
from mashang.kit.errors import NotFound
from tests.desk.conftest import PASSWORD
from tests.desk.counted import DAY, SECOND

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
