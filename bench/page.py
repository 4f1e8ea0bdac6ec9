"""`page`: the desk's conversation lists with 10,000 open conversations.

An operator who sees them all asks for pages of who waits, of their own and of everything open, some at the top and
some deep down, over HTTP as the desk does; `value` is the 99th percentile in milliseconds.  The reference is the
very statement of each such page, in a transaction on a connection of its own; the two take turns.

Then a real Chromium opens the desk with an empty cache, several times: `largest_paint_ms` is what the browser calls
the largest contentful paint, and `rows_in_page` the most rows that were ever in the page while somebody scrolled
through a thousand of them.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable
from time import perf_counter
from typing import Any
from urllib.parse import quote

import psycopg
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench import installation, stage
from bench.figures import Figure, compared, load, median, share
from mashang.desk import lists
from mashang.kit.db import Database
from mashang.staff import Agent

CONVERSATIONS = 10_000
_SECONDS, _SEED, _LIMIT = 20.0, 7, 50
_LISTS: tuple[lists.List, ...] = ("waiting", "mine", "open")
_DEEP = 20  # pages
_LOADS = 5
_SCROLLS = 40


async def measure(seconds: float | None) -> Figure:
    """Fill a home, ask for `seconds`, then look."""
    before = load()
    with stage.folder() as home, stage.postgres(home) as database:
        port = stage.free_port()
        server = installation.server(home / "home", port, database.dsn)
        server.start()
        db = await Database.connect(database.dsn, pool_size=2)
        try:
            await server.answers(port)
            operator, _, _ = await installation.founded(port, await installation.first_run_link(server))
            fill(database.dsn)
            ours, theirs = await _in_turns(operator, db, seconds or _SECONDS)
            paints, rows = await _in_chromium(port, operator.cookies)
            await operator.close()
        finally:
            await db.close()
            server.stop()
    extra = {
        "conversations": CONVERSATIONS,
        "calls": len(ours),
        "p50_ms": round(median(ours), 2),
        "reference_p50_ms": round(median(theirs), 2),
        "ratio_p50": round(median(ours) / median(theirs), 2),
        "largest_paint_ms": round(median(paints)),
        "largest_paints_ms": [round(paint) for paint in paints],
        "rows_in_page": rows,
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("page", share(ours, 0.99), "ms p99", share(theirs, 0.99), extra)


def fill(dsn: str) -> None:
    """As a crowded day would have left the tables: a third waits, the operator has two hundred, colleagues the rest."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_FILL)
        for table in (b"customer", b"conversation", b"entry", b"queue_place", b"agent"):
            connection.execute(b"vacuum analyze " + table)


_FILL = f"""
    insert into agent (public_id, login, name, role, password_hash, capacity, availability)
    select 'colleague' || i, 'colleague' || i, '同事' || i, 'agent', '', 0, 'available' from generate_series(1, 100) i;
    insert into membership (department_id, agent_id) select d.id, a.id from department d, agent a where a.capacity = 0;
    insert into presence_lease (socket_id, agent_id, process_id, alive_until)
    select 'bench' || id, id, 'bench', app_now() + interval '1 day' from agent;
    insert into customer (public_id, site_id, subject, name, tier)
    select 'customer' || lpad(i::text, 6, '0'), s.id, case when i % 2 = 0 then 's' || i end,
        case when i % 2 = 0 then '顾客' || i else '' end, case when i % 10 = 0 then '金卡' else '' end
    from site s, generate_series(1, {CONVERSATIONS}) i;
    insert into conversation (public_id, site_id, customer_id, status, department_id, agent_id, opening_key, head,
        public_head, last_entry_at, last_preview, last_author, unread_by_staff, opened_at, assigned_at, order_number)
    select 'conversation' || u.id, u.site_id, u.id, case when n.waits then 'waiting' else 'active' end, d.id,
        case when n.waits then null when n.i % 50 = 1 then (select id from agent where role = 'operator')
            else (select id from agent where login = 'colleague' || 1 + n.i % 100) end,
        'bench', 3, 3, n.at + interval '1 min', '您好，充值还没有到账 ' || n.i, 'customer', n.i % 4, n.at,
        case when not n.waits then n.at end, case when n.i % 2 = 0 then 'QN' || n.i end
    from customer u cross join (select min(id) as id from department) d
    cross join lateral (
        select substr(u.public_id, 9)::int as i, substr(u.public_id, 9)::int % 3 = 0 as waits,
            app_now() - interval '1 s' * (100000 - substr(u.public_id, 9)::int) as at
    ) n order by u.id;
    insert into queue_place (conversation_id, department_id, queued_at, order_at, number)
    select id, department_id, opened_at, opened_at, id from conversation where status = 'waiting';
    insert into entry (conversation_id, seq, prev_public, at, audience, author, author_id, kind, text)
    select c.id, n, n - 1, c.opened_at, 'everyone', 'customer', c.customer_id, 'text', c.last_preview
    from conversation c, generate_series(1, 3) n
""".encode()


