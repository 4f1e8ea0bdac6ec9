"""Knowledge in which two answers are asked for in the same words, as the doctor then finds it.

Does not: say what the doctor shows; the journeys do.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from bench.answer_cases import asked
from mashang.kit.db import Database
from mashang.knowledge import relearning
from tests.patience import LEARNING, until
from tests.running import Product

ASK = """async ([path, body]) => {
  const token = /mashang_csrf=([^;]*)/.exec(document.cookie)[1];
  const answer = await fetch("/api/v1/desk/knowledge" + path, {
    method: "POST", body: JSON.stringify(body),
    headers: { "content-type": "application/json", "x-csrf-token": token } });
  return await answer.json();
}"""
EVERY = asked("zh")
OTHERS = [name for name in EVERY if name != "申请退款"][:7]  # so many that something is held back at all


async def confused(page: Page, product: Product, titles: tuple[str, str]) -> tuple[str, str]:
    """Who is signed in on this page writes it all; the two, once the doctor has named them.  One other is thin."""
    for name in OTHERS:
        await _published(page, name, EVERY[name])
    await _published(page, "开发票", EVERY["开发票"][:2])
    refund = EVERY["申请退款"]
    polite = [f"请问{text}" for text in refund]
    one = await _published(page, titles[0], [*refund[::2], *polite[1::2]])
    other = await _published(page, titles[1], [*refund[1::2], *polite[::2]])
    await _until_found(product, {one, other})
    return one, other


async def _published(page: Page, title: str, lines: list[str]) -> str:
    texts = {"zh-CN": {"title": title, "body": f"**{title}**：请打开订单页，按页面上的说明操作。"}}
    article: dict[str, Any] = await page.evaluate(ASK, ["/articles", {"texts": texts}])
    where = f"/articles/{article['id']}"
    await page.evaluate(ASK, [f"{where}/phrasings", {"locale": "zh-CN", "lines": lines}])
    await page.evaluate(ASK, [f"{where}/publish", {"version": 1}])
    return str(article["id"])


async def _until_found(product: Product, two: set[str]) -> None:
    database = await Database.connect(product.dsn, pool_size=2)

    async def found() -> bool:
        async with database.transaction() as tx:
            last = await relearning.examination(tx)
        return bool(last) and any({pair.one, pair.other} == two for pair in last[0].pairs)

    try:
        await until(found, "the two that are asked for in the same words", within=LEARNING)
    finally:
        await database.close()
