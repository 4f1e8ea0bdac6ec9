"""`match`: from free text to what it names, among 300 topics and a million minted codes.

40 % of the texts hold a minted code, half of them the asker's own, 40 % a topic's code, 20 % none.  Each is
read by the product's index and, when it is a minted code, looked up for its proved owner, in one transaction;
`value` is the 99th percentile in milliseconds.  The reference is one look-up by the same index in the same
database, in a transaction too; the two take turns.

`extra` holds what a stranger could measure: for one who proved nothing, the middle times of a code that is good,
another's, expired, revoked and made up, taken in turns (`stranger_spread`: slowest ÷ fastest − 1, 5 % at most), and
the same of somebody proved for another's code and one that never was (`foreign_spread`).
"""

from __future__ import annotations

import random
from collections.abc import Awaitable
from statistics import median
from time import perf_counter

from bench import stage
from bench.figures import Figure, compared, share
from mashang import codes, customers
from mashang.channels.web.minted import standing_of
from mashang.codes import minted, minting
from mashang.codes.answers import Minted
from mashang.codes.minted import Found
from mashang.customers import Customer
from mashang.kit import clock, ids
from mashang.kit.db import Database, Tx
from mashang.kit.migrations import migrate
from mashang.kit.sealing import Sealer
from mashang.shops import site as sites
from mashang.shops.looks import Looks
from mashang.shops.token import ShopCustomer

_CODES, _TOPICS, _SEED = 1_000_000, 300, 11
_REAL = 2_000  # codes of each kind whose characters are known here
_SECONDS = 10.0
_KINDS = ("good", "another's", "expired", "revoked")
_SENTENCES = ("你好，{} 还没到账", "{}", "我的代码是{}，麻烦看一下", "请问 {} 怎么处理", "{}谢谢")
_NONE = ("你好，在吗", "我昨天买的会员还没到，怎么回事", "什么时候能退款？", "图片看不到", "好的谢谢 13900001234")


class Bench:
    """A shop with its codes, and who asks about them."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self.db, self.sealer = db, sealer
        self.chance = random.Random(_SEED)  # noqa: S311 — repeatable, guards nothing
        self.known: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        self.topics: list[str] = []

    async def fill(self) -> None:
        """300 topics and a million codes, all but a few thousand of them without characters of their own."""
        async with self.db.transaction() as tx:
            shop_id = await tx.value(
                "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
                " values ('bench', 'bench', 'https://shop.example', 'bench', '\\x00') returning id"
            )
            site = await sites.create(tx, name="bench", origins=[], shop_id=shop_id, looks=Looks())
            self.owner = await customers.recognise(tx, site.id, shop_id, ShopCustomer("c-1", "", ""), "zh-CN")
            self.stranger = await customers.recognise(tx, site.id, shop_id, None, "zh-CN")
            await self._add_topics(tx)
            await tx.run(
                """
                insert into minted_code (public_id, code_hash, sealed, shop_id, subject, order_number, minted_by)
                select 'f' || i, sha256(i::text::bytea), sha256(i::text::bytea), %s, 'c-' || i, 'QN' || i, 'shop'
                from generate_series(100, %s) i
                """,
                (shop_id, _CODES + 99 - _REAL * len(_KINDS)),
            )
            for kind in _KINDS:
                self.known[kind] = [await self._mint(tx, shop_id, kind, number) for number in range(_REAL)]
        async with self.db.connection() as connection:
            await connection.execute("vacuum analyze minted_code")

    async def _add_topics(self, tx: Tx) -> None:
        await tx.run("insert into department (public_id, name) values ('bench', 'bench')")
        letters = "ABCDEFGHJKMNPQRSTUVWXYZ"
        while len(self.topics) < _TOPICS:
            code = "".join(self.chance.choices(letters, k=3))
            self.topics += [code] if code not in self.topics else []
        for code in self.topics:
            await tx.run(
                "insert into topic (public_id, code, name, department_id) select %s, %s, %s, id from department",
                (ids.public_id(), code, f"主题{code}"),
            )

    async def _mint(self, tx: Tx, shop_id: int, kind: str, number: int) -> str:
        body = minted.draw()
        await tx.run(
            """
            insert into minted_code (public_id, code_hash, sealed, shop_id, subject, order_number, minted_by,
                expires_at, revoked_at)
            values (%(id)s, %(hash)s, %(sealed)s, %(shop)s, %(subject)s, %(order)s, 'shop',
                case when %(kind)s = 'expired' then app_now() end, case when %(kind)s = 'revoked' then app_now() end)
            """,
            {
                "id": ids.public_id(),
                "hash": minting.lookup_hash(self.sealer, body),
                "sealed": self.sealer.seal(body.encode(), minting.SHOW_PURPOSE),
                "shop": shop_id,
                "subject": "c-2" if kind == "another's" else "c-1",
                "order": f"QN-{kind[:1]}-{number}",
                "kind": kind,
            },
        )
        return minted.written(body)

    def text(self) -> str:
        """Something a customer types: a minted code, a topic's, or none."""
        share_of = self.chance.random()
        if share_of < 0.2:
            return self.chance.choice(_NONE)
        kind = self.chance.choice(("good", "another's"))
        code = self.chance.choice(self.topics if share_of < 0.6 else self.known[kind])
        return self.chance.choice(_SENTENCES).format(code)

    async def read(self, who: Customer, text: str) -> None:
        """What the product does with it."""
        async with self.db.transaction() as tx:
            answer = (await codes.index(tx)).match(text, clock.now())
            if isinstance(answer, Minted):
                found = Found(answer.body, answer.topic.code if answer.topic else "", 0, 0)
                own = await codes.own(tx, self.sealer, who, found)
                await codes.topic_of(tx, found, own)
                standing_of(who, own)

    async def look_up(self) -> None:
        """The reference: one row by its hash."""
        body = self.chance.choice(self.known["good"]).replace("-", "")
        async with self.db.transaction() as tx:
            hashed = minting.lookup_hash(self.sealer, body)
            await tx.first("select id, order_number from minted_code where code_hash = %s", (hashed,))


