"""The web servers of docs/operating/https.md in front of the product, started with just what stands there.

The test puts only the place in: ports, the certificate it makes, and our address.  Clients come from loopback addresses
of their own, so that the address that is believed tells who was asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
import websockets

from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests import scene
from tests.channels.conftest import Socket, running
from tests.running import ROOT, free_port
from tests.scene import PASSWORD

HOST, CUSTOMER, SPOOFED = "cs.example.com", "127.0.0.5", "203.0.113.77"
_PIECE = 64 * 1024
TAKEN, TOO_MUCH = 10 * 1024 * 1024, 12 * 1024 * 1024
PROGRAMS = {"nginx": shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"), "Caddy": shutil.which("caddy")}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other loopback addresses must be set up elsewhere")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Certificate and key of our host, signed by itself."""
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths


def documented(server: str, document: str = "https.md") -> str:
    """The configuration that the document gives for it."""
    found = re.search(rf"## {server}\n\n```\w*\n(.*?)```", (ROOT / "docs/operating" / document).read_text(), re.DOTALL)
    assert found
    return found[1]


def nginx(port: int, upstream: str, certificate: tuple[Path, Path], folder: Path) -> list[str]:
    """Its command, with the documented blocks in a whole configuration."""
    text = documented("nginx").replace("127.0.0.1:8700", upstream)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace(
        "listen 80", f"listen 127.0.0.1:{free_port()}"
    )
    text = re.sub(r"/etc/letsencrypt/\S+/fullchain.pem", str(certificate[0]), text)
    text = re.sub(r"/etc/letsencrypt/\S+/privkey.pem", str(certificate[1]), text)
    kept = "".join(
        f"{what}_temp_path {folder}/{what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; {user} events {{}}\n"
        f"http {{ access_log off; {kept}\n{text}\n}}"
    )
    return [str(PROGRAMS["nginx"]), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def caddy(port: int, upstream: str, certificate: tuple[Path, Path], folder: Path) -> list[str]:
    """Its command; the certificate is given where it would fetch one."""
    text = documented("Caddy").replace("127.0.0.1:8700", upstream)
    text = text.replace(f"{HOST} {{", f"{HOST} {{\n\tbind 127.0.0.1\n\ttls {certificate[0]} {certificate[1]}", 1)
    options = f"{{\n\tadmin off\n\thttps_port {port}\n\thttp_port {free_port()}\n\tstorage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(options + text)
    return [str(PROGRAMS["Caddy"]), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


class Front:
    """A web server in front of the product, and how one comes to it: from an address of one's own."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.port, self.trust = port, ssl.create_default_context(cafile=certificate)
        self.url = f"https://{HOST}:{port}"

    def client(self, address: str = CUSTOMER, **headers: str) -> httpx.AsyncClient:
        """A browser at that address; it finds the host here."""
        transport = httpx.AsyncHTTPTransport(local_address=address, verify=self.trust)
        at_home = transport.handle_async_request

        async def named(request: httpx.Request) -> httpx.Response:
            url = request.url.copy_with(host="127.0.0.1")
            more = {**request.extensions, "sni_hostname": HOST}
            return await at_home(
                httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=more)
            )

        transport.handle_async_request = named  # type: ignore[method-assign]  # as a name server would
        return httpx.AsyncClient(base_url=self.url, transport=transport, headers=headers, timeout=30)

    async def pours(self, size: int, path: str, authorization: str) -> bytes:
        """The status that a body of this size gets, at the latest when all of it is sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trust, server_hostname=HOST)
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: {authorization}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {size}\r\n\r\n".encode()
        )

        async def pour() -> None:
            with contextlib.suppress(ConnectionError):
                for _ in range(size // _PIECE):
                    writer.write(b"x" * _PIECE)
                    await writer.drain()

        pouring = asyncio.ensure_future(pour())
        async with asyncio.timeout(30):
            status = (await reader.readline()).split()[1]
        pouring.cancel()
        writer.close()
        return status

    async def answers(self, process: asyncio.subprocess.Process) -> None:
        """Wait until it listens; tell what it said when it ended instead."""
        while True:
            assert process.returncode is None, process.stderr and (await process.stderr.read()).decode()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return


@asynccontextmanager
async def behind(server: str, settings: Settings, certificate: tuple[Path, Path], public: str) -> AsyncIterator[Front]:
    """The product behind that web server, believing it alone; `public` as the settings name our address."""
    port = free_port()
    front = Front(port, certificate[0])
    named = msgspec.structs.replace(settings, public_url=public and front.url, trusted_proxies="127.0.0.1")
    folder = certificate[0].parent / ids.public_id()
    folder.mkdir()
    async with running(named) as url:
        command = {"nginx": nginx, "Caddy": caddy}[server](port, urlsplit(url).netloc, certificate, folder)
        environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE, env=environment)
        try:
            async with asyncio.timeout(30):
                await front.answers(process)
            yield front
        finally:
            process.terminate()
            await process.communicate()


