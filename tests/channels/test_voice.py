"""What customers say: relayed to the one configured endpoint, told back as text, and kept nowhere.

The endpoint is a small server of the test's own that reads the real form and answers the real JSON.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from mashang.channels.web import voice
from mashang.kit import settings as settings_of
from mashang.kit.settings import Settings
from mashang.staff.voice import ways
from tests.channels.conftest import Page, Served
from tests.scene import PASSWORD
from tests.transcribing import Endpoint, transcribing

WEBM = b"\x1a\x45\xdf\xa3" + b"opus" * 200
OTHERS = {
    "audio/ogg": b"OggS" + b"\0" * 200,
    "audio/mp4": b"\0\0\0\x20ftypM4A " + b"\0" * 200,
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 200,
}


@pytest.fixture(autouse=True)
def patient() -> None:
    """Each test has all of its limits."""
    for limit in (voice._theirs, voice._from_here, voice._in_all):
        limit.forget()


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with transcribing() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, endpoint: Endpoint) -> Settings:
    return msgspec.structs.replace(
        settings, voice_url=endpoint.url, voice_model="hears-chinese", voice_key="k-secret-1", voice_timeout=1.0
    )


async def _speak(page: Page, sound: bytes = WEBM, **headers: str) -> httpx.Response:
    return await page.http.post("/voice", files={"file": ("whatever.exe", sound, "text/plain")}, headers=headers)


async def _code(page: Page, sound: bytes = WEBM) -> Any:
    return (await _speak(page, sound)).json().get("code")


def _files(folder: Path) -> Iterator[bytes]:
    return (each.read_bytes() for each in folder.rglob("*") if each.is_file())


async def test_what_was_said_comes_back_as_text_and_nothing_of_it_is_kept(
    served: Served, endpoint: Endpoint, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    page = await served.visitor()
    assert page.session["voice"] == ["recording"]
    heard = [(await _speak(page, sound)).json() for sound in (WEBM, *OTHERS.values())]
    english = await _speak(page, **{"accept-language": "en"})
    assert heard == [{"text": "查单"}] * 4
    assert english.status_code == 200
    assert [form["file"][0] for form in endpoint.forms] == ["audio/webm", *OTHERS, "audio/webm"]
    first, last = endpoint.forms[0], endpoint.forms[-1]
    assert first["file"][1] == WEBM
    assert (first["model"][1], first["language"][1], last["language"][1]) == (b"hears-chinese", b"zh", b"en")
    assert "CZ 充值问题" in first["prompt"][1].decode()
    assert set(endpoint.keys) == {"Bearer k-secret-1"}
    assert not any(b"opusopus" in kept for kept in _files(settings.home))
    logged = "".join(capfd.readouterr())
    assert "查单" not in logged
    assert "k-secret-1" not in logged


async def test_whatever_the_endpoint_does_ends_in_one_sentence(served: Served, endpoint: Endpoint) -> None:
    page = await served.visitor()
    for body, status, kind in (
        ("no", 500, "text/plain"),
        ("<html>login</html>", 200, "text/html"),
        ('{"words": "x"}', 200, "application/json"),
        ('{"text": 7}', 200, "application/json"),
        (b"\xff\xfe{", 200, "application/json"),
        ('{"text": "' + "啊" * 4_000_000 + '"}', 200, "application/json"),
        ("", 302, "text/plain"),
    ):
        endpoint.says(body, status, kind)
        answer = await _speak(page)
        assert (answer.status_code, answer.json()["code"]) == (503, "not_transcribed"), (body[:20], status)
        assert "还在" in answer.json()["message"]
    endpoint.stuck = True
    assert await _code(page) == "not_transcribed"
    endpoint.says('{"text": " \\u202e 充值\\u0000 "}')
    voice._theirs.forget()
    assert (await _speak(page)).json() == {"text": "充值"}
    endpoint.says('{"text": ""}')
    assert (await _speak(page)).json() == {"text": ""}


@pytest.mark.usefixtures("no_refill")
async def test_only_short_recordings_of_a_customer_who_is_welcome_leave_the_house(
    served: Served, endpoint: Endpoint
) -> None:
    page = await served.visitor()
    assert await _code(page, b"") == "not_sound"
    assert await _code(page, b"MZ" + b"\0" * 500) == "not_sound"
    assert await _code(page, WEBM + b"\0" * voice.LARGEST) == "too_large"
    assert (await page.http.post("/voice", files={"sound": ("a", WEBM)})).json()["code"] == "invalid"
    stranger = served.client("/api/v1/customer")
    assert (await stranger.post("/voice", files={"file": ("a", WEBM)})).json()["code"] == "not_signed_in"
    assert endpoint.forms == []
    told = [await _code(page) for _ in range(12)]
    assert told[0] is None
    assert told[-1] == "too_many"
    assert len(endpoint.forms) < 12


async def _ways(served: Served, settings: Settings) -> list[str]:
    async with served.database.transaction() as tx:
        return list(await ways(tx, settings))


async def test_without_an_endpoint_and_the_operators_word_there_is_no_voice(served: Served, endpoint: Endpoint) -> None:
    async with served.database.transaction() as tx:
        await tx.run("update agent set role = 'operator' where login = 'xiaomei'")
    desk = await served.agent()
    before = (await desk.http.get("/admin/voice")).json()
    assert await _ways(served, msgspec.structs.replace(served.settings, voice_url="")) == []
    assert before == {"recogniser": False, "host": endpoint.url.split("/")[2], "model": "hears-chinese"}
    assert (await desk.http.put("/admin/voice", json={"recogniser": True})).json()["recogniser"]
    assert (await served.visitor()).session["voice"] == ["recogniser", "recording"]
    look = (await served.client().get("/widget-look")).json()
    assert look["voice"] is True
    audit = (await desk.http.get("/admin/audit")).text
    assert "voice.set" in audit
    assert "k-secret-1" not in audit + str(before)
    assert PASSWORD not in audit


@pytest.mark.parametrize("url", ["voice.example/v1", "ftp://voice.example/v1", "https://me:pass@voice.example/v1"])
def test_an_address_that_is_none_is_refused_when_the_server_starts(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MASHANG_VOICE_URL") as refused:
        settings_of.load({"MASHANG_VOICE_URL": url}, home=tmp_path)
    assert "pass" not in str(refused.value)
