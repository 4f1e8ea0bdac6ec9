"""A morning in the demo, told over HTTP, and the backup that each release leaves behind for its successors.

    .venv/bin/python -m tests.upgrade.morning

starts the product, lets the morning happen, and writes `tests/upgrade/states/NAME.backup`, NAME being that of the last
migration.  Run it before the first migration of a new release; `test_upgrade.py` restores every file there is.
The key and the passwords in such a file are those of an installation that never existed longer than this.
"""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from demo.shop import config, tokens
from mashang.kit import ids
from mashang.kit.migrations import FOLDER
from tests.folders import open_folder
from tests.running import Product, running, variables

STATES = Path(__file__).parent / "states"
XIAOLIN = {"id": "c-100001", "name": "小林", "tier": "VIP"}


class Person:
    """Somebody's page, without a browser."""

    def __init__(self, product: Product) -> None:
        headers = {"connection": "close"}  # nothing of it stays open
        self.http = httpx.Client(base_url=f"{product.url}/api/v1", headers=headers, timeout=30)

    def ask(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """The answer, which must be a good one."""
        answer = self.http.request(method, path, json=json, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


class Visitor(Person):
    """A customer; with a token one whom the shop knows."""

    def __init__(self, product: Product, **fields: Any) -> None:
        super().__init__(product)
        session = self.ask("POST", "/customer/sessions", fields)["session"]
        self.http.headers["authorization"] = f"Bearer {session}"

    def opens(self, **fields: Any) -> str:
        """A conversation of theirs; its id."""
        opened = self.ask("POST", "/customer/conversations", {"opening_key": ids.public_id(), **fields})
        return str(opened["id"])

    def says(self, conversation: str, text: str) -> None:
        message = {"client_id": ids.public_id(), "text": text}
        self.ask("POST", f"/customer/conversations/{conversation}/entries", message)

    def shows(self, conversation: str) -> None:
        """Send a picture."""
        picture = io.BytesIO()
        Image.new("RGB", (160, 120), "#1257d6").save(picture, "PNG")
        files = {"file": ("付款.png", picture.getvalue(), "image/png")}
        sent = self.ask("POST", f"/customer/conversations/{conversation}/files", files=files)
        message = {"client_id": ids.public_id(), "file": sent["id"]}
        self.ask("POST", f"/customer/conversations/{conversation}/entries", message)


class Staff(Person):
    """Somebody at the desk."""

    def __init__(self, product: Product, login: str) -> None:
        super().__init__(product)
        self.http.get("/staff/first-run")
        self.http.headers["x-csrf-token"] = self.http.cookies["mashang_csrf"]
        self.ask("POST", "/staff/sign-in", {"login": login, "password": product.passwords[login]})

    def replies(self, conversation: str, text: str, audience: str = "everyone") -> None:
        message = {"client_id": ids.public_id(), "text": text, "audience": audience}
        self.ask("POST", f"/desk/conversations/{conversation}/entries", message)


def happen(product: Product) -> None:
    """One served with a picture and a note, one closed, one of an account with its order's code, two who wait."""
    wang = Staff(product, "wang")
    visitor = Visitor(product)
    served = visitor.opens(entrance="code", code="cz1", text="充值没到账")
    wang.ask("POST", f"/desk/conversations/{served}/take")
    visitor.shows(served)
    wang.replies(served, "已收到，马上查")
    wang.replies(served, "像是渠道维护", audience="staff")
    other = Visitor(product)
    closed = other.opens(text="请问几点下班")
    wang.ask("POST", f"/desk/conversations/{closed}/take")
    wang.replies(closed, "二十四点")
    other.ask("POST", f"/customer/conversations/{closed}/close")
    shop = config.load(product.home / "demo-shop.json", product_url=product.url)
    xiaolin = Visitor(product, site=shop.site, token=tokens.token(shop, XIAOLIN))
    order = _order_of(product)
    card = xiaolin.ask("POST", f"/customer/orders/{order}/code", {})
    xiaolin.opens(entrance="code", code=card["codes"][0]["code"], text="订单的问题", order_number=order)
    Visitor(product).opens(entrance="code", code="SH")


def _order_of(product: Product) -> str:
    with sqlite3.connect(product.home / "shop" / "shop.sqlite3") as orders:
        found = orders.execute("select number from orders where customer_id = ? limit 1", [XIAOLIN["id"]]).fetchone()
    return str(found[0])


def mashang(home: Path, *words: str, **environment: str) -> tuple[int, str]:
    """A command beside the product: its exit status, and all it said."""
    ran = subprocess.run(
        [sys.executable, "-m", "mashang.cli", *words], cwd="/", env=variables(home, **environment),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
    )  # fmt: skip
    return ran.returncode, ran.stdout


def main() -> None:
    """Leave today's state."""
    name = max(path.stem for path in FOLDER.glob("*.sql")).partition("_")[0]
    from tests.upgrade.evening import knows  # noqa: PLC0415 — it is told with the people of here

    with open_folder() as folder, running(folder / "home") as product:
        happen(product)
        knows(product)
        status, said = mashang(product.home, "backup", str(STATES / f"{name}.backup"))
    sys.stdout.write(said)
    sys.exit(status)


if __name__ == "__main__":
    main()
