"""The shop's customers: accounts, passwords, sign-in, balance."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Any

from demo.shop.store import Store, now

Customer = dict[str, Any]
PHONE = re.compile(r"1[3-9][0-9]{9}")
_LEFT = 100  # fen
LOGIN = re.compile(r"[A-Za-z0-9_.-]{3,20}")


def masked_phone(phone: str) -> str:
    """138****8567."""
    return f"{phone[:3]}****{phone[-4:]}"


def hashed(password: str, salt: str | None = None) -> str:
    """The password as stored: scrypt with a salt of its own."""
    salt = salt or secrets.token_hex(16)
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**14, r=8, p=1)
    return f"{salt}${digest.hex()}"


def by_password(store: Store, login: str, password: str) -> Customer | None:
    """The customer who signs in with this, or None."""
    found = store.first("select * from customer where login = ? or phone = ?", login, login)
    kept = found["password"] if found else hashed("nobody", "0" * 32)
    fits = hmac.compare_digest(kept, hashed(password, kept.partition("$")[0]))
    return found if found and fits else None


def by_id(store: Store, id: str) -> Customer | None:
    """The customer of this id."""
    return store.first("select * from customer where id = ?", id)


def sign_up(store: Store, *, login: str, name: str, phone: str, password: str) -> Customer | None:
    """A new customer, or None when the login is taken."""
    customer_id = f"c-{secrets.randbelow(900_000) + 100_000}"
    with store:
        if store.first("select 1 from customer where login = ? or phone = ?", login, phone):
            return None
        store.add(
            "customer", id=customer_id, login=login, name=name, phone=phone, password=hashed(password), since=now()
        )
    return by_id(store, customer_id)


def begin_session(store: Store, customer: Customer) -> str:
    """Sign in; the cookie's value."""
    token = secrets.token_urlsafe(32)
    with store:
        store.add("session", token_hash=_digest(token), customer_id=customer["id"], at=now())
    return token


def in_session(store: Store, token: str | None) -> Customer | None:
    """Who is signed in with this cookie."""
    if not token:
        return None
    return store.first(
        "select c.* from session s join customer c on c.id = s.customer_id where s.token_hash = ?", _digest(token)
    )


def end_session(store: Store, token: str | None) -> None:
    """Sign out."""
    with store:
        store.run("delete from session where token_hash = ?", _digest(token or ""))


def move_balance(store: Store, customer_id: str, amount: int, reason: str, reference: str = "") -> bool:
    """Add to the balance or take from it; False when there is not enough.  Within the caller's block."""
    moved = store.run(
        "update customer set balance = balance + ? where id = ? and balance + ? >= 0", amount, customer_id, amount
    )
    if moved:
        store.add("ledger", customer_id=customer_id, at=now(), amount=amount, reason=reason, reference=reference)
    return bool(moved)


def hold_balances(store: Store, *, held: bool) -> None:
    """Hold what everybody has beyond one yuan (fault `low_balance`), or give back what is held."""
    with store:
        for customer in store.all("select id, balance from customer"):
            amount = -max(0, customer["balance"] - _LEFT) if held else _held_of(store, customer["id"])
            if amount:
                move_balance(store, customer["id"], amount, "held" if held else "released")


def _held_of(store: Store, customer_id: str) -> int:
    moved = (
        "select -coalesce(sum(amount), 0) as fen from ledger where customer_id = ? and reason in ('held', 'released')"
    )
    return int((store.first(moved, customer_id) or {"fen": 0})["fen"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
