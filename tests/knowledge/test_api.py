"""The knowledge over HTTP: who may, what is listed, what readers see, and that nothing bad gets in."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from mashang.kit import clock as product_clock
from mashang.knowledge import editing, pictures, reading
from mashang.knowledge.article import ArticleDraft, Text
from tests import scene
from tests.browsing import signing_in

BASE = "/desk/knowledge"


@pytest.fixture
async def desk(browser, database):
    """Signed in: `desk("boss")`; 小美 is an agent, 王店长 the operator."""
    async with database.transaction() as tx:
        await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
        await scene.an_agent(tx, "li", "李主管", role="supervisor")

    return signing_in(browser, scene.PASSWORD)


def draft(title="充值没到账怎么办", body="先看**订单状态**。", **changes):
    return {"texts": {"zh-CN": {"title": title, "body": body}}, **changes}


async def written(page, **changes):
    answer = await page.post(f"{BASE}/articles", draft(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def titles(page, query=""):
    return [one["title"] for one in (await page.get(f"{BASE}/articles?{query}")).json()["articles"]]


async def test_editors_write_and_agents_read_and_propose(desk):
    boss, xiaomei, li = await desk("boss"), await desk("xiaomei"), await desk("li")
    made = await written(boss)
    one = f"{BASE}/articles/{made['id']}"
    assert (await xiaomei.get(one)).json()["texts"] == made["texts"]
    for method, path, body in (
        ("POST", f"{BASE}/articles", draft()),
        ("PUT", one, {**draft(), "version": 1}),
        ("POST", f"{one}/publish", {"version": 1}),
        ("POST", f"{one}/withdraw", {"version": 1}),
        ("POST", f"{one}/archive", {"version": 1}),
        ("POST", f"{one}/versions/1/restore", {"version": 1}),
        ("POST", f"{BASE}/categories", {"name": "充值"}),
    ):
        answer = await xiaomei.ask(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
    proposed = (await xiaomei.post(f"{one}/phrasings", {"locale": "zh-CN", "lines": ["钱呢"]})).json()["added"][0]
    assert (proposed["source"], proposed["added_by"]) == ("proposed", "小美")
    assert (await xiaomei.post(f"{one}/phrasings/{proposed['id']}/accept")).status_code == 403
    assert (await xiaomei.delete(f"{one}/phrasings/{proposed['id']}")).status_code == 403
    assert (await li.get(f"{BASE}/articles?kind=proposed")).json()["counts"]["proposed"] == 1
    assert (await li.post(f"{one}/phrasings/{proposed['id']}/accept")).json()["source"] == "written"
    assert (await li.delete(f"{one}/phrasings/{proposed['id']}")).status_code == 204
    assert (await li.delete(f"{one}/phrasings/{proposed['id']}")).status_code == 404


async def test_nobody_reads_it_here_without_signing_in(browser, database):
    page = browser()
    await page.open()
    for path in ("articles", "articles/x", "articles/x/versions", "categories", "pictures/x"):
        assert (await page.get(f"{BASE}/{path}")).status_code == 401, path


async def test_the_list_narrows_by_words_category_owner_and_what_is_to_be_done(desk, database):
    boss = await desk("boss")
    shelf = (await boss.post(f"{BASE}/categories", {"name": "充值", "position": 1})).json()["id"]
    me = (await boss.get("/staff/me")).json()["id"]
    first = await written(boss, category=shelf, owner=me, review_on="2020-01-01")
    second = await written(boss, title="怎么退款 100%_", body="联系我们")
    await boss.post(f"{BASE}/articles/{second['id']}/phrasings", {"locale": "zh-CN", "lines": ["我要退钱！"]})
    await boss.post(f"{BASE}/articles/{first['id']}/publish", {"version": 1})
    await boss.put(f"{BASE}/articles/{first['id']}", {**draft(body="新"), "category": shelf, "version": 2})
    both = ["充值没到账怎么办", "怎么退款 100%_"]
    assert await titles(boss) == both
    assert await titles(boss, f"category={shelf}") == both[:1]
    assert await titles(boss, "category=none") == both[1:]
    assert await titles(boss, f"owner={me}") == []
    for words, found in (
        ("退款", both[1:]),
        ("我要退钱", both[1:]),
        ("100%_", both[1:]),
        ("%", both[1:]),
        ("CHONG", both[:1]),
        ("联系", both[1:]),
        ("没有", []),
    ):
        assert await titles(boss, f"q={words.replace('%', '%25')}") == found, words
    assert await titles(boss, "kind=changed") == both[:1]
    assert await titles(boss, "kind=draft") == both[1:]
    assert await titles(boss, "kind=due") == [], "the review date went with the last save"
    assert (await boss.get(f"{BASE}/articles")).json()["counts"] == {
        "draft": 1, "published": 1, "archived": 0, "due": 0, "proposed": 0, "changed": 1,
    }  # fmt: skip


async def test_a_key_that_is_taken_is_refused_with_its_holder(desk):
    boss = await desk("boss")
    await written(boss, key="taken")
    again = await boss.post(f"{BASE}/articles", draft(key="taken"))
    assert (again.status_code, again.json()["message"]) == (409, "标识“taken”已用于“充值没到账怎么办”。")


async def test_a_review_is_due_from_its_day_in_the_shops_zone_until_the_article_is_archived(desk, database, clock):
    boss = await desk("boss")
    today = product_clock.now() + timedelta(hours=8)  # Asia/Shanghai
    made = await written(boss, review_on=(today + timedelta(days=2)).date().isoformat())
    assert await titles(boss, "kind=due") == []
    await clock.advance(timedelta(days=2))
    boss = await desk("boss")  # whoever was away for two days signs in again
    assert await titles(boss, "kind=due") == [made["texts"]["zh-CN"]["title"]]
    await boss.post(f"{BASE}/articles/{made['id']}/archive", {"version": 1})
    assert await titles(boss, "kind=due") == []


async def test_of_two_editors_the_second_keeps_their_words_and_is_told_whose_came_first(desk):
    boss, li = await desk("boss"), await desk("li")
    made = await written(boss)
    one = f"{BASE}/articles/{made['id']}"
    assert (await li.put(one, {**draft(body="李的"), "version": 1})).status_code == 200
    late = await boss.put(one, {**draft(body="王的"), "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "article_moved")
    assert late.json()["message"].startswith("“李主管”刚刚改过这篇文章。")
    assert (await boss.put(one, {**draft(body="王的"), "version": 2})).status_code == 200
    told = (await boss.get(f"{one}/versions")).json()
    assert [(one["number"], one["texts"]["zh-CN"]["body"], one["written_by"]) for one in told] == [
        (3, "王的", "王店长"), (2, "李的", "李主管"), (1, "先看**订单状态**。", "王店长"),
    ]  # fmt: skip
    back = await boss.post(f"{one}/versions/1/restore", {"version": 3})
    assert back.json()["texts"] == made["texts"]
    assert (await boss.post(f"{one}/versions/1/restore", {"version": 4})).json()["code"] == "conflict"
    assert (await boss.post(f"{one}/versions/99/restore", {"version": 4})).status_code == 404


SCRIPTS = """<script>alert(1)</script>
<img src=x onerror=alert(1)> <iframe src="https://evil.example"></iframe> <svg onload=alert(1)>
[a](javascript:alert(1)) [b](data:text/html;base64,PHNjcmlwdD4=) ![c](https://evil.example/x.png)
<a href="java&#10;script:alert(1)" onclick="alert(1)">d</a> <style>body{display:none}</style>
<form action="https://evil.example"><input name=password></form>"""


async def test_nothing_that_runs_survives_the_preview(desk):
    boss = await desk("boss")
    html = (await boss.post(f"{BASE}/preview", {"body": SCRIPTS})).json()["html"].lower()
    for forbidden in (
        "<script",
        "onerror",
        "onload",
        "onclick",
        "<iframe",
        "<svg",
        'href="java',
        'href="data',
        "<style",
        "<form",
        "<input",
        'src="https',
    ):
        assert forbidden not in html, forbidden


BROKEN = ("**", "```\n未完", "| a |\n|--", "[x](", "# " * 500, "> " * 2000, "*" * 5000, "[" * 5000)


async def test_broken_markdown_is_shown_and_breaks_nothing(desk):
    boss = await desk("boss")
    for body in BROKEN:
        assert (await boss.post(f"{BASE}/preview", {"body": body})).status_code == 200, body[:20]


async def test_a_million_characters_are_refused_with_the_limit(desk):
    boss = await desk("boss")
    for path in (f"{BASE}/articles", f"{BASE}/preview"):
        body = draft(body="字" * 1_000_000) if path.endswith("articles") else {"body": "字" * 1_000_000}
        answer = await boss.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "article_too_long")
    assert answer.json()["message"] == "这里有 1000000 个字，最多 20000 个字。请拆成几篇文章。"
    assert await titles(boss) == []


STRANGE = (
    {"texts": {}},
    {"texts": {"fr": {"title": "x", "body": "y"}}},
    {"texts": {"zh-CN": {"title": "  ", "body": "有"}}},
    {"key": "Bad Key"},
    {"codes": ["a b"]},
    {"playbook": "../x"},
    {"playbook": "no-such-playbook"},
    {"valid_from": "2027-01-01T00:00:00"},
    {"category": "nosuch"},
    {"departments": ["nosuch"]},
    {"strange": 1},
)


async def test_what_cannot_be_an_article_is_refused(desk):
    boss = await desk("boss")
    for changes in STRANGE:
        answer = await boss.post(f"{BASE}/articles", {**draft(), **changes})
        assert answer.status_code in (400, 422), (changes, answer.text)
    assert await titles(boss) == []


async def test_an_article_names_a_playbook_there_is_and_may_keep_one_that_has_gone(desk, database):
    boss = await desk("boss")
    refused = await boss.post(f"{BASE}/articles", {**draft(), "playbook": "recharge"})
    assert (refused.json()["code"], refused.json()["facts"]) == (
        "playbook_unknown",
        {"field": "playbook", "key": "recharge"},
    )
    made = await written(boss, playbook="recharge-not-arrived")
    async with database.transaction() as tx:
        await tx.run("update article set playbook = 'gone-since'")
    path = f"{BASE}/articles/{made['id']}"
    for key, status in (("gone-since", 200), ("recharge", 422), (None, 200), ("gone-since", 422)):
        version = (await boss.get(path)).json()["version"]
        answer = await boss.put(path, {**draft(), "playbook": key, "version": version})
        assert answer.status_code == status, (key, answer.text)


def png(size=(40, 30)):
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_written_anew_and_shown_to_customers_only_with_its_article(desk, database):
    boss, xiaomei = await desk("boss"), await desk("xiaomei")
    made = await written(boss)
    path = f"{BASE}/articles/{made['id']}/pictures"
    assert (await xiaomei.post(path, files={"file": ("a.png", png())})).status_code == 403
    kept = (await boss.post(path, files={"file": ("a.png", png())})).json()
    assert (kept["address"], kept["width"]) == (f"/help/pictures/{kept['id']}", 40)
    html = (await boss.post(f"{BASE}/preview", {"body": f"![步骤]({kept['address']})"})).json()["html"]
    assert f'src="/api/v1/desk/knowledge/pictures/{kept["id"]}"' in html
    shown = await xiaomei.get(f"{BASE}/pictures/{kept['id']}")
    assert (shown.status_code, shown.headers["x-content-type-options"]) == (200, "nosniff")
    assert Image.open(io.BytesIO(shown.content)).size == (40, 30)
    async with database.transaction() as tx:
        with pytest.raises(pictures.NotFound):
            await pictures.find_published(tx, kept["id"])
    await boss.post(f"{BASE}/articles/{made['id']}/publish", {"version": 1})
    async with database.transaction() as tx:
        assert (await pictures.find_published(tx, kept["id"])).width == 40


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        ({"file": ("a.png", b"no picture")}, "picture_unreadable"),
        ({"file": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")}, "picture_unreadable"),
        ({"other": ("a.png", b"x")}, "invalid"),
    ],
)
async def test_what_is_no_picture_is_refused(desk, upload, code):
    boss = await desk("boss")
    made = await written(boss)
    answer = await boss.post(f"{BASE}/articles/{made['id']}/pictures", files=upload)
    assert answer.json()["code"] == code
    assert (await boss.post(f"{BASE}/articles/nosuch/pictures", files={"file": ("a.png", png())})).status_code == 404


async def test_a_pasted_list_says_where_its_lines_stand_already(desk, database):
    boss = await desk("boss")
    first, second = await written(boss, title="退款"), await written(boss, title="充值")
    paste = {"locale": "zh-CN", "lines": ["怎么退", "退钱"]}
    assert len((await boss.post(f"{BASE}/articles/{first['id']}/phrasings", paste)).json()["added"]) == 2
    told = (
        await boss.post(f"{BASE}/articles/{second['id']}/phrasings", {**paste, "lines": ["退钱。", "到账慢"]})
    ).json()
    assert [one["text"] for one in told["added"]] == ["到账慢"]
    assert told["elsewhere"] == [{"text": "退钱。", "article": first["id"], "title": "退款"}]
    for lines in ([], ["x"] * 501, ["y" * 2001]):
        answer = await boss.post(f"{BASE}/articles/{second['id']}/phrasings", {"locale": "zh-CN", "lines": lines})
        assert answer.status_code in (400, 422)
    async with database.transaction() as tx:
        whole = await reading.find(tx, second["id"])
        assert whole.version == 1, "a phrasing stands in no editor's way"
        await editing.edit(tx, None, second["id"], ArticleDraft(texts={"zh-CN": Text("充值", "新")}), version=1)
