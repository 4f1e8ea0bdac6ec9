"""One exchange with somebody else's server, and in one word what went wrong with it.

Shops and the providers beside them are asked the same way: bounded in time and size,
never compressed (a megabyte can swell to a gigabyte), never at a private address.
A certificate that does not hold is told apart from a server that is not there: the
operator mends the one at the shop, the other at the network.

Does not: read what was said (`http`, the providers), or log it: it may hold people's data.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from datetime import timedelta

import httpx

from mashang.kit import http
from mashang.shops.connector import ShopFailed

BODY_LIMIT = 1024 * 1024
ANSWERS_WITHIN = timedelta(seconds=2)


async def exchange(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str],
    within: timedelta = ANSWERS_WITHIN,
) -> tuple[httpx.Response, bytes]:
    """The answer, whatever its status, and its whole body; raises ShopFailed."""
    try:
        async with (
            asyncio.timeout(within.total_seconds()),
            client.stream(method, url, content=body, headers={**headers, "Accept-Encoding": "identity"}) as response,
        ):
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise ShopFailed("wrong_type", "the answer is compressed, which was not asked for")
            return response, await http.read_limited(response, BODY_LIMIT)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ShopFailed("timed_out") from error
    except http.PrivateAddress as error:
        raise ShopFailed("private_address") from error
    except http.BodyTooLarge as error:
        raise ShopFailed("too_large", f"more than {BODY_LIMIT} bytes") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = _certificate_problem(error)
        if problem:
            raise ShopFailed("certificate", problem) from error
        raise ShopFailed("unreachable", type(error).__name__) from error


def _certificate_problem(error: BaseException) -> str:
    """What is wrong with the certificate, in OpenSSL's words; empty: something else went wrong."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message or "not verified"
        cause = cause.__cause__ or cause.__context__
    return ""
