"""The picture of a card: fetched from the shop by the server, once, and kept as a file of the conversation.

So neither a customer's browser nor an agent's ever asks somebody else's host, what is shown is what was sent whatever
the shop puts there later, and what arrives was decoded and written anew by us like every picture of strangers.  A
card without its picture says the same: whatever is wrong with it, the card goes without.

Does not: reach private networks or follow redirects (`kit.http`), or decode (`kit.pictures`).
"""

from __future__ import annotations

import asyncio

import httpx

from mashang.conversations import attachments
from mashang.conversations.attachments import UPLOAD_REFUSALS, Attachment, Uploader
from mashang.kit import http
from mashang.kit.db import Database
from mashang.kit.errors import TooMany
from mashang.kit.http import BodyTooLarge
from mashang.kit.log import log
from mashang.kit.pictures import Pictures
from mashang.kit.storage import Storage

LARGEST = 2 * 1024 * 1024  # bytes
ARRIVES_WITHIN = 3.0  # seconds; an agent waits for it
_NAME = "card"


async def copy(
    db: Database, storage: Storage, pictures: Pictures, by: Uploader, *, client: httpx.AsyncClient, address: str
) -> Attachment | None:
    """The picture at this address as a file, uploaded and not yet sent; None when there is no usable one."""
    try:
        data = await _fetched(client, address)
        return await attachments.keep(db, storage, pictures, by, name=_NAME, data=data)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, BodyTooLarge, TooMany, *UPLOAD_REFUSALS) as error:
        log.info("card_without_picture", reason=type(error).__name__)
        return None


async def _fetched(client: httpx.AsyncClient, address: str) -> bytes:
    accept = {"Accept": "image/webp,image/png,image/jpeg,image/gif"}
    async with asyncio.timeout(ARRIVES_WITHIN), client.stream("GET", address, headers=accept) as response:
        if response.status_code != httpx.codes.OK:
            raise httpx.HTTPStatusError("no picture", request=response.request, response=response)
        return await http.read_limited(response, LARGEST)
