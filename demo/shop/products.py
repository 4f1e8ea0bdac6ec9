"""What is on the shelf.  Games and brands are made up; prices are in fen."""

from __future__ import annotations

from typing import Literal

import msgspec

Category = Literal["game", "phone", "card", "gift"]
CATEGORIES: tuple[Category, ...] = ("game", "phone", "card", "gift")


class Product(msgspec.Struct, frozen=True):
    """One product, in both languages: (zh, en)."""

    id: str
    category: Category
    kind: Literal["card_key", "top_up", "parcel"]
    price: int
    name: tuple[str, str]
    short: tuple[str, str]
    about: tuple[str, str]
    sold: int
    badge: str = ""  # a key of the words: hot, new, deal

    @property
    def delivery(self) -> str:
        """Whose delivery time it has: a parcel's, or that of its category."""
        return "parcel" if self.kind == "parcel" else self.category

    def words(self, lang: str) -> dict[str, str]:
        """Its texts in one language."""
        at = 1 if lang == "en" else 0
        return {"name": self.name[at], "short": self.short[at], "about": self.about[at]}


_TOP_UP = (
    "填好账号，付款后系统自动到账，一般 1 分钟内完成。请核对区服与账号，充值成功后无法转移。",
    (
        "Enter the account; after payment it is topped up automatically, usually within a minute. "
        "Please check server and account: a completed top-up cannot be moved."
    ),
)
_CARD = (
    "付款后立即发卡，卡密保存在订单详情里，只有您本人可以查看。请在有效期内兑换，未查看的卡密 7 天内可退。",
    (
        "The key is issued right after payment and kept in the order, where only you can open it. "
        "Redeem it in time; an unopened key can be returned within 7 days."
    ),
)
_PARCEL = (
    "实体卡片装在礼盒里寄出，寄往账户里的默认地址，一般 2 天送达。寄出后可在订单里查看物流。",
    (
        "A real card in a gift box, sent to the default address of your account, usually there within two days. "
        "Once it is sent you can follow it in the order."
    ),
)
_PHONE = (
    "三网通用，付款后 1–10 分钟到账，月末高峰可能稍慢。到账后运营商会发短信通知。",
    (
        "Works with all carriers. Arrives 1–10 minutes after payment, a little later at the end of the month. "
        "The carrier confirms by text message."
    ),
)

PRODUCTS: tuple[Product, ...] = (
    Product(
        "xinghai-6480",
        "game",
        "top_up",
        64800,
        ("星海纪元 · 星钻 6480", "Star Seas · 6480 star gems"),
        ("官方直充，首充双倍", "Official top-up, first one doubled"),
        _TOP_UP,
        8231,
        "hot",
    ),
    Product(
        "shanhai-3280",
        "game",
        "top_up",
        32800,
        ("山海行 · 灵玉 3280", "Mountains & Seas · 3280 jade"),
        ("全区全服，秒级到账", "All servers, within seconds"),
        _TOP_UP,
        5120,
    ),
    Product(
        "jisu-600",
        "game",
        "top_up",
        6000,
        ("极速联盟 · 点券 600", "Turbo League · 600 points"),
        ("小额也直充", "Small amounts too"),
        _TOP_UP,
        12894,
        "hot",
    ),
    Product(
        "mowang-30",
        "game",
        "top_up",
        3000,
        ("萌王大陆 · 月卡", "Fluffy Kingdom · monthly pass"),
        ("30 天每日领取", "Daily rewards for 30 days"),
        _TOP_UP,
        3307,
    ),
    Product(
        "phone-50",
        "phone",
        "top_up",
        4980,
        ("手机话费 50 元", "Mobile credit ¥50"),
        ("三网通用", "All carriers"),
        _PHONE,
        20417,
    ),
    Product(
        "phone-100",
        "phone",
        "top_up",
        9950,
        ("手机话费 100 元", "Mobile credit ¥100"),
        ("满 150 再减 2 元", "¥2 off from ¥150"),
        _PHONE,
        18766,
        "deal",
    ),
    Product(
        "yunpan-year",
        "card",
        "card_key",
        16800,
        ("云朵网盘 · 会员年卡", "Cloudlet Drive · one year"),
        ("5 TB 空间，不限速", "5 TB, full speed"),
        _CARD,
        2980,
        "deal",
    ),
    Product(
        "yueting-season",
        "card",
        "card_key",
        4500,
        ("悦听音乐 · 季卡", "Lilt Music · three months"),
        ("无损音质，离线下载", "Lossless, offline"),
        _CARD,
        4411,
    ),
    Product(
        "guangying-month",
        "card",
        "card_key",
        2500,
        ("光影视频 · 月卡", "Lumen Video · one month"),
        ("大屏可用", "Works on your TV"),
        _CARD,
        9012,
    ),
    Product(
        "feiyu-30",
        "card",
        "card_key",
        3000,
        ("飞鱼加速器 · 30 天", "Flying Fish booster · 30 days"),
        ("低延迟专线", "Low latency lines"),
        _CARD,
        6604,
        "new",
    ),
    Product(
        "coffee-latte",
        "gift",
        "card_key",
        1990,
        ("早安咖啡 · 拿铁兑换券", "Good Morning Coffee · latte voucher"),
        ("全国门店通用", "Valid in every store"),
        _CARD,
        7755,
    ),
    Product(
        "books-100",
        "gift",
        "card_key",
        9600,
        ("米粒书店 · 礼品卡 100 元", "Rice Grain Books · ¥100 gift card"),
        ("送给爱看书的人", "For somebody who reads"),
        _CARD,
        1543,
    ),
    Product(
        "books-box",
        "gift",
        "parcel",
        10800,
        ("米粒书店 · 实体礼品卡礼盒", "Rice Grain Books · gift card in a box"),
        ("包邮到家，送礼体面", "Sent to your door"),
        _PARCEL,
        412,
    ),
)
PROMOTIONS = {"mobile": ("CZ", "ZK"), "pair": ("KM", "ZK")}  # and the service codes each belongs to
_BY_ID = {product.id: product for product in PRODUCTS}


def discount(product: Product, quantity: int) -> int:
    """What today's offers take off an order, in fen; `PROMOTIONS` says it in words."""
    total = product.price * quantity
    if product.category == "phone" and total >= 15000:
        return 200
    return total // 10 if product.category == "card" and quantity >= 2 else 0


def by_id(id: str) -> Product | None:
    """The product of this id."""
    return _BY_ID.get(id)


def search(words: str = "", category: str = "") -> list[Product]:
    """Products whose names or texts hold every word."""
    wanted = words.lower().split()
    return [
        product
        for product in PRODUCTS
        if (not category or product.category == category)
        and all(word in " ".join((*product.name, *product.short, product.id)).lower() for word in wanted)
    ]
