"""Knowledge in files: what goes out comes in again, a preview says what would change, a bad file changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from PIL import Image

from mashang.kit import sheet
from tests import scene

BASE = "/desk/knowledge"
LINE = {
    "key": "recharge-not-arrived",
    "category": "充值",
    "category_en": "Recharge",
    "title": {"zh-CN": "充值没到账", "en": "Not arrived"},
    "body": {"zh-CN": "先看**订单**。\n\n- 一\n- 二", "en": "Look at the order."},
    "phrasings": {"zh-CN": ["没到账", "钱呢", "=1+1怎么算"], "en": ["where is it"]},
    "codes": ["CZ", "SH"],
    "departments": ["充值"],
    "owner": "boss",
    "valid_from": "2026-11-01T00:00:00+08:00",
    "valid_until": "2027-11-01T00:00:00+08:00",
    "review_on": "2027-01-31",
    "status": "published",
    "playbook": "recharge-not-arrived",
    "procedure_only": True,
}
FIELDS = "key, category, category_en, title, body, phrasings, codes, departments, owner, valid_from, valid_until"
FIELDS += ", review_on, status, playbook, procedure_only"
OTHER = {"key": "refund", "title": {"zh-CN": "退款"}, "body": {"zh-CN": "联系我们。"}}


@pytest.fixture
async def boss(browser, database):
    async with database.transaction() as tx:
        await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
    page = browser()
    await page.sign_in("boss", scene.PASSWORD)
    return page


def jsonl(*lines):
    return ("knowledge.jsonl", "\n".join(json.dumps(one, ensure_ascii=False) for one in lines).encode())


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return ("knowledge.zip", out.getvalue())


async def preview(page, file, query=""):
    answer = await page.post(f"{BASE}/import?{query}", files={"file": file})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def take(page, file, query=""):
    seen = (await preview(page, file, query))["version"]
    return await preview(page, file, f"seen={seen}&{query}")


async def export(page, kind, **more):
    answer = await page.post(f"{BASE}/export", {"format": kind}, **more)
    assert answer.status_code == 200, answer.text
    return answer.content


async def articles(page):
    return (await page.get(f"{BASE}/articles")).json()["articles"]


def told(report, what="problems"):
    return [(one["line"], one["message"]) for one in report[what]]


@pytest.mark.parametrize(
    ("kind", "name"), [("jsonl", "k.jsonl"), ("csv", "k.csv"), ("markdown", "k.zip")], ids=["jsonl", "csv", "markdown"]
)
async def test_what_goes_out_comes_in_again_and_changes_nothing(boss, kind, name):
    first = await take(boss, jsonl(LINE, OTHER))
    assert first["problems"] == []
    assert [(one["key"], one["what"], one["added"], one["publishes"]) for one in first["changes"]] == [
        ("recharge-not-arrived", "new", 4, True), ("refund", "new", 0, False),
    ]  # fmt: skip
    out = await export(boss, kind)
    again = await preview(boss, (name, out))
    assert (again["problems"], again["notes"], {one["what"] for one in again["changes"]}) == ([], [], {"same"})
    for one in await articles(boss):
        await boss.post(f"{BASE}/articles/{one['id']}/archive", {"version": 2 if one["status"] == "published" else 1})
    assert await articles(boss) == []
    assert (await take(boss, (name, out)))["problems"] == []
    assert await export(boss, "jsonl") == (await export(boss, "jsonl"))
    back = [json.loads(one) for one in (await export(boss, "jsonl")).splitlines()]
    assert back[0] == {
        **LINE, "valid_from": "2026-10-31T16:00:00Z", "valid_until": "2027-10-31T16:00:00Z",
    }  # fmt: skip
    assert back[1] == {**OTHER, "category": "", "owner": None, "valid_from": None, "valid_until": None,
        "review_on": None, "codes": [], "departments": [], "phrasings": {}, "status": "draft", "playbook": None,
        "procedure_only": False}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "markdown"])
async def test_the_example_is_imported_as_it_is_beside_the_starter_knowledge(boss, kind, language):
    await boss.post(f"{BASE}/starter", {})
    there = (await export(boss, "jsonl")).count(b"\n")
    answer = await boss.post(f"{BASE}/example", {"format": kind}, headers={"accept-language": language})
    [name] = re.findall('filename="(.+)"', answer.headers["content-disposition"])
    report = await take(boss, (name, answer.content))
    assert (report["done"], report["problems"], report["notes"]) == (True, [], [])
    assert [(one["what"], one["publishes"]) for one in report["changes"]] == [("new", False)] * 2
    assert (await export(boss, "jsonl")).count(b"\n") == there + 2


async def test_a_preview_says_what_would_change_and_does_nothing(boss):
    await take(boss, jsonl(LINE, OTHER))
    changed = {
        **LINE,
        "body": {"zh-CN": "新的话", "en": "Look at the order."},
        "phrasings": {"zh-CN": ["没到账", "咋回事"]},
    }
    report = await preview(boss, jsonl(changed, OTHER, {"key": "third", "title": {"en": "Third"}}))
    assert not report["done"]
    assert [(one["what"], one["fields"], one["added"], one["removed"]) for one in report["changes"]] == [
        ("changed", ["body.zh-CN"], 1, 2), ("same", [], 0, 0), ("new", [], 0, 0),
    ]  # fmt: skip
    assert len(await articles(boss)) == 2
    exported = json.loads((await export(boss, "jsonl")).splitlines()[0])
    assert exported["phrasings"] == LINE["phrasings"]


async def test_what_a_file_does_not_name_stays(boss):
    await take(boss, jsonl(LINE))
    assert (await take(boss, jsonl({"key": LINE["key"], "title": {"en": "Renamed"}, "status": "published"})))["done"]
    exported = json.loads(await export(boss, "jsonl"))
    assert exported["title"] == {"zh-CN": "充值没到账", "en": "Renamed"}
    for name in ("body", "phrasings", "codes", "owner", "departments"):
        assert exported[name] == LINE[name]


@pytest.mark.parametrize(
    "file",
    [
        ("k.csv", "标识,标题,正文\nrefund,退款,等三天\n,开发票,发到邮箱\n,开发票 2,发到手机\n".encode()),
        jsonl(
            {"key": "refund", "title": {"zh-CN": "退款"}, "body": {"zh-CN": "等三天"}},
            {"title": {"zh-CN": "开发票"}, "body": {"zh-CN": "发到邮箱"}},
            {"key": "", "title": {"zh-CN": "开发票 2"}, "body": {"zh-CN": "发到手机"}},
        ),
    ],
    ids=["csv", "jsonl"],
)
async def test_a_row_without_a_key_is_a_new_article_and_never_twice(boss, file):
    report = await take(boss, file)
    assert report["done"]
    assert [(one["key"], one["what"]) for one in report["changes"]] == [
        ("refund", "new"), ("kai-fa-piao", "new"), ("kai-fa-piao-2", "new"),
    ]  # fmt: skip
    again = await take(boss, file)
    assert not again["done"]
    first = 2 if file[0] == "k.csv" else 1
    assert told(again) == [
        (first + n, f"已有标题为“{title}”的文章。要修改它，请填上标识 {key}；要新增一篇，请换一个标题。")
        for n, title, key in ((1, "开发票", "kai-fa-piao"), (2, "开发票 2", "kai-fa-piao-2"))
    ]
    assert len(await articles(boss)) == 3


async def test_a_key_that_is_made_is_not_one_that_another_row_names(boss):
    rows = "标识,标题,正文\n,开发票,发到邮箱\nkai-fa-piao,补开发票,联系我们\n,开发票,发到手机\n"
    [twice] = told(await preview(boss, ("k.csv", rows.encode())))
    assert twice[0] == 4
    assert "已有标题为“开发票”的文章" in twice[1]
    report = await take(boss, ("k.csv", rows.rsplit("\n", 2)[0].encode()))
    assert {one["title"]: one["key"] for one in report["changes"]} == {
        "开发票": "kai-fa-piao-2",
        "补开发票": "kai-fa-piao",
    }


async def test_what_was_previewed_before_another_change_is_not_done(boss):
    file = jsonl(OTHER)
    seen = (await preview(boss, file))["version"]
    await boss.post(f"{BASE}/categories", {"name": "别的"})
    late = await boss.post(f"{BASE}/import?seen={seen}", files={"file": file})
    assert (late.status_code, late.json()["code"]) == (409, "knowledge_moved")
    assert await articles(boss) == []


async def test_all_or_nothing_and_each_problem_has_its_line(boss):
    bad = [
        LINE,
        "{no json",
        {**OTHER, "key": "Bad Key"},
        {**OTHER, "title": {"zh-CN": 7}},
        OTHER,
        OTHER,
        {**OTHER, "strange": 1},
    ]
    data = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in bad).encode()
    report = await preview(boss, ("k.jsonl", data), "seen=1")
    assert not report["done"]
    assert told(report) == [
        (2, '这一行不是 JSON。每行应是一篇文章，形如 {"key": …}。'),
        (3, BAD_KEY),
        (4, "“title[...]”这一项不正确。"),
        (6, "标识“refund”在第 5 行已经出现过。"),
        (7, f"不认识“strange”这一项。一行可以有：{FIELDS}；新文章至少要有 title。"),
    ]
    second = [
        LINE,
        {**OTHER, "phrasings": {"zh-CN": ["没到账！", "😀", "长" * 201]}, "status": "published", "body": {}},
    ]
    report = await take(boss, jsonl(*second))
    assert not report["done"]
    assert sorted(told(report)) == sorted(
        [
            (2, "问法“没到账！”已用于“充值没到账”。"),
            (2, "问法“😀”不能用：没有文字，或超过 200 字。"),
            (2, f"问法“{'长' * 40}”不能用：没有文字，或超过 200 字。"),
            (2, "还没有写完整：发布的每种语言都要有标题和正文。"),
        ]
    )
    assert await articles(boss) == []
    assert (await boss.get(f"{BASE}/categories")).json() == []


async def test_names_that_are_unknown_here_are_left_out_and_said(boss):
    report = await take(
        boss, jsonl({**OTHER, "departments": ["火星"], "owner": "nobody", "phrasings": {"zh-CN": ["退", "退！"]}})
    )
    assert report["done"]
    assert told(report, "notes") == [
        (1, "没有名为“火星”的部门，已略过。"),
        (1, "没有登录名为“nobody”的人，负责人留空。"),
        (1, "有 1 条重复的问法，只保留一条。"),
    ]


TABLE = '标识,标题,正文,问法,复核日期,只说明步骤\r\nrefund,退款,联系我们,"怎么退\n退钱",2027/1/5,是\r\n'


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode("utf-8-sig"), "UTF-8"),
        (TABLE.encode("gb18030"), "GB18030"),
        (b"\xff\xfe" + TABLE.replace(",", "\t").encode("utf-16-le"), "UTF-16"),
        (TABLE.replace(",", ";").encode(), "UTF-8"),
    ],
    ids=["excel", "gb18030", "unicode text", "semicolons"],
)
async def test_tables_are_read_as_spreadsheets_save_them_and_the_encoding_is_said(boss, data, encoding):
    report = await take(boss, ("k.csv", data), "publish=true")
    assert (report["encoding"], report["problems"], report["done"]) == (encoding, [], True)
    exported = json.loads(await export(boss, "jsonl"))
    assert (exported["title"], exported["phrasings"]) == ({"zh-CN": "退款"}, {"zh-CN": ["怎么退", "退钱"]})
    assert (exported["review_on"], exported["procedure_only"], exported["status"]) == ("2027-01-05", True, "published")


BAD_KEY = "标识只用小写英文字母、数字和连字符，例如 invoice；新文章可以留空，导入时自动生成。"
NO_TITLE = "没有标识的行要有标题：导入时按标题生成标识。"
CELLS = "这一行的格子比表头多，多半是正文里的逗号没有用引号括起来。"
EMPTY = (("k.csv", b""), ("k.csv", b"key,title\n"), ("k.jsonl", b""), ("k.jsonl", b" \n\n"))
WRONG_ENCODING = "文字编码无法识别。请另存为 UTF-8（Excel 里选“CSV UTF-8”），或 GB18030。"


@pytest.mark.parametrize(
    ("name", "data", "problems"),
    [
        ("k.csv", "key,title\na,é è ü ß\n".encode("latin-1"), [(2, WRONG_ENCODING)]),
        ("k.jsonl", b'{"key": "a"}\n\x81\x00\xff', [(2, WRONG_ENCODING)]),
        ("k.csv", "标题\n退款\n".encode(), [(1, "表头里没有“标识”（key）这一列。")]),
        ("k.csv", b"key,key,what\na,b,c\n", [(1, "表头“key”不认识，或者出现了两次。")] * 2 + [(1, "表头“what”不认识，或者出现了两次。")]),  # noqa: E501
        ("k.csv", b'key,title\nrefund,"never closed\n', [(2, "从这一行起无法按表格读取，多半是引号没有成对。")]),
        ("k.csv", b"key,review_on\nrefund,2027-02-31\n", [(2, "“复核日期”这一项不正确。")]),
        ("k.csv", "标识,标题,问法\n,,代充\n".encode(), [(2, NO_TITLE)]),
        ("k.csv", "标识,标题,正文\nrefund,退款,等三天, \nlate,没到账,先看账号,再看区服\n".encode(), [(3, CELLS)]),
        *((name, data, [(1, "文件里没有文章。")]) for name, data in EMPTY),
        ("k.zip", b"PK no archive", [(1, "这个压缩包打不开，可能损坏或有密码。")]),
    ],
    ids=[
        "latin", "binary", "no key", "columns", "quotes", "date", "row", "cells", *("empty" for _ in EMPTY),
        "no archive",
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_read_says_where_and_why(boss, name, data, problems):
    report = await preview(boss, (name, data))
    assert told(report) == problems
    assert report["changes"] == []


HEAD = "---\ntitle: 退款\n{}---\n\n正文"
TWO = {"refund/zh-CN.md": HEAD.format("playbook: a1\n"), "refund/en.md": HEAD.format("playbook: b2\n")}


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"refund/zh-CN.md": "没有头"}, ("refund/zh-CN.md", 1)),
        ({"refund/zh-CN.md": HEAD.format("codes: [CZ\n")}, ("refund/zh-CN.md", 4)),
        ({"refund/zh-CN.md": HEAD.format("a: &a [x]\nb: *a\n")}, ("refund/zh-CN.md", 4)),
        ({"refund/zh-CN.md": HEAD.format(f"a: {'[' * 5000}\n")}, ("refund/zh-CN.md", 3)),
        ({"refund/zh-CN.md": HEAD.format("").encode("utf-16-be") + b"\xff"}, ("refund/zh-CN.md", 2)),
        (TWO, ("refund/en.md", 1)),
        ({"refund/notes.docx": b"x"}, ("refund/notes.docx", 1)),
        ({"refund/zh-CN.md": "---\ntitle: 退款\n---\n![a](../pictures/none.png)"}, ("refund/zh-CN.md", 1)),
    ],
    ids=["head", "yaml", "bomb", "deep", "encoding", "differs", "strange", "picture"],
)  # fmt: skip
async def test_a_folder_that_is_not_right_says_which_file_and_line(boss, files, problem):
    report = await preview(boss, archive(**files))
    assert [(one["file"], one["line"]) for one in report["problems"]] == [problem]


async def test_pictures_travel_with_the_folder_and_come_back_without_a_second_copy(boss):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    files = {
        "top/refund/zh-CN.md": HEAD.format("") + " ![步骤](../pictures/step.png)",
        "top/pictures/step.png": out.getvalue(),
    }
    report = await take(boss, archive(**files), "publish=true")
    assert report["problems"] == []
    body = json.loads(await export(boss, "jsonl"))["body"]["zh-CN"]
    picture = body.partition("/help/pictures/")[2].rstrip(")")
    assert (await boss.get(f"{BASE}/pictures/{picture}")).status_code == 200
    exported = await export(boss, "markdown")
    with zipfile.ZipFile(io.BytesIO(exported)) as zipped:
        assert sorted(zipped.namelist()) == [f"pictures/{picture}.png", "refund/zh-CN.md"]
    again = await preview(boss, ("k.zip", exported))
    assert [one["what"] for one in again["changes"]] == ["same"]
    bad = {**files, "top/pictures/step.png": b"no picture"}
    report = await take(boss, archive(**bad))
    assert [(one["file"], report["done"]) for one in report["problems"]] == [("pictures/step.png", False)]


async def test_an_unknown_file_an_enormous_one_and_an_agents_are_refused(boss, browser):
    answer = await boss.post(f"{BASE}/import", files={"file": ("k.exe", b"MZ")})
    assert (answer.status_code, answer.json()["code"]) == (422, "import_unknown_file")
    assert (await boss.post(f"{BASE}/import", files={"file": ("k.csv", b"x" * 11_000_000)})).status_code == 413
    many = jsonl(*({"key": f"a{n}", "title": {"en": "x"}} for n in range(2001)))
    assert told(await preview(boss, many)) == [(2001, "一次最多 2000 篇，请分成几个文件。")]
    agent = browser()
    await agent.sign_in("xiaomei", scene.PASSWORD)
    assert (await agent.post(f"{BASE}/import", files={"file": jsonl(OTHER)})).status_code == 403
    for path in ("export", "example"):
        assert (await agent.post(f"{BASE}/{path}", {"format": "csv"})).status_code == 403


async def test_a_table_is_safe_in_a_spreadsheet_and_says_its_columns_in_the_readers_language(boss):
    await take(boss, jsonl({**LINE, "phrasings": {"zh-CN": ["=HYPERLINK(1)"]}}))
    out = (await export(boss, "csv", headers={"accept-language": "en"})).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(out))
    assert (row["Key"], row["Phrasings"], row["Procedure only"]) == (LINE["key"], "'=HYPERLINK(1)", "yes")


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "'", "a", "", "＝1", "-"])
def test_a_guarded_cell_reads_as_it_was(cell):
    [[read]] = csv.reader(io.StringIO(sheet.line([cell])))
    assert sheet.unguarded(read) == cell
    assert not read.startswith(("=", "-", "＝"))
