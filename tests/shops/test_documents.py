"""The samples that integrators copy do what they say: each is run, and what it makes is verified."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from mashang.kit import clock, ids
from mashang.shops import signing
from mashang.shops.site import SiteKeys, verify_token
from tests.running import ROOT

DOCS = ROOT / "docs/integrating"
SECRET, KID, SITE = ids.secret(), "k1", "SITE"
NAME = '小"林\\'

CALLS = {
    "python": ("python3", "token.py", "{sample}\nprint(mashang_token({args}))"),
    "node": ("node", "token.cjs", "{sample}\nconsole.log(mashangToken({args}))"),
    "php": ("php", "token.php", "<?php\n{sample}\necho mashang_token({args});"),
    "java": (
        "java",
        "Main.java",
        (
            "{imports}\npublic class Main {{ public static void main(String[] a) throws Exception {{"
            " System.out.println(MashangToken.of({args})); }} }}\n{body}"
        ),
    ),
}


def sample(document: str, language: str) -> str:
    """The sample that the document marks."""
    text = (DOCS / document).read_text("utf-8")
    found = re.search(rf"<!-- sample: {language} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("language", CALLS)
def test_a_sample_token_proves_its_customer(language: str, tmp_path: Path) -> None:
    program, file, template = CALLS[language]
    if not shutil.which(program):
        pytest.skip(f"no {program} here")
    code = sample("tokens.md", language)
    imports, _, body = code.rpartition("import ")
    more, _, body = body.partition("\n")
    args = ", ".join(
        '"{}"'.format(one.replace("\\", "\\\\").replace('"', '\\"')) for one in (SITE, KID, SECRET, "c-1", NAME, "VIP")
    )
    source = template.format(sample=code, args=args, imports=f"{imports}import {more}", body=body)
    (tmp_path / file).write_text(source, "utf-8")
    flags = ["-Dfile.encoding=UTF-8"] if language == "java" else []
    made = subprocess.run(
        [program, *flags, str(tmp_path / file)], capture_output=True, text=True, check=True, timeout=120
    )
    proved = verify_token(SiteKeys(SITE, {KID: SECRET}), made.stdout.strip(), clock.now())
    assert (proved.subject, proved.name, proved.tier) == ("c-1", NAME, "VIP")


README_CALLS = {
    "python": ("token.py", "{sample}\nprint(token({args}, NAME))"),
    "js": ("token.mjs", "{sample}\nconsole.log(token({args}, NAME));"),
    "php": ("token.php", "<?php\n{sample}\necho token({args}, NAME);"),
    "java": (
        "Main.java",
        (
            "import java.security.*; import java.time.*; import java.util.*; import javax.crypto.*;"
            " import javax.crypto.spec.*; import static java.nio.charset.StandardCharsets.UTF_8;\n"
            "public class Main {{ {sample}\npublic static void main(String[] a) throws Exception {{"
            " System.out.println(token({args})); }} }}"
        ),
    ),
}


@pytest.mark.parametrize("language", README_CALLS)
def test_the_short_sample_of_the_front_page_proves_its_customer_too(language: str, tmp_path: Path) -> None:
    program = {"js": "node", "python": "python3"}.get(language, language)
    if not shutil.which(program):
        pytest.skip(f"no {program} here")
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"\n\*\*\w+\*\*[^\n]*\n```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    file, template = README_CALLS[language]
    args = ", ".join(f'"{one}"' for one in (SITE, KID, SECRET, "c-1"))
    source = template.format(sample=found[1], args=args).replace("NAME", '"小林"')
    (tmp_path / file).write_text(source, "utf-8")
    made = subprocess.run([program, str(tmp_path / file)], capture_output=True, text=True, check=True, timeout=120)
    assert verify_token(SiteKeys(SITE, {KID: SECRET}), made.stdout.strip(), clock.now()).subject == "c-1"


def test_the_sample_of_the_connector_signs_and_refuses_as_we_do() -> None:
    told: dict[str, Any] = {}
    exec(sample("connector.md", "python"), told)  # noqa: S102 — the document's own sample
    seen: set[str] = set()

    def is_new(nonce: str) -> bool:
        known = nonce in seen
        seen.add(nonce)
        return not known

    def problem(headers: dict[str, str], body: bytes = b"") -> str | None:
        lower = {name.lower(): value for name, value in headers.items()}
        answer: str | None = told["problem"](lower, "m1", SECRET, "GET", "/c/v1/orders/1?x=y", body, is_new)
        return answer

    ours = signing.headers("m1", SECRET, "GET", "/c/v1/orders/1?x=y", b"", now=clock.now())
    assert problem(ours) is None
    assert problem(ours) == "request_replayed"
    assert problem(ours, b"changed") == "signature_wrong"
    old = signing.headers("m1", SECRET, "GET", "/c/v1/orders/1?x=y", b"", now=clock.now().replace(year=2020))
    assert problem(old) == "request_stale"
    answer = signing.read_answer(told["answer_headers"](SECRET, 200, b"{}", "n" * 20), "n" * 20)
    assert answer
    assert signing.fits(SECRET, "ANSWER", "200", b"{}", answer)
    assert abs(int(answer.timestamp) - time.time()) < 60


def test_the_document_s_example_is_the_right_signature() -> None:
    text = (DOCS / "connector.md").read_text("utf-8")
    value = signing.signature(
        "demo-secret", "POST", "/connector/v1/proofs?x=1", b'{"a":1}', timestamp="1767225600", nonce="abcdefghijklmnop"
    )
    assert value in text
