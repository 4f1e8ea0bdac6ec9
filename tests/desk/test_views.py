"""Narrowed lists, views kept under a name, and lists as files."""

from __future__ import annotations

import csv
import io
import re

import pytest

from mashang.kit import sheet
from tests.desk.conftest import PASSWORD


async def entered(browser, login):
    desk = browser()
    await desk.sign_in(login, PASSWORD)
    return desk


@pytest.fixture
async def crowd(committed, database):
    """One with a code, one of a gold customer, one that waits long, one of another department."""
    floor = committed.floor
    async with database.transaction() as tx:
        floor.tx = tx
        await tx.run(
            "insert into topic (public_id, code, name, department_id)"
            " select 'cz', 'CZ', '充值', min(id) from department"
        )
        gold = await floor.customer("金先生", subject="g-1")
        await tx.run("update customer set tier = '金卡' where id = %s", (gold,))
    made = {
        "code": await committed.conversation(floor.recharge, topic="CZ"),
        "gold": await committed.conversation(floor.recharge, customer="金先生"),
        "long": await committed.conversation(floor.recharge),
        "else": await committed.conversation(floor.after_sale),
    }
    async with database.transaction() as tx:
        await tx.run(
            "update conversation set opened_at = app_now() - interval '1 hour' where public_id = %s", (made["long"],)
        )
    return {public_id: name for name, public_id in made.items()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["else", "long", "gold", "code"]),
        ("topic=CZ", ["code"]),
        ("no_code=true", ["else", "long", "gold"]),
        ("tier=金卡", ["gold"]),
        ("minutes=30", ["long"]),
        ("minutes=30&topic=CZ", []),
        ("department={recharge}", ["long", "gold", "code"]),
        ("department=unknown", []),
    ],
)
async def test_a_list_is_narrowed(browser, committed, crowd, query, expected):
    chen = await entered(browser, "chen")
    asked = query.format(recharge=committed.floor.recharge.public_id)
    rows = (await chen.get(f"/desk/conversations?list=open&{asked}")).json()["rows"]
    assert [crowd[row["id"]] for row in rows] == expected


async def test_narrowing_shows_nothing_that_is_hidden(browser, committed, crowd):
    aqiang = await entered(browser, "aqiang")
    department = committed.floor.recharge.public_id
    assert (await aqiang.get(f"/desk/conversations?list=open&department={department}")).json()["rows"] == []


@pytest.mark.parametrize("wrong", ["minutes=0", "topic=x", "department=%00", "tier=", "topic=%27--"])
async def test_a_filter_that_is_none_is_refused(browser, committed, wrong):
    chen = await entered(browser, "chen")
    assert (await chen.get(f"/desk/conversations?list=open&{wrong}")).status_code in {400, 422}


async def test_views_are_ones_own_unless_a_supervisor_shares_them(browser, committed):
    xiaomei, chen, aqiang = [await entered(browser, login) for login in ("xiaomei", "chen", "aqiang")]
    own = {"name": "充值等很久", "list": "waiting", "filters": {"topic": "CZ", "minutes": 5}}
    [saved] = (await xiaomei.post("/desk/views", own)).json()
    assert (saved["filters"], saved["list"], saved["own"]) == ({"topic": "CZ", "minutes": 5}, "waiting", True)
    assert (await xiaomei.post("/desk/views", {**own, "shared": True})).status_code == 403
    assert (await xiaomei.post("/desk/views", {**own, "name": " "})).status_code == 422
    assert (await chen.get("/desk/views")).json() == []
    [shared] = (await chen.post("/desk/views", {"name": "金卡", "filters": {"tier": "金卡"}, "shared": True})).json()
    assert [(view["name"], view["own"]) for view in (await aqiang.get("/desk/views")).json()] == [("金卡", False)]
    assert (await aqiang.delete(f"/desk/views/{shared['id']}")).status_code == 404
    assert (await chen.delete(f"/desk/views/{saved['id']}")).status_code == 404
    assert (await chen.delete(f"/desk/views/{shared['id']}")).json() == []
    assert (await xiaomei.delete(f"/desk/views/{saved['id']}")).json() == []


