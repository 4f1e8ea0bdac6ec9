"""`help`: the help centre's search page with 5,000 articles.

The starter knowledge, varied until there are 5,000 published articles with some thirty thousand phrasings, is searched
over HTTP as people type: words, pinyin, initials, slips, half-typed words, questions nobody wrote about.  `value` is
the 95th percentile in milliseconds of the whole page.  The reference is the same page of the same product over the same
database with a result that was found before; the two take turns, request by request.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import httpx
import psycopg

from bench import stage
from bench.figures import Figure, compared, load, median, share
from mashang.kit.migrations import migrate
from mashang.knowledge import starting
from mashang.knowledge.phrasing import folded

ARTICLES, _PHRASINGS, _SEED, _SECONDS = 5_000, 6, 7, 20.0
_CHINESE = {"accept-language": "zh-CN"}
ASKED = (
    "chongzhi", "czwdz", "充值没到账", "冲值没到", "chong值", "tuikuan", "退款多久", "refund", "refnud", "kami wuxiao",
    "卡密无效怎么办", "zhanghao dongj", "我昨天买的卡到现在都没有发给我你们是不是骗子", "how long does a refund take",
    "怎么养猫", "youhuiq", "帳號凍結了", "chnogzhi", "余额", "how to raise a cat",
)  # fmt: skip


async def measure(seconds: float | None) -> Figure:
    """Fill a database, start both, ask for `seconds`."""
    before = load()
    with stage.folder() as home, stage.postgres(home) as database:
        migrate(database.dsn)
        fill(database.dsn)
        ports, servers = (stage.free_port(), stage.free_port()), []
        for port, kind in zip(ports, ("found", "fixed"), strict=True):
            where = {"MASHANG_HOME": str(home / kind), "MASHANG_DATABASE_URL": database.dsn}
            command = ["-m", "bench.reference.help_page", str(port), kind]
            servers.append(stage.Server(command, home / f"{kind}.log", where))
        try:
            for server, port in zip(servers, ports, strict=True):
                server.start()
                await server.answers(port)
            ours, theirs, shown = await _in_turns(ports, seconds or _SECONDS)
        finally:
            for server in servers:
                server.stop()
    extra = {
        "articles": ARTICLES,
        "searches": len(ours),
        "with_a_result": shown,
        "p50_ms": round(median(ours), 2),
        "p99_ms": round(share(ours, 0.99), 2),
        "reference_p50_ms": round(median(theirs), 2),
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("help", share(ours, 0.95), "ms p95", share(theirs, 0.95), extra)


async def _in_turns(ports: tuple[int, int], seconds: float) -> tuple[list[float], list[float], int]:
    took: tuple[list[float], list[float]] = ([], [])
    shown = 0
    clients = [
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=_CHINESE, trust_env=False, timeout=60)
        for port in ports
    ]
    for client in clients:  # the first search waits for the index
        await client.get("/help/search", params={"q": ASKED[0]})
    until, asked = perf_counter() + seconds, random.Random(_SEED)  # noqa: S311 — a seeded choice
    while perf_counter() < until:
        words = asked.choice(ASKED)
        for client, times in zip(clients, took, strict=True):
            began = perf_counter()
            answer = await client.get("/help/search", params={"q": words})
            times.append((perf_counter() - began) * 1000)
            answer.raise_for_status()
            shown += client is clients[0] and 'class="hits"' in answer.text
    for client in clients:
        await client.aclose()
    return took[0], took[1], shown


def fill(dsn: str) -> None:
    """5,000 published articles in two languages: those of the starter knowledge, each with words of its own."""
    chance = random.Random(_SEED)  # noqa: S311 — a seeded choice
    starters = starting.starters()
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        for number in range(ARTICLES):
            starter = starters[number % len(starters)]
            own = "".join(chance.choice(starter.body["zh-CN"]) for _ in range(6))
            cursor.execute(
                "insert into article (public_id, key, status, published_version) values (%s, %s, 'published', 1)"
                " returning id",
                (f"bench{number}", f"bench-{number}"),
            )
            row: Any = cursor.fetchone()
            now = datetime.now(UTC)
            cursor.executemany(
                "insert into article_text (article_id, version, locale, title, body, written_at)"
                " values (%s, 1, %s, %s, %s, %s)",
                [
                    (row[0], locale, f"{title} {own}"[:120], starter.body[locale], now)
                    for locale, title in starter.title.items()
                ],
            )
            cursor.executemany(
                "insert into phrasing (public_id, article_id, locale, text, folded, source)"
                " values (%s, %s, %s, %s, %s, 'written') on conflict do nothing",
                [
                    (f"p{number}x{at}", row[0], "zh-CN", f"{one}{own}", folded(f"{one}{own}"))
                    for at, one in enumerate(starter.phrasings["zh-CN"][:_PHRASINGS])
                ],
            )
        cursor.execute("update knowledge_state set version = version + 1")
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in (b"article", b"article_text", b"phrasing"):
            connection.execute(b"vacuum analyze " + table)
