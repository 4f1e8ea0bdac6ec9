"""Requests of ours to other people's servers, which never reach private networks.

Whoever may enter an address in the desk must not be able to make the server knock
at its own neighbours.  The name is resolved here, every address it has must be
public, and the connection goes to the very address that was checked: a second
look-up could answer differently.  TLS still verifies the name.

Does not: follow redirects, or read bodies without a limit (`read_limited`).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

Address = IPv4Address | IPv6Address
Permitted = Callable[[Address, int], bool]


class PrivateAddress(httpx.TransportError):
    """The host resolves to an address that may not be reached."""


class BodyTooLarge(Exception):
    """More came than was asked for; the rest was not read."""


def is_public(address: Address, _port: int) -> bool:
    """Is this an address of the open internet?"""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast


class GuardedTransport(httpx.AsyncHTTPTransport):
    """HTTP that connects only to addresses `permitted` agrees to."""

    def __init__(self, permitted: Permitted = is_public) -> None:
        super().__init__(retries=0, limits=httpx.Limits(max_connections=100, max_keepalive_connections=20))
        self._permitted = permitted

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Check, then connect to what was checked."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = await checked(host, port, self._permitted)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=str(address))
        return await super().handle_async_request(request)


async def checked(host: str, port: int, permitted: Permitted) -> Address:
    """An address of this host, of which every one is `permitted`; raises httpx.ConnectError, PrivateAddress."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError("the name cannot be resolved") from error
    addresses = [ip_address(entry[4][0]) for entry in found]
    if not addresses or not all(permitted(address, port) for address in addresses):
        raise PrivateAddress("a private address is not reached")
    return addresses[0]


def client(permitted: Permitted = is_public) -> httpx.AsyncClient:
    """A client for other people's servers; environment proxies are not used."""
    return httpx.AsyncClient(
        transport=GuardedTransport(permitted), follow_redirects=False, trust_env=False, timeout=5.0
    )


async def read_limited(response: httpx.Response, limit: int) -> bytes:
    """The body of a streamed response; raises BodyTooLarge past `limit` bytes (after decompression)."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > limit:
            raise BodyTooLarge
        parts.append(part)
    return b"".join(parts)
