"""A site: a place on the web that carries our widget.

Its public id stands in the page of the shop for everybody to read, so it opens
nothing by itself: only pages of the registered origins may frame the chat or start
a session with it, and who a customer is comes from a token signed with one of the
site's keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mashang.kit import ids
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.kit.sealing import Sealer
from mashang.shops import looks
from mashang.shops.looks import Looks
from mashang.shops.token import ShopCustomer, SiteKeys, TokenExpired, TokenInvalid
from mashang.shops.token import verify as verify_token

__all__ = ["ShopCustomer", "Site", "SiteKeys", "TokenExpired", "TokenInvalid", "verify_token"]

KEY_PURPOSE = "site key"
_MOST_ORIGINS = 50
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class SiteUnknown(Refusal):
    """No site has this key."""

    status, code = 404, "site_unknown"


class NoSiteYet(SiteUnknown):
    """A new installation: nobody has made a site."""

    code = "no_site_yet"


class OriginNotRegistered(Refusal):
    """The page that asks is not one of the site's: `origin`."""

    status, code = 403, "origin_not_registered"


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One site as stored; customers proved to be of a tier in `vip_tiers` come earlier, of the first one most."""

    id: int
    public_id: str
    shop_id: int | None
    name: str
    origins: list[str]
    looks: Looks
    vip_tiers: list[str] = []


class SiteLook(msgspec.Struct, frozen=True, kw_only=True):
    """What the widget draws, in one language; `ink` is readable on `colour`."""

    id: str
    name: str
    colour: str
    ink: str
    title: str
    greeting: str
    placement: looks.Placement
    position: str
    demonstration: bool


class NewKey(msgspec.Struct, frozen=True):
    """A signing key; the secret is told this once."""

    kid: str
    secret: str


_COLUMNS = "id, public_id, shop_id, name, origins, looks, vip_tiers"


async def by_public_id(tx: Tx, key: str) -> Site:
    """The site of this key; raises SiteUnknown."""
    row = await tx.first(
        f"select {_COLUMNS} from site where public_id = %s and archived_at is null",
        (key[:64].replace("\0", ""),),
    )
    if row is None:
        raise SiteUnknown
    return _site(row)


async def by_id(tx: Tx, site_id: int) -> Site:
    """By row number, archived ones too."""
    return _site(await tx.one(f"select {_COLUMNS} from site where id = %s", (site_id,)))


async def first(tx: Tx) -> Site:
    """The site that serves `/` when none is named: the oldest one; raises NoSiteYet."""
    row = await tx.first(f"select {_COLUMNS} from site where archived_at is null order by id limit 1")
    if row is None:
        raise NoSiteYet
    return _site(row)


async def of_shop(tx: Tx, shop_id: int) -> Site | None:
    """The oldest site of this shop."""
    row = await tx.first(
        f"select {_COLUMNS} from site where shop_id = %s and archived_at is null order by id limit 1", (shop_id,)
    )
    return _site(row) if row else None


async def find(tx: Tx, public_id: str) -> Site:
    """A site for its administration; raises NotFound."""
    try:
        return await by_public_id(tx, public_id)
    except SiteUnknown:
        raise NotFound from None


async def sighted(tx: Tx, site: Site, origin: str) -> None:
    """A page asked for the widget: noted when it is one of the site's own, at most every ten seconds."""
    if origin in site.origins:
        await tx.run(
            """
            update site set seen_at = app_now(), seen_origin = %(origin)s
            where id = %(id)s
              and (seen_at is null or seen_at < app_now() - interval '10 s' or seen_origin <> %(origin)s)
            """,
            {"id": site.id, "origin": origin},
        )


async def archive(tx: Tx, public_id: str) -> Site:
    """Take a site out of use, and its keys with it; what it was.  Raises NotFound."""
    found = await find(tx, public_id)
    await tx.run("update site set archived_at = app_now() where id = %s", (found.id,))
    await tx.run("update site_key set revoked_at = app_now() where site_id = %s and revoked_at is null", (found.id,))
    return found


async def create(
    tx: Tx, *, name: str, origins: list[str], shop_id: int | None, looks: Looks, vip_tiers: Sequence[str] = ()
) -> Site:
    """Register a site; raises Invalid for an origin that is none."""
    row = await tx.one(
        "insert into site (public_id, shop_id, name, origins, looks, vip_tiers) values (%s, %s, %s, %s, %s, %s)"
        f" returning {_COLUMNS}",
        (ids.public_id(), shop_id, name, normal_origins(origins), Json(msgspec.to_builtins(looks)), list(vip_tiers)),
    )
    return _site(row)


