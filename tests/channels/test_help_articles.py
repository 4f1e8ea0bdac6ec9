"""The help centre inside the chat: found, read, counted by customer, and nothing that is not published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from litestar import Litestar

from mashang.kit.db import Database
from mashang.knowledge import editing, merging
from mashang.knowledge.article import ArticleDraft
from tests import scene
from tests.browsing import Browser
from tests.channels.test_help import ARRIVED, REFUND, Served, published

API = "/api/v1/customer"


@pytest.fixture
async def served(app: Litestar, database: Database, browser: Callable[[], Browser]) -> Served:
    async with database.transaction() as tx:
        await scene.build(tx)
    return Served(app, database, browser().client)


async def begun(served: Served) -> dict[str, Any]:
    answer = await served.http.post(f"{API}/sessions", json={})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def asked(served: Served, path: str, session: str, **query: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {session}", "accept-language": "zh-CN"}
    return await served.http.get(f"{API}{path}", params=query, headers=headers)


async def test_a_page_is_told_whether_there_is_anything_to_read(served: Served) -> None:
    assert (await begun(served))["help"] is False
    await published(served.database, REFUND)
    assert (await begun(served))["help"] is True


async def test_an_article_is_found_by_pinyin_and_read_without_what_a_page_must_not_hold(served: Served) -> None:
    made = await published(served.database, ARRIVED)
    await served.parts.knowledge.look()
    me = (await begun(served))["session"]
    (found,) = (await asked(served, "/help", me, q="chongzhi")).json()
    assert found["id"] == made.public_id
    assert found["title"] == {"text": "充值没有到账怎么办", "marks": [[0, 2]]}
    read = (await asked(served, f"/help/{made.public_id}", me)).json()
    assert (read["title"], read["locale"]) == ("充值没有到账怎么办", "zh-CN")
    assert read["html"] == "<p>先看<strong>订单状态</strong>。</p>\n"
    await served.parts.help_counts.write()
    async with served.database.transaction() as tx:
        assert await tx.value("select number from help_read") == 1


async def test_what_nobody_found_is_counted_when_it_was_sent_and_once_a_customer(served: Served) -> None:
    one, other = [(await begun(served))["session"] for _ in range(2)]
    for session, words, typing in (
        (one, "怎么养", "true"), (one, "怎么养猫", "false"), (one, "怎么养猫", "false"), (other, "怎么养猫", "false"),
        (one, "  ", "false"), (one, "我的密码: hunter2x", "false"),
    ):  # fmt: skip
        assert (await asked(served, "/help", session, q=words, typing=typing)).json() == []
    await served.parts.help_counts.write()
    async with served.database.transaction() as tx:
        rows = await tx.all("select words, count(*) as n from help_search group by words order by n desc")
    assert [(row["words"], row["n"]) for row in rows] == [("怎么养猫", 2), ("我的密码: ••••", 1)]


async def test_what_is_not_published_and_strangers_are_refused(served: Served) -> None:
    me = (await begun(served))["session"]
    async with served.database.transaction() as tx:
        draft = await editing.create(tx, None, ArticleDraft(texts=REFUND))
    for article in (draft.public_id, "nothere"):
        assert (await asked(served, f"/help/{article}", me)).status_code == 404
    for path in ("/help?q=x", f"/help/{draft.public_id}"):
        assert (await served.http.get(API + path)).status_code == 401


async def test_a_link_to_an_article_that_was_merged_opens_the_one_that_says_it_now(served: Served) -> None:
    me = (await begun(served))["session"]
    kept, gone = await published(served.database, ARRIVED), await published(served.database, REFUND)
    async with served.database.transaction() as tx:
        await merging.merge(tx, None, (kept.public_id, kept.version), (gone.public_id, gone.version))
    read = await asked(served, f"/help/{gone.public_id}", me)
    assert (read.status_code, read.json()["id"]) == (200, kept.public_id)


async def test_no_search_breaks_it(served: Served) -> None:
    me = (await begun(served))["session"]
    assert (await asked(served, "/help", me, q="好" * 2001)).status_code == 422
    for words in ("", "\x00x😀" * 600, "'; drop table article; --", ".*(a+)+$", "<script>x</script>"):
        assert (await asked(served, "/help", me, q=words)).json() == []