@pytest.fixture(params=PROGRAMS)
def server(request: pytest.FixtureRequest) -> str:
    """Each that the document shows, where it is on the machine."""
    name = str(request.param)
    if not PROGRAMS[name] or not shutil.which("openssl"):
        pytest.skip(f"no {name} here")
    return name


async def test_behind_it_everything_passes_and_nobody_says_who_they_are_themselves(
    server: str, database: Database, settings: Settings, certificate: tuple[Path, Path]
) -> None:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
    async with behind(server, settings, certificate, "yes") as front:
        async with front.client(**{"x-forwarded-for": SPOOFED}) as desk:
            assert "<html" in (await desk.get("/desk")).text
            assert "<html" in (await desk.get("/")).text
            await desk.get("/api/v1/staff/first-run")
            token = {name: value for name, value in desk.cookies.items() if "csrf" in name}
            answer = await desk.post(
                "/api/v1/staff/sign-in",
                json={"login": "xiaomei", "password": PASSWORD},
                headers={"x-csrf-token": next(iter(token.values()))},
            )
            assert answer.status_code == 200, answer.text
            assert re.search(r"__Host-mashang_staff=.*Secure", "\n".join(answer.headers.get_list("set-cookie")))
        async with front.client() as page:
            began = (await page.post("/api/v1/customer/sessions", json={"site": stage.site.public_id})).json()
            page.headers["authorization"] = f"Bearer {began['session']}"
            opened = await page.post("/api/v1/customer/conversations", json={"opening_key": ids.public_id()})
            files = f"/api/v1/customer/conversations/{opened.json()['id']}/files"
            sent = await page.post(files, files={"file": ("log.txt", "x" * TAKEN)})
            assert sent.status_code == 201, sent.text
            assert await front.pours(TOO_MUCH, files, page.headers["authorization"]) == b"413"
        async with websockets.connect(
            front.url.replace("https", "wss") + "/live/customer",
            host="127.0.0.1", port=front.port, ssl=front.trust, server_hostname=HOST, compression=None,
        ) as connection:  # fmt: skip
            socket = Socket(connection)
            await socket.send("hello", session=began["session"], watch=[])
            await socket.frame("welcome")
    async with database.transaction() as tx:
        assert await tx.value("select address from staff_session") == CUSTOMER


async def test_the_scheme_is_believed_from_the_proxy_and_from_nobody_else(
    server: str, database: Database, settings: Settings, certificate: tuple[Path, Path]
) -> None:
    async with database.transaction() as tx:
        boss = await scene.an_agent(tx, "boss", "店长", role="operator")
    liar = {"x-forwarded-proto": "http", "x-forwarded-host": "evil.example"}
    async with behind(server, settings, certificate, "") as front, front.client(**liar) as desk:
        assert (await _address(desk)).startswith(f"https://{HOST}")
    named = msgspec.structs.replace(settings, trusted_proxies="127.0.0.1")
    async with (
        running(named) as url,
        httpx.AsyncClient(
            base_url=url,
            transport=httpx.AsyncHTTPTransport(local_address=CUSTOMER),
            headers={"x-forwarded-proto": "https", "x-forwarded-for": SPOOFED},
        ) as direct,
    ):
        assert (await _address(direct)) == url
    async with database.transaction() as tx:
        seen = await tx.all("select address from staff_session where agent_id = %s order by created_at", (boss.id,))
    assert [row["address"] for row in seen] == [CUSTOMER, CUSTOMER]


async def _address(desk: httpx.AsyncClient) -> str:
    """Where the product believes to be, as the first-run guide tells it."""
    await desk.get("/api/v1/staff/first-run")
    csrf = {"x-csrf-token": desk.cookies["mashang_csrf"]}
    answer = await desk.post("/api/v1/staff/sign-in", json={"login": "boss", "password": PASSWORD}, headers=csrf)
    assert answer.status_code == 200, answer.text
    return str((await desk.get("/api/v1/admin/start")).json()["address"])


@pytest.mark.parametrize("server", PROGRAMS)
def test_both_languages_show_the_same_configuration(server: str) -> None:
    def without_comments(text: str) -> str:
        return re.sub(r" *#.*", "", text)

    assert without_comments(documented(server)) == without_comments(documented(server, "https.zh-CN.md"))