async def change(
    tx: Tx,
    public_id: str,
    *,
    name: str,
    origins: list[str],
    shop_id: int | None,
    looks: Looks,
    vip_tiers: Sequence[str],
) -> Site:
    """Change a site; raises NotFound, Invalid."""
    row = await tx.first(
        "update site set name = %s, origins = %s, shop_id = %s, looks = %s, vip_tiers = %s"
        f" where public_id = %s and archived_at is null returning {_COLUMNS}",
        (name, normal_origins(origins), shop_id, Json(msgspec.to_builtins(looks)), list(vip_tiers), public_id),
    )
    if row is None:
        raise NotFound
    return _site(row)


async def vip_tiers(tx: Tx, site_id: int) -> list[str]:
    """The tiers of proved customers that come before others on this site, the most urgent first."""
    tiers: list[str] | None = await tx.value("select vip_tiers from site where id = %s", (site_id,))
    return tiers or []


async def keys(tx: Tx, sealer: Sealer, site: Site) -> SiteKeys:
    """The keys whose tokens this site accepts now."""
    rows = await tx.all("select kid, secret_sealed from site_key where site_id = %s and revoked_at is null", (site.id,))
    opened = {row["kid"]: sealer.open(row["secret_sealed"], KEY_PURPOSE).decode() for row in rows}
    return SiteKeys(site.public_id, opened)


async def add_key(tx: Tx, sealer: Sealer, site_id: int) -> NewKey:
    """Make a signing key; the former ones stay until they are revoked."""
    key = NewKey("k" + ids.public_id()[:11], ids.secret())
    await tx.run(
        "insert into site_key (site_id, kid, secret_sealed) values (%s, %s, %s)",
        (site_id, key.kid, sealer.seal(key.secret.encode(), KEY_PURPOSE)),
    )
    return key


async def revoke_key(tx: Tx, site_id: int, kid: str) -> None:
    """Accept no token of this key any more; raises NotFound."""
    revoked = await tx.run(
        "update site_key set revoked_at = app_now() where site_id = %s and kid = %s and revoked_at is null",
        (site_id, kid),
    )
    if not revoked:
        raise NotFound


def normal_origin(text: str) -> str:
    """`HTTPS://Shop.Example:443/` → `https://shop.example`; raises Invalid.

    What is stored goes into a Content-Security-Policy header: nothing but a scheme,
    a host in ASCII and a port may pass.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = (
            (parts.hostname or "").encode("idna").decode()
            if ":" not in (parts.hostname or "")
            else f"[{parts.hostname}]"
        )
    except (ValueError, UnicodeError):
        raise Invalid(field="origins", reason="origin", value=text[:100]) from None
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in _DEFAULT_PORTS or not bare or not _HOST.fullmatch(host.lower()):
        raise Invalid(field="origins", reason="origin", value=text[:100])
    shown_port = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host.lower()}{shown_port}"


def normal_origins(texts: list[str]) -> list[str]:
    """Each normalised, none twice; at most 50."""
    if len(texts) > _MOST_ORIGINS:
        raise Invalid(field="origins", reason="too_many")
    return list(dict.fromkeys(normal_origin(text) for text in texts))


def check_origin(site: Site, origin: str | None, *, own: str) -> None:
    """May a page of this origin use the site's key?  Raises OriginNotRegistered.

    Without an Origin header it is no page of another site that asks; our own pages
    (`own`) always may.
    """
    if origin is not None and origin != own and origin not in site.origins:
        raise OriginNotRegistered(origin=origin[:200])


def frame_ancestors(site: Site) -> str:
    """The directive that lets only the site's pages frame the chat."""
    return " ".join(["frame-ancestors 'self'", *site.origins])


def look(site: Site, locale: str) -> SiteLook:
    """What the widget draws for a reader of this language."""
    chosen, english = site.looks, locale == "en"
    colour = looks.visible(chosen.colour)
    return SiteLook(
        id=site.public_id,
        name=site.name,
        colour=colour,
        ink=looks.ink(colour),
        title=(chosen.title_en if english else "") or chosen.title or site.name,
        greeting=(chosen.greeting_en if english else "") or chosen.greeting,
        placement=chosen.placement,
        position=chosen.position,
        demonstration=chosen.demonstration,
    )


def snippet(site_key: str, public_url: str) -> str:
    """The tag a shop puts into its pages."""
    return f'<script src="{public_url}/widget.js" data-site="{site_key}" async></script>'


def _site(row: dict[str, Any]) -> Site:
    return Site(**{**row, "looks": msgspec.convert(row["looks"], Looks)})
