"""A mirror of both registries, with one tiny package in each: it keeps what it was asked.

It is also the proxy through which anything else would be reached.  Whoever asks another host is refused here, and
noted: no test needs the internet to see that it would have been asked.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def wheel(version: str) -> bytes:
    """tiny==VERSION for Python."""
    out, about = io.BytesIO(), f"tiny-{version}.dist-info"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("tiny.py", f"version = {version!r}\n")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return out.getvalue()


def tarball() -> bytes:
    """tiny-page@1.0.0 for Node."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        content = json.dumps({"name": "tiny-page", "version": "1.0.0"}).encode()
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def integrity(data: bytes) -> str:
    """As npm's lock file writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


@dataclass
class Mirror:
    """What it has, by path; what it was asked; and which other hosts were asked for."""

    url: str = ""
    shelf: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def stock(self, python: bytes, node: bytes) -> None:
        """Put both packages on the shelf, as the two kinds of registries have them."""
        name, archive = "tiny-1.0-py3-none-any.whl", f"{self.url}/npm/tiny-page/-/tiny-page-1.0.0.tgz"
        dist = {"tarball": archive, "integrity": integrity(node)}
        about = {
            "name": "tiny-page",
            "dist-tags": {"latest": "1.0.0"},
            "versions": {"1.0.0": {"name": "tiny-page", "version": "1.0.0", "dist": dist}},
        }
        self.shelf = {
            "/simple/tiny/": ("text/html", f'<a href="/wheels/{name}">{name}</a>'.encode()),
            f"/wheels/{name}": ("application/zip", python),
            "/npm/tiny-page": ("application/json", json.dumps(about).encode()),
            archive.removeprefix(self.url): ("application/gzip", node),
        }


@contextmanager
def mirror() -> Iterator[Mirror]:
    """A mirror for the length of the block."""
    made = Mirror()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("http"):  # as to a proxy
                self._refuse()
                return
            made.asked.append(self.path)
            kind, body = made.shelf.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_CONNECT(self) -> None:
            self._refuse()

        def _refuse(self) -> None:
            made.elsewhere.append(self.path)
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            """Said nowhere: `asked` has it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