async def test_a_view_kept_under_a_name_again_takes_the_place_of_the_former(browser, committed):
    mei = await entered(browser, "xiaomei")
    draft = {"name": "久等的", "list": "open", "filters": {"minutes": 30}}
    await mei.post("/desk/views", draft)
    kept = await mei.post("/desk/views", {**draft, "filters": {"minutes": 10}})
    assert [(one["name"], one["filters"]["minutes"]) for one in kept.json()] == [("久等的", 10)]


async def test_a_list_is_exported_for_excel_by_supervisors_with_a_line_in_the_audit(
    browser, committed, crowd, database
):
    async with database.transaction() as tx:
        await tx.run("""update conversation set last_preview = '=HYPERLINK("http://evil","看")', order_number = '+1'""")
        opened = await tx.all(
            """select c.opened_at at time zone 'Asia/Shanghai' as at from conversation c
               where c.public_id = any(%s) order by c.id desc""",
            ([one for one, name in crowd.items() if name in ("else", "long", "gold")],),
        )
    xiaomei, chen = await entered(browser, "xiaomei"), await entered(browser, "chen")
    assert (await xiaomei.post("/desk/export", {})).status_code == 403
    answer = await chen.post("/desk/export", {"list": "open", "filters": {"no_code": True}})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (head[0], head[9]) == ("会话编号", "发起时间（Asia/Shanghai）")
    assert [row[9] for row in rows] == [f"{at:%Y-%m-%d %H:%M:%S}" for at in (one["at"] for one in opened)]
    assert [crowd[row[0]] for row in rows] == ["else", "long", "gold"]
    assert {(row[-1], row[8]) for row in rows} == {("""'=HYPERLINK("http://evil","看")""", "'+1")}
    lines = (await chen.get("/admin/audit")).json()["lines"]
    assert (lines[0]["action"], lines[0]["after"]) == ("conversation.list_exported", {"list": "open", "no_code": True})


async def test_one_conversation_is_exported_with_its_notes(browser, committed):
    talk = await committed.conversation(committed.floor.recharge)
    xiaomei, chen = await entered(browser, "xiaomei"), await entered(browser, "chen")
    note = {"client_id": "note-0001", "text": "-先查一下\n再回", "audience": "staff"}
    assert (await xiaomei.post(f"/desk/conversations/{talk}/entries", note)).status_code == 201
    assert (await xiaomei.post(f"/desk/conversations/{talk}/export")).status_code == 403
    assert (await chen.post("/desk/conversations/nowhere/export")).status_code == 404
    answer = await chen.post(f"/desk/conversations/{talk}/export", headers={"accept-language": "en"})
    head, said = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["Number", "Time (Asia/Shanghai)", "Seen by", "Who", "Name", "Words"]
    assert said[2:] == ["staff", "agent", "小美", "'-先查一下\n再回"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "＝1", "\n=1"])
def test_no_cell_is_a_formula(cell):
    [[read]] = csv.reader(io.StringIO(sheet.line([cell])))
    assert read == "'" + cell


async def test_the_board_is_exported_as_it_stands_with_its_time_and_zone(browser, committed, database):
    async with database.transaction() as tx:
        await tx.run("update agent set name = '=小美' where login = 'xiaomei'")
    xiaomei, chen = await entered(browser, "xiaomei"), await entered(browser, "chen")
    await committed.conversation(committed.floor.recharge)
    assert (await xiaomei.post("/desk/board/export")).status_code == 403
    answer = await chen.post("/desk/board/export", headers={"accept-language": "en"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    title, heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert re.fullmatch(r"Live board, [-0-9]{10} [:0-9]{8} \(Asia/Shanghai\)", title[0])
    between = rows.index([])
    queues, staff = rows[:between], rows[between + 2 :]
    assert [row[heads.index("Waiting")] for row in queues if row[0] == "Recharge" or row[0] == "充值"] == ["1"]
    assert "'=小美" in [row[0] for row in staff]
    assert (await chen.get("/admin/audit")).json()["lines"][0]["action"] == "board.exported"