async def measure(seconds: float | None) -> Figure:
    """Half a minute to fill, then both in turns, then the spreads."""
    with stage.folder() as home, stage.postgres(home) as server:
        migrate(server.dsn)
        db = await Database.connect(server.dsn, pool_size=2)
        try:
            bench = Bench(db, Sealer(bytes(32)))
            await bench.fill()
            ours, theirs = await _in_turns(bench, seconds or _SECONDS)
            stranger = await _spread(bench, bench.stranger, (*_KINDS, "made up"))
            foreign = await _spread(bench, bench.owner, ("another's", "made up"))
        finally:
            await db.close()
    extra = {
        "codes": _CODES,
        "topics": _TOPICS,
        "texts": len(ours),
        "p50_ms": round(median(ours), 3),
        "reference_p50_ms": round(median(theirs), 3),
        "ratio_p50": round(median(ours) / median(theirs), 2),
        "stranger_spread": round(_apart(stranger), 4),
        "stranger_ms": {kind: round(took, 4) for kind, took in stranger.items()},
        "foreign_spread": round(_apart(foreign), 4),
        "foreign_ms": {kind: round(took, 4) for kind, took in foreign.items()},
    }
    return compared("match", share(ours, 0.99), "ms p99", share(theirs, 0.99), extra)


async def _in_turns(bench: Bench, seconds: float) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    theirs: list[float] = []
    until = perf_counter() + seconds
    while perf_counter() < until:
        text = bench.text()
        ours.append(await _took(bench.read(bench.owner, text)))
        theirs.append(await _took(bench.look_up()))
    return ours, theirs


async def _spread(bench: Bench, who: Customer, kinds: tuple[str, ...]) -> dict[str, float]:
    """The middle time of each kind of code, the kinds taken in turns and each code once."""
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(_REAL):
        for kind in bench.chance.sample(kinds, len(kinds)):
            code = bench.known[kind][number] if kind in bench.known else minted.written(minted.draw())
            took[kind].append(await _took(bench.read(who, f"你好，{code} 还没到账")))
    return {kind: median(times) for kind, times in took.items()}


def _apart(middles: dict[str, float]) -> float:
    return max(middles.values()) / min(middles.values()) - 1


async def _took(work: Awaitable[None]) -> float:
    began = perf_counter()
    await work
    return (perf_counter() - began) * 1000
