"""A shop to try the product on: people, topics, knowledge, one shop and its site, made once.

What a person needs to sign in is kept in `demo.json` in the home, mode 0600, so that
every start can print it; the shop's own process reads `demo-shop.json`.  Both hold
random passwords of this installation only.

Does not: touch an installation that somebody has begun to use without a demo.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from mashang.cli.serving import address, base_url, reachable
from mashang.codes.demo import DEMO_CODES, create_demo_topics
from mashang.codes.offer_starters import create_demo_rules
from mashang.conversations.demo import create_demo_replies
from mashang.kit.db import Database, Tx
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.knowledge import starting
from mashang.shops import shop, site
from mashang.shops.demo import create_demo_shop, move_gateway
from mashang.shops.shop import ShopDraft
from mashang.staff import agents, assistant, departments
from mashang.staff import demo as staff_demo
from mashang.staff.demo import DemoPerson


class Demo(msgspec.Struct, frozen=True):
    """What to print, and where the shop's process finds its configuration."""

    people: list[DemoPerson]
    customers: dict[str, str]
    shop_url: str
    config: Path


class _Kept(msgspec.Struct, frozen=True):
    people: list[DemoPerson]
    shop: str
    site: str


async def prepare(db: Database, chosen: Settings) -> Demo | None:
    """Make the demo at the first start, follow changed addresses at the later ones; None where there is none."""
    kept, config = chosen.home / "demo.json", chosen.home / "demo-shop.json"
    async with db.transaction() as tx:
        if not kept.exists():
            if await tx.value("select exists (select from agent)"):
                return None
            await _create(tx, chosen, kept, config)
        known = msgspec.json.decode(kept.read_bytes(), type=_Kept)
        connection: dict[str, Any] = msgspec.json.decode(config.read_bytes())
        if connection["shop_url"] != shop_url(chosen) or connection["product_url"] != base_url(chosen):
            connection |= _addresses(chosen)
            await _move(tx, chosen, known)
            _write(config, connection)
    return Demo(known.people, connection["passwords"], connection["shop_url"], config)


async def _create(tx: Tx, chosen: Settings, kept: Path, config: Path) -> None:
    """The files are written before the commit: a demo whose passwords nobody knows would be worse than none."""
    people = await staff_demo.create_demo(tx)
    by_name = {one.name: one.public_id for one in await departments.present(tx)}
    await create_demo_topics(tx, by_name)
    await create_demo_rules(tx)
    await create_demo_replies(tx, (await agents.present(tx))[0], by_name)
    await starting.load(tx, None, DEMO_CODES)
    await assistant.put_settings(tx, None, msgspec.structs.replace(await assistant.settings(tx), is_on=True))
    connection = await create_demo_shop(
        tx, chosen, Sealer(chosen.secret), shop_url=shop_url(chosen), product_url=base_url(chosen)
    )
    made = (await shop.present(tx))[0]
    known = _Kept(people, made.public_id, str(connection["site"]))
    await _move(tx, chosen, known)
    _write(config, connection)
    _write(kept, known)


async def _move(tx: Tx, chosen: Settings, known: _Kept) -> None:
    """The shop is where this start puts it: the same two processes, perhaps on other ports."""
    made = await shop.find(tx, known.shop)
    reached = f"http://{reachable(chosen.host)}:{chosen.shop_port}"  # by us, beside it
    draft = ShopDraft(
        name=made.name,
        base_url=f"{reached}/connector/v1",
        customer_actions=made.customer_actions,
        actions_a_day=made.actions_a_day,
    )
    await shop.edit(tx, Sealer(chosen.secret), known.shop, draft)
    await move_gateway(tx, Sealer(chosen.secret), made.id, reached)
    carried = await site.find(tx, known.site)
    origins = list(dict.fromkeys([shop_url(chosen), reached, f"http://localhost:{chosen.shop_port}"]))
    await site.change(
        tx,
        known.site,
        name=carried.name,
        origins=origins,
        shop_id=carried.shop_id,
        looks=carried.looks,
        vip_tiers=carried.vip_tiers,
    )


def _addresses(chosen: Settings) -> dict[str, str]:
    product = base_url(chosen)
    return {
        "shop_url": shop_url(chosen),
        "product_url": product,
        "event_url": f"{product}/api/v1/shop-events",
    }


def shop_url(chosen: Settings) -> str:
    """Where a browser finds the demo shop."""
    return f"http://{address(chosen.host)}:{chosen.shop_port}"


def _write(path: Path, content: object) -> None:
    """All of it or nothing, readable by us only."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    fresh.replace(path)
