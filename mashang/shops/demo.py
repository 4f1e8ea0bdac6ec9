"""The demo shop as the product knows it: one shop with a pretended Alipay, one site, one key.

Made at the first start of a demo installation; the answer is the configuration of
the shop's own process (`demo/shop`), which keeps everything else in its own data.
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import providers, shop, site
from mashang.shops.looks import Looks
from mashang.shops.shop import ShopDraft

LOOKS = Looks(
    colour="#0f7b4f",
    title="青柠客服",
    title_en="Lime support",
    greeting="您好，这里是青柠数卡客服。点选问题，或直接输入咨询代码，马上为您接通。",
    greeting_en="Hello, this is Lime Cards support. Pick a topic or enter a service code to reach us right away.",
)
CUSTOMERS = ("xiaolin", "azhen")
APP_ID = "2000000000000000"  # of no real application


async def create_demo_shop(
    tx: Tx, _settings: Settings, sealer: Sealer, *, shop_url: str, product_url: str
) -> dict[str, Any]:
    """Make the rows; the configuration to write for `python -m demo.shop --config`.

    The passwords in it are random: they belong to this installation only.
    """
    made, key = await shop.create(tx, sealer, ShopDraft(name="青柠数卡", base_url=f"{shop_url}/connector/v1"))
    carried = await site.create(
        tx, name="青柠数卡", origins=[shop_url], shop_id=made.id, looks=LOOKS, vip_tiers=["VIP"]
    )
    token = await site.add_key(tx, sealer, carried.id)
    ours, theirs = _pair(), _pair()
    values = {"app_id": APP_ID, "private_key": ours[0], "alipay_key": theirs[1], "gateway": gateway_of(shop_url)}
    await providers.connect(tx, sealer, made.id, "alipay", values)
    return {
        "shop_url": shop_url,
        "product_url": product_url,
        "event_url": f"{product_url}/api/v1/shop-events",
        "site": carried.public_id,
        "token_kid": token.kid,
        "token_secret": token.secret,
        "connector_key_id": key.key_id,
        "connector_secret": key.secret,
        "passwords": {name: _password() for name in CUSTOMERS},
        "gateway": {"app_id": APP_ID, "private_key": theirs[0], "merchant_key": ours[1]},
    }


async def move_gateway(tx: Tx, sealer: Sealer, shop_id: int, shop_url: str) -> None:
    """The pretended Alipay is where the shop is."""
    for one in await providers.of_shop(tx, shop_id, "payment"):
        if one.settings.get("app_id") == APP_ID:
            await providers.change(tx, sealer, one.public_id, {"app_id": APP_ID, "gateway": gateway_of(shop_url)})


def gateway_of(shop_url: str) -> str:
    """Where the demo shop pretends to be Alipay."""
    return f"{shop_url}/gateway.do"


def _pair() -> tuple[str, str]:
    """A private key of this installation only, and its public half."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _password() -> str:
    """10 characters that can be read out and typed."""
    return ids.public_id().lower()[:10]
