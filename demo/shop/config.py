"""What connects this shop to Mashang: one JSON file (see the package's docstring)."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Gateway(msgspec.Struct, frozen=True):
    """Keys of the pretended Alipay: its own, and the public one of who may ask."""

    app_id: str
    private_key: str
    merchant_key: str


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The connection settings."""

    product_url: str
    site: str
    token_kid: str
    token_secret: str
    connector_key_id: str
    connector_secret: str
    event_url: str
    shop_url: str = ""
    passwords: dict[str, str] = {}
    gateway: Gateway | None = None


def load(path: Path, *, product_url: str | None = None) -> Config:
    """The configuration in this file; `product_url` from the command line wins."""
    config = msgspec.json.decode(path.read_bytes(), type=Config)
    return msgspec.structs.replace(config, product_url=product_url.rstrip("/")) if product_url else config