async def _in_turns(operator: installation.Caller, db: Database, seconds: float) -> tuple[list[float], list[float]]:
    viewer = await _viewer(db)
    places = [place for name in _LISTS for place in await _places(db, viewer, name)]
    chance = random.Random(_SEED)  # noqa: S311 — repeatable, guards nothing
    ours: list[float] = []
    theirs: list[float] = []
    until = perf_counter() + seconds
    while perf_counter() < until:
        name, cursor = chance.choice(places)
        at = f"&cursor={quote(cursor)}" if cursor else ""
        ours.append(await _took(operator("GET", f"/desk/conversations?list={name}&limit={_LIMIT}{at}")))
        theirs.append(await _took(_alone(db, viewer, name, cursor)))
    return ours, theirs


async def _viewer(db: Database) -> Agent:
    async with db.transaction() as tx:
        return Agent(
            **await tx.one(
                "select id, public_id, login, name, role, capacity, availability from agent where role = 'operator'"
            )
        )


async def _places(db: Database, viewer: Agent, name: lists.List) -> list[tuple[lists.List, str | None]]:
    """The first pages of a list."""
    found: list[tuple[lists.List, str | None]] = [(name, None)]
    async with db.transaction() as tx:
        while len(found) < _DEEP:
            page = await lists.page(tx, viewer, name, cursor=found[-1][1], limit=_LIMIT, locale="zh-CN")
            if page.next is None:
                break
            found.append((name, page.next))
    return found


async def _alone(db: Database, viewer: Agent, name: lists.List, cursor: str | None) -> None:
    async with db.transaction() as tx:
        statement, params = lists.statement(viewer, name, cursor, _LIMIT)
        await tx.all(statement, {**params, "en": False})


async def _took(work: Awaitable[object]) -> float:
    began = perf_counter()
    await work
    return (perf_counter() - began) * 1000


# ── the page ────────────────────────────────────────────────────────────────

_OBSERVE = """
    window.largest = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.largest = Math.max(window.largest, entry.startTime);
    }).observe({ type: "largest-contentful-paint", buffered: true });
    localStorage.setItem("mashang.list", "open");
"""


async def _in_chromium(port: int, cookies: str) -> tuple[list[float], int]:
    """The largest paint of each load, and the most rows in the page."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            paints = []
            for _ in range(_LOADS):
                page = await _desk(browser, port, cookies)
                paints.append(float(await page.evaluate("window.largest")))
                await page.context.close()
            page = await _desk(browser, port, cookies)
            return paints, await _scrolled(page)
        finally:
            await browser.close()


async def _desk(browser: Browser, port: int, cookies: str) -> Page:
    """The desk in a window of its own, its list drawn and settled."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": 1280, "height": 720}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    pairs = (pair.split("=", 1) for pair in cookies.split("; "))
    url = f"http://127.0.0.1:{port}"
    await context.add_cookies([{"name": name, "value": value, "url": url} for name, value in pairs])
    await context.add_init_script(_OBSERVE)
    page = await context.new_page()
    await page.goto(f"{url}/desk/")
    await page.locator("[data-at]").first.wait_for()
    await asyncio.sleep(1)  # whatever is still to be drawn counts
    return page


async def _scrolled(page: Page) -> int:
    rows: list[Any] = []
    box = await page.locator("[data-at]").first.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 40, box["y"] + 40)
    for _ in range(_SCROLLS):
        await page.mouse.wheel(0, 2_500)
        await asyncio.sleep(0.1)
        rows.append(await page.locator("[data-at]").count())
    return int(max(rows))
