"""What the operator decides outside the product: addresses, folders, keys.

Everything comes from the environment (`MASHANG_…`), with defaults that suit one
machine; what can be changed while the product runs is in the desk instead.
"""

from __future__ import annotations

import os
import re
import secrets
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from mashang.kit.trouble import Trouble

_BEARER_KEY = re.compile("[!-~]*")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One process's settings; sizes in bytes."""

    home: Path
    secret: bytes  # 32 bytes, the master key of kit.sealing
    database_url: str | None = None  # None: the embedded PostgreSQL
    host: str = "127.0.0.1"
    port: int = 8700
    shop_port: int = 8701
    public_url: str = ""  # as browsers reach us; empty: what the request says
    trusted_proxies: str = ""  # addresses whose X-Forwarded-* are believed, comma-separated
    timezone: str = "Asia/Shanghai"  # of opening hours and of the day at whose midnight numbers start anew
    demo: bool = True
    upload_limit: int = 10 * 1024 * 1024
    allow_private_addresses: bool = False  # may connectors reach loopback and private networks?
    shop_databases: str = ""  # host:port of shops' databases in private networks, comma-separated
    message_rate: float = 3.0  # messages a second a customer may send for long
    message_burst: float = 30.0  # … and at once
    sockets_per_address: int = 60  # customers' sockets from one address
    absence_grace: float = 120.0  # seconds for which an agent who vanished keeps their conversations
    metrics_token: str = ""  # lets others than this machine read /metrics
    voice_url: str = ""  # of an OpenAI-compatible …/v1/audio/transcriptions; empty: customers cannot send recordings
    voice_model: str = "whisper-1"
    voice_key: str = ""  # its bearer key; a server of one's own may need none
    voice_timeout: float = 20.0  # seconds it may take
    model_url: str = ""  # of an OpenAI-compatible …/v1; empty: no language model
    model_name: str = ""
    model_key: str = ""  # its bearer key; a server of one's own may need none
    model_timeout: float = 4.0  # seconds it may take
    log_level: str = "info"
    chaos_drop: float = 0.0  # share of announcements lost on purpose; for the chaos test

    @property
    def files(self) -> Path:
        """Where uploads are kept."""
        return self.home / "files"

    @property
    def https(self) -> bool:
        """Are we reached over https?  Decides names and flags of cookies."""
        return self.public_url.startswith("https://")


def load(environ: Mapping[str, str] = os.environ, **changes: object) -> Settings:
    """Settings from the environment; `changes` win (the command line).

    Makes the home folder and, at the first start, its secret key (mode 0600).  Raises ValueError, Trouble.
    """
    home = Path(str(changes.pop("home", None) or environ.get("MASHANG_HOME") or "var")).absolute()
    home.mkdir(parents=True, exist_ok=True, mode=0o751)  # the database's own account must pass, not look
    values: dict[str, object] = {
        "home": home,
        "secret": _secret(home / "secret.key", environ.get("MASHANG_SECRET")),
    }
    for field in msgspec.structs.fields(Settings):
        text = environ.get(f"MASHANG_{field.name.upper()}")
        if text is not None and field.name not in values:
            values[field.name] = text
    values |= changes
    chosen = msgspec.convert(values, Settings, strict=False)
    if chosen.timezone not in zoneinfo.available_timezones():
        raise ValueError(f"MASHANG_TIMEZONE: {chosen.timezone!r} is no time zone, such as Asia/Shanghai")
    _demand_database_address(chosen.database_url or "")
    _demand_endpoint("MASHANG_VOICE_URL", chosen.voice_url, "https://HOST/v1/audio/transcriptions")
    _demand_endpoint("MASHANG_MODEL_URL", chosen.model_url, "https://HOST/v1")
    _demand_bearer_key("MASHANG_VOICE_KEY", chosen.voice_key)
    _demand_bearer_key("MASHANG_MODEL_KEY", chosen.model_key)
    private_databases(chosen.shop_databases)
    return chosen


def private_databases(written: str) -> frozenset[tuple[str, int]]:
    """Host and port of each database of a shop that may be read in a private network; raises ValueError."""
    return frozenset(_host_and_port(one.strip()) for one in written.split(",") if one.strip())


def _host_and_port(written: str) -> tuple[str, int]:
    parts = urlsplit("//" + written)
    try:
        host, port = parts.hostname, parts.port or 3306
    except ValueError:
        host, port = None, 0
    if not host or " " in host or parts.path or parts.username:
        raise ValueError("MASHANG_SHOP_DATABASES: write it as HOST:PORT, several with commas between")
    return host.lower(), port


def _demand_endpoint(name: str, written: str, form: str) -> None:
    """Not repeated: somebody may have written a key into it."""
    parts = urlsplit(written)
    if written and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password):
        raise ValueError(f"{name}: write it as {form}")


def _demand_bearer_key(name: str, written: str) -> None:
    """Not repeated either; nothing else can stand in a header (RFC 9110 §5.5)."""
    if not _BEARER_KEY.fullmatch(written):
        raise Trouble("setting_key", name=name)


def _demand_database_address(written: str) -> None:
    """Refused in words of our own: the driver's would repeat the password."""
    try:
        conninfo_to_dict(written)
    except psycopg.ProgrammingError:
        raise ValueError("MASHANG_DATABASE_URL: write it as postgresql://USER:PASSWORD@HOST/DATABASE") from None


def _secret(path: Path, given: str | None) -> bytes:
    if given:
        return key(given)
    try:
        return key(path.read_text("ascii").strip())
    except FileNotFoundError:
        value = secrets.token_bytes(32)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value.hex() + "\n")
    return value


def key(text: str) -> bytes:
    """A master key as it is written; raises ValueError."""
    value = bytes.fromhex(text)
    if len(value) != 32:
        raise ValueError("MASHANG_SECRET: 64 hexadecimal digits")
    return value
