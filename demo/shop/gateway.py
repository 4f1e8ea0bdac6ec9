"""A pretended Alipay, beside the pretended payment page: what it knows, Mashang may ask for.

It speaks the vendor's `alipay.trade.query`, verifies who asks and signs what it says,
with keys of this installation only.  No money moves and nothing leaves this machine.

Does not: take payments (`trades`).
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from litestar import Request, Response, post

from demo.shop.config import Gateway
from demo.shop.pages import Pages
from demo.shop.store import CHINA, Store

Asking = Request[Any, Any, Any]
_METHOD, _ANSWER = "alipay.trade.query", "alipay_trade_query_response"


@post("/gateway.do", status_code=200)
async def gateway(request: Asking, pages: Pages) -> Response[bytes]:
    """One question to the pretended Alipay."""
    keys = pages.config.gateway
    given = dict(request.query_params.items()) | dict(parse_qsl((await request.body()).decode(errors="replace")))
    if keys is None or not _is_merchant(keys, given):
        said = {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"}
    else:
        said = _trade(pages.store, _number(given))
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    sign = f',"sign":"{_sign(keys, text)}"' if keys else ""
    return Response(f'{{"{_ANSWER}":{text}{sign}}}'.encode(), media_type="application/json")


def _trade(store: Store, number: str) -> dict[str, str]:
    order = store.first("select * from orders where number = ?", number) or {}
    trade = store.first("select * from trade where number = ?", number)
    if trade is None and order.get("method") == "alipay" and order["paid_at"]:
        trade = order
    if trade is None:
        return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
    paid_at = datetime.fromisoformat(trade["paid_at"]).astimezone(CHINA)
    return {
        "code": "10000",
        "msg": "Success",
        "out_trade_no": number,
        "trade_no": trade["reference"],
        "trade_status": "TRADE_CLOSED" if order.get("status") == "refunded" else "TRADE_SUCCESS",
        "total_amount": f"{trade['total'] / 100:.2f}",
        "send_pay_date": f"{paid_at:%Y-%m-%d %H:%M:%S}",
    }


def _number(given: dict[str, str]) -> str:
    content = json.loads(given.get("biz_content", "{}"))
    return str(content.get("out_trade_no", "")) if isinstance(content, dict) else ""


def _is_merchant(keys: Gateway, given: dict[str, str]) -> bool:
    sign = given.pop("sign", "")
    text = "&".join(f"{name}={given[name]}" for name in sorted(given))
    merchant = load_pem_public_key(keys.merchant_key.encode())
    if not isinstance(merchant, RSAPublicKey) or given.get("method") != _METHOD or given.get("app_id") != keys.app_id:
        return False
    try:
        merchant.verify(base64.b64decode(sign), text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _sign(keys: Gateway, text: str) -> str:
    own = load_pem_private_key(keys.private_key.encode(), None)
    if not isinstance(own, RSAPrivateKey):
        raise TypeError
    return base64.b64encode(own.sign(text.encode(), PKCS1v15(), SHA256())).decode()


HANDLERS = [gateway]
