"""A carrier's service as Kuaidi100 describes it: verifies signatures for real, and counts who asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.merchants import Vendor

CUSTOMER, KEY = "CUSTOMERCUSTOMERCUSTOMERCUSTOMER", "kEyOfTheShop1"
PASSED = [
    {"time": "2026-11-21 18:02:11", "context": "【上海市】快件正在派送，快递员电话 95338", "statusCode": "5",
     "areaName": "上海,上海市,浦东新区"},
    {"time": "2026-11-20 09:10:00", "context": "【深圳市】已揽收", "statusCode": "103", "areaName": "广东,深圳市"},
]  # fmt: skip

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Carrier(Vendor):
    """Kuaidi100's real-time query: knows the parcels of `orders`, and whose digits some of them want.

    `params` is everything it was asked in order; `before` is done before each answer.
    """

    phones: dict[str, str] = field(default_factory=dict)
    params: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[], Awaitable[None]] | None = None

    def knows(self, number: str, *, state: str = "5", passed: list[dict[str, str]] | None = None) -> None:
        """Let it know a parcel."""
        self.orders[number] = {"state": state, "data": PASSED if passed is None else passed}

    async def answer(self, _scope: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.before:
            await self.before()
        said = self.said({name: values[0] for name, values in parse_qs(body.decode()).items()})
        return 200, {"content-type": "text/html;charset=UTF-8"}, json.dumps(said, ensure_ascii=False).encode()

    def said(self, form: dict[str, str]) -> dict[str, Any]:
        wanted = hashlib.md5((form["param"] + KEY + form["customer"]).encode(), usedforsecurity=False).hexdigest()
        if form["customer"] != CUSTOMER or form["sign"] != wanted.upper():
            return refusal("503", "验证签名失败")
        param = json.loads(form["param"])
        self.params.append(param)
        number = param["num"]
        self.asked.append(number)
        if number in self.phones and param.get("phone") != self.phones[number]:
            return {"message": "快递公司参数异常：验证码错误", "nu": "", "status": "408", "state": "0", "data": []}
        if number not in self.orders:
            return refusal("500", "查询无结果，请隔段时间再查")
        whole = {"message": "ok", "nu": number, "ischeck": "0", "com": param["com"], "status": "200"}
        return whole | self.orders[number]


def refusal(code: str, message: str) -> dict[str, Any]:
    """How the vendor says no."""
    return {"result": False, "returnCode": code, "message": message}


def kuaidi100_values(address: str = "", **changes: str) -> dict[str, str]:
    """What an operator enters to connect Kuaidi100, and where it is in a test."""
    return {"customer": CUSTOMER, "key": KEY, "address": address, **changes}
