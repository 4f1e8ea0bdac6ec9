"""The public help centre: read without a script or a cookie, and from every page to a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest
from litestar import Litestar

from mashang.channels.help import counting
from mashang.channels.help.bodies import Bodies
from mashang.channels.help.counting import HelpCounts
from mashang.guard.masking import NO_RULES
from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.knowledge import categories, editing, merging, rendering, starting
from mashang.knowledge.article import Article, ArticleDraft, Text
from mashang.knowledge.categories import CategoryDraft
from tests import scene
from tests.browsing import Browser

ARRIVED = {
    "zh-CN": Text("充值没有到账怎么办", "先看**订单状态**。\n\n<script>alert(1)</script>"),
    "en": Text("My top-up has not arrived", "Look at the order first."),
}
REFUND = {"zh-CN": Text("怎么申请退款", "在订单里点申请售后。")}


async def published(database: Database, texts: dict[Any, Text], **facts: Any) -> Article:
    async with database.transaction() as tx:
        made = await editing.create(tx, None, ArticleDraft(texts=texts, **facts))
        return await editing.publish(tx, None, made.public_id, version=made.version)


class Served:
    """The application with one site, and somebody who reads."""

    def __init__(self, app: Litestar, database: Database, http: httpx.AsyncClient) -> None:
        self.parts, self.database, self.http = app.state.parts, database, http


@pytest.fixture
async def served(app: Litestar, database: Database, browser: Callable[[], Browser]) -> Served:
    async with database.transaction() as tx:
        await scene.build(tx)
    return Served(app, database, browser().client)


async def looked(served: Served) -> None:
    await served.parts.knowledge.look()


async def get(served: Served, path: str, status: int = 200, language: str = "zh-CN") -> str:
    answer = await served.http.get(path, headers={"accept-language": language})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in answer.headers
    return answer.text


def carried(page: str) -> str:
    """The words a person is told first."""
    found = re.search(r'class="action" href="([^"]*)"', page)
    assert found
    return unquote(found[1].partition("#ask=")[2])


async def test_pinyin_finds_the_article_and_a_person_is_told_what_was_searched(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    await looked(served)
    page = await get(served, "/help/search?q=chongzhi")
    assert "<mark>充值</mark>没有到账怎么办" in page
    assert carried(page) == "chongzhi"
    assert f'href="/help/{made.public_id}?q=chongzhi"' in page
    page = await get(served, f"/help/{made.public_id}?q=chongzhi")
    assert "<h1>充值没有到账怎么办</h1>" in page
    assert "<p>先看<strong>订单状态</strong>。</p>" in page
    assert "alert(1)" not in page
    assert carried(page) == "我看了帮助《充值没有到账怎么办》，还想问：chongzhi"


async def test_an_article_is_read_in_the_language_asked_for_and_names_its_others(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    only = await published(served.database, REFUND)
    page = await get(served, f"/help/{made.public_id}", language="en-GB")
    assert '<html lang="en">' in page
    assert "<h1>My top-up has not arrived</h1>" in page
    page = await get(served, f"/help/{made.public_id}?lang=zh-CN", language="en-GB")
    assert "<h1>充值没有到账怎么办</h1>" in page
    for link in ('rel="canonical" href="', 'hreflang="zh-CN" href="', 'hreflang="en" href="', 'hreflang="x-default"'):
        assert link in page
    assert f'/help/{made.public_id}?lang=zh-CN"' in page
    page = await get(served, f"/help/{only.public_id}", language="en")
    assert '<article lang="zh-CN">' in page


async def test_what_is_not_published_or_not_valid_is_missing_like_any_other(served: Served) -> None:
    now = product_clock.now()
    async with served.database.transaction() as tx:
        draft = await editing.create(tx, None, ArticleDraft(texts=REFUND))
    later = await published(served.database, REFUND, valid_from=now + timedelta(days=1))
    over = await published(served.database, REFUND, valid_until=now - timedelta(days=1))
    gone = await published(served.database, REFUND)
    assert "怎么申请退款" in await get(served, f"/help/{gone.public_id}")
    async with served.database.transaction() as tx:
        await editing.archive(tx, None, gone.public_id, version=gone.version)
    nowhere = await get(served, "/help/nowhere", 404)
    for one in (draft, later, over, gone):
        assert await get(served, f"/help/{one.public_id}", 404) == nowhere
    assert carried(nowhere) == ""


async def test_the_start_shows_the_categories_and_what_is_read_most(served: Served) -> None:
    async with served.database.transaction() as tx:
        shelf = await categories.create(tx, None, CategoryDraft("充值", "Top-up"))
    made = [
        await published(served.database, {"zh-CN": Text(f"第{n}篇充值", "好。")}, category=shelf.id) for n in range(8)
    ]
    await published(served.database, REFUND)
    await looked(served)
    page = await get(served, "/help")
    assert page.count("篇充值</a>") == 6
    assert "全部 8 篇" in page
    assert "怎么申请退款" in page
    assert (await get(served, f"/help/category/{shelf.id}")).count("篇充值</a>") == 8
    await get(served, "/help/category/nowhere", 404)
    for _ in range(2):
        await get(served, f"/help/{made[7].public_id}")
    await served.parts.help_counts.write()
    assert (await get(served, "/help")).index("第7篇充值") < (await get(served, "/help")).index("第0篇充值")


async def test_a_vote_needs_no_cookie_and_one_side_has_one_a_day(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    http = served.http
    for said in ("no", "yes"):
        answer = await http.post(f"/help/{made.public_id}/helpful?q=cz", data={"helpful": said})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/help/{made.public_id}?q=cz&said={said}#helpful"
    async with served.database.transaction() as tx:
        rows = await tx.all("select is_helpful, locale, version, words, length(voter) as length from help_vote")
    assert rows == [{"is_helpful": True, "locale": "zh-CN", "version": 1, "words": "cz", "length": 16}]
    page = await get(served, f"/help/{made.public_id}?said=no")
    assert "抱歉" in page
    assert page.count('class="person"') == 1


OWN = "http://testserver.local"
ELSEWHERE = {
    "cross-site": {"sec-fetch-site": "cross-site", "origin": OWN},
    "same-site": {"sec-fetch-site": "same-site"},
    "origin": {"origin": "https://elsewhere.example"},
    "hidden": {"origin": "null", "referer": f"{OWN}/help"},
    "referer": {"referer": "https://elsewhere.example/help"},
    "port": {"origin": f"{OWN}:8080"},
    "broken": {"origin": "http://["},
}


@pytest.mark.parametrize(
    "headers",
    [{"origin": OWN}, {"referer": f"{OWN}/help/x"}, {"sec-fetch-site": "same-origin"}],
    ids=["origin", "referer", "said"],
)
async def test_votes_count_from_browsers_that_only_name_where_they_stood(
    served: Served, headers: dict[str, str]
) -> None:
    made = await published(served.database, ARRIVED)
    address = f"/help/{made.public_id}/helpful"
    answer = await served.http.post(address, data={"helpful": "yes"}, headers={"host": OWN[7:], **headers})
    assert answer.status_code == 303
    async with served.database.transaction() as tx:
        assert await tx.value("select count(*) from help_vote") == 1


async def test_votes_from_elsewhere_or_of_nonsense_do_not_count(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    http = served.http
    for name, headers in ELSEWHERE.items():
        answer = await http.post(
            f"/help/{made.public_id}/helpful", data={"helpful": "yes"}, headers={"host": OWN[7:], **headers}
        )
        assert answer.status_code == 404, name
    assert (await http.post(f"/help/{made.public_id}/helpful", data={"helpful": "maybe"})).status_code in {400, 422}
    assert (await http.post("/help/nowhere/helpful", data={"helpful": "yes"})).status_code == 404
    async with served.database.transaction() as tx:
        assert await tx.value("select count(*) from help_vote") == 0


async def test_what_nobody_wrote_about_is_counted_without_its_secrets(served: Served) -> None:
    counts: HelpCounts = served.parts.help_counts
    for words in ("怎么养猫", "怎么养猫 ", "我的密码: hunter2x"):
        page = await get(served, f"/help/search?q={quote(words)}")
        assert carried(page) == words.strip()
    await get(served, f"/help/search?part=1&q={quote('还在打字')}")
    await counts.write()
    async with served.database.transaction() as tx:
        rows = await tx.all("select words, length(searcher) as length from help_search order by words")
    assert rows == [{"words": "怎么养猫", "length": 16}, {"words": "我的密码: ••••", "length": 16}]


@pytest.mark.parametrize(
    ("searched", "kept"),
    [
        ("我的手机13800138000充值没到", "我的手机••••充值没到"),
        ("订单 QN202611220001 退款", "订单 •••• 退款"),
        ("发到 xiaolin@mail.example 吧", "发到 •••• 吧"),
        ("充100元 3天没到", "充100元 3天没到"),
        ("REFUND\u202e later", "refund later"),
        ("好" * 3000, "好" * 60),
    ],
    ids=["telephone", "order", "mail", "amount", "direction", "enormous"],
)
def test_what_is_somebody_s_own_is_not_kept(searched: str, kept: str) -> None:
    assert counting.kept_words(searched, NO_RULES) == kept


async def test_a_flood_of_searches_from_one_visitor_is_kept_as_a_few(served: Served) -> None:
    counts: HelpCounts = served.parts.help_counts
    for n in range(60):
        counts.missed(f"怎么养第{n}只猫", "zh-CN", "198.51.100.7")
        counts.missed("怎么养猫", "zh-CN", "198.51.100.8")
        await counts.write()
    counts.missed("怎么养猫", "zh-CN", "198.51.100.9")
    await counts.write()
    async with served.database.transaction() as tx:
        rows = await tx.all("select count(*) as n from help_search group by searcher order by n")
        same = await tx.value("select count(*) from help_search where words = '怎么养猫'")
    assert [row["n"] for row in rows] == [1, 1, 20]
    assert same == 2


@pytest.mark.parametrize(
    "query",
    [
        "", "   ", "😀😀😀", "\x01\x02\u202e", "x" * 5000, "'; drop table article; --", ".*(a+)+$",
        "<script>x</script>", "%00%ff", "好" * 3000,
    ],
    ids=range(10),
)  # fmt: skip
async def test_no_query_breaks_the_page(served: Served, query: str) -> None:
    await published(served.database, ARRIVED)
    page = await get(served, f"/help/search?q={quote(query)}")
    assert "<script>x" not in page
    assert 'class="action"' in page


async def test_a_flood_of_searches_is_told_to_wait_and_still_reaches_a_person(served: Served, no_refill: None) -> None:
    for _ in range(60):
        await get(served, "/help/search?part=1&q=x")
    page = await get(served, f"/help/search?q={quote('充值')}", 429)
    assert "请过几秒" in page
    assert carried(page) == "充值"


async def test_pages_may_be_indexed_and_searches_not(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    await looked(served)
    http = served.http
    robots = (await http.get("/robots.txt")).text
    assert "Allow: /help\n" in robots
    assert "Sitemap: http://cs.example/sitemap.xml" in robots
    listed = (await http.get("/sitemap.xml")).text
    assert listed.count(f"/help/{made.public_id}?lang=en</loc>") == 1
    assert 'name="robots"' not in await get(served, f"/help/{made.public_id}")
    assert 'content="noindex, follow"' in await get(served, "/help/search?q=x")


async def test_asked_for_its_head_alone_every_public_page_tells_what_it_tells_when_read(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    await looked(served)
    pages = ["/", "/chat", "/c/CZ", "/docs", "/widget.js", "/help", f"/help/{made.public_id}", "/help/search?q=x",
             "/robots.txt", "/sitemap.xml", "/health/live", "/health/ready", "/help/none", "/nothing/here"]  # fmt: skip
    assert {page: await told(served, "HEAD", page) for page in pages} == {
        page: (*(await told(served, "GET", page))[:2], 0) for page in pages
    }
    assert (await served.http.head("/api/v1/customer/sessions")).status_code == 405, "nothing is read there"


async def told(served: Served, method: str, page: str) -> tuple[int, dict[str, str], int]:
    """Status, headers without what changes with every answer, and how much of a body."""
    answer = await served.http.request(method, page)
    headers = {name: value for name, value in answer.headers.items() if name not in {"date", "set-cookie"}}
    return answer.status_code, headers, len(answer.content)


async def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_that_stands_in_it(served: Served) -> None:
    answer = await served.http.get("/help")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy
    for path in re.findall(r'"(/help/assets/[^"]+)"', answer.text):
        assert (await served.http.get(path)).status_code == 200
    assert (await served.http.get("/help/assets/pages.py")).status_code == 404


async def test_a_site_keeps_its_name_and_an_unknown_one_is_refused(served: Served) -> None:
    async with served.database.transaction() as tx:
        site = await tx.one("select public_id, name from site")
    page = await get(served, f"/help?site={site['public_id']}&lang=en")
    assert site["name"] in page
    assert 'action="/help/search"' in page
    assert f'name="site" value="{site["public_id"]}"' in page
    assert f"/?site={site['public_id']}&amp;lang=en" in page
    assert (await served.http.get("/help?site=nowhere")).status_code == 404


async def test_a_picture_is_shown_while_its_article_is(served: Served) -> None:
    made = await published(served.database, {"zh-CN": Text("截图", "![第一步](/help/pictures/step1)")})
    key = served.parts.storage.new_key()
    await served.parts.storage.put(key, b"GIF89a")
    async with served.database.transaction() as tx:
        await tx.run(
            "insert into article_picture (public_id, article_id, key, media_type, width, height)"
            " select 'step1', id, %s, 'image/gif', 1, 1 from article where public_id = %s",
            (key, made.public_id),
        )
    assert '<img src="/help/pictures/step1" alt="第一步" loading="lazy">' in await get(
        served, f"/help/{made.public_id}"
    )
    answer = await served.http.get("/help/pictures/step1")
    assert (answer.content, answer.headers["content-type"]) == (b"GIF89a", "image/gif")
    assert "sandbox" in answer.headers["content-security-policy"]
    async with served.database.transaction() as tx:
        await editing.archive(tx, None, made.public_id, version=made.version)
    for path in ("step1", "nowhere", "a-b"):
        assert (await served.http.get(f"/help/pictures/{path}")).status_code == 404


async def test_the_address_of_an_article_that_was_merged_leads_to_the_one_that_says_it_now(served: Served) -> None:
    kept, gone = (
        await published(served.database, REFUND, key="kept"),
        await published(served.database, REFUND, key="gone"),
    )
    async with served.database.transaction() as tx:
        await merging.merge(tx, None, (kept.public_id, kept.version), (gone.public_id, gone.version))
    answer = await served.http.get(f"/help/{gone.public_id}?q=退款&lang=zh-CN")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/help/{kept.public_id}?lang=zh-CN&q={quote('退款')}"
    assert "怎么申请退款" in await get(served, answer.headers["location"])
    async with served.database.transaction() as tx:
        await editing.archive(tx, None, kept.public_id, version=kept.version)
    await get(served, f"/help/{gone.public_id}", status=404)


async def test_bodies_are_rendered_once_and_together_no_longer_than_there_is_room(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await published(served.database, one) for one in (ARRIVED, REFUND)]
    await looked(served)
    first, second = (served.parts.knowledge.articles[one.public_id] for one in made)
    bodies = Bodies(most=len(Bodies().of(first, "zh-CN")) + 5)
    drawn = bodies.of(first, "zh-CN")
    with monkeypatch.context() as unable:
        unable.setattr(rendering, "html", None)
        assert bodies.of(first, "zh-CN") is drawn
    bodies.of(second, "zh-CN")
    assert bodies.of(first, "zh-CN") == drawn
    assert bodies.of(first, "zh-CN") is not drawn, "it had to make room"


async def test_a_code_that_goes_out_of_use_is_named_no_longer_by_an_answer_that_was_read_before(served: Served) -> None:
    async with served.database.transaction() as tx:
        await starting.load(tx, None, {"DD"})
        named = await tx.value("select public_id from article where 'DD' = any (codes) order by id limit 1")
    assert "<strong>DD</strong>" in await get(served, f"/help/{named}")
    async with served.database.transaction() as tx:
        await starting.follow(tx, set())
    assert "<strong>DD</strong>" not in await get(served, f"/help/{named}")
