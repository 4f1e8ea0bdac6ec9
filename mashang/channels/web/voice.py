"""What a customer says, as text: a short recording goes to the configured endpoint and is forgotten.

The endpoint speaks the OpenAI form of transcription: a multipart form to `…/v1/audio/transcriptions`, an answer
`{"text": …}`.  Only that one address is ever asked, redirects are not followed, and because whoever runs the server
named it, it may stand in a private network.

Nothing is stored, and neither the sound nor the words are logged.  The text goes back to the page, into the box, where
the customer reads and changes it; it becomes a message only when they send it, and is masked then like any other.

An endpoint that is slow, fails, lies about the type, or answers with ten megabytes ends in one sentence for the
customer and one line in the log.

Does not: decode sound.  A recording is cut after 30 seconds by the page, and after two megabytes here.
"""

from __future__ import annotations

import asyncio

import httpx
import msgspec
from litestar import post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody

from mashang import codes
from mashang.channels.web import door
from mashang.customers import Session, blocks
from mashang.customers.blocks import CustomerBlocked
from mashang.kit import http
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotSignedIn, Refusal, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.log import log
from mashang.kit.settings import Settings
from mashang.kit.text import printable

LARGEST = 2 * 1024 * 1024
_ANSWER_LIMIT = 64 * 1024
_LONGEST_TEXT = 1000
_MOST_HINTS = 40
_AT_ONCE = 8  # recordings of this process under way

# Somebody pays for every recording: by customer, by the addresses they come from, and in all.
_theirs = Limiter(0.1, 10)
_from_here = Limiter(0.5, 40)
_in_all = Limiter(2, 60)


class VoiceOff(Refusal):
    """No endpoint for recordings is configured."""

    status, code = 404, "voice_off"


class NotSound(Refusal):
    """What was sent is no recording of a kind that browsers make."""

    status, code = 415, "not_sound"


class NotTranscribed(Refusal):
    """The endpoint did not answer with a text in time; trying again or typing helps."""

    status, code = 503, "not_transcribed"


class Heard(msgspec.Struct, frozen=True):
    """What was understood; empty when nobody spoke, or nothing could be made of it."""

    text: str


class _Answer(msgspec.Struct):
    text: str


class Transcriber:
    """How this process reaches the endpoint, if there is one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: httpx.AsyncClient | None = None
        self._busy = 0

    async def close(self) -> None:
        """Let the connections go."""
        if self._client:
            await self._client.aclose()

    async def transcribe(self, sound: bytes, kind: str, language: str, hint: str) -> str:
        """The words in a recording; raises NotTranscribed, TooMany."""
        if self._busy >= _AT_ONCE:
            raise TooMany(retry_after=2)
        self._busy += 1
        try:
            async with asyncio.timeout(self._settings.voice_timeout):
                return await self._asked(sound, kind, language, hint)
        except TimeoutError:
            reason = "timed_out"
        except http.BodyTooLarge:
            reason = "too_large"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = type(error).__name__
        except (msgspec.DecodeError, UnicodeDecodeError):
            reason = "malformed"
        finally:
            self._busy -= 1
        log.warning("voice_not_transcribed", reason=reason)
        raise NotTranscribed

    async def _asked(self, sound: bytes, kind: str, language: str, hint: str) -> str:
        self._client = self._client or http.client(_permitted)
        key = self._settings.voice_key
        async with self._client.stream(
            "POST",
            self._settings.voice_url,
            files={"file": (f"voice.{_ENDINGS[kind]}", sound, kind)},
            data={
                "model": self._settings.voice_model,
                "language": language,
                "response_format": "json",
                "prompt": hint,
            },
            headers={"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})},
            timeout=self._settings.voice_timeout,
        ) as response:
            if response.status_code != 200:
                raise httpx.HTTPStatusError(str(response.status_code), request=response.request, response=response)
            body = await http.read_limited(response, _ANSWER_LIMIT)
        return msgspec.json.decode(body, type=_Answer).text


def _permitted(_address: http.Address, _port: int) -> bool:
    """The one address this client is ever given was named by whoever runs the server."""
    return True


@post(
    "/voice",
    status_code=200,
    responses=refusals(NotSignedIn, CustomerBlocked, VoiceOff, NotSound, NotTranscribed, TooLarge, TooMany, Invalid),
)
async def hear(
    request: Asking,
    *,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    transcriber: NamedDependency[Transcriber],
    session: NamedDependency[Session],
    data: MultipartBody[dict[str, UploadFile]],
) -> Heard:
    """Words for a recording of at most 30 seconds and 2 MB; nothing of it is kept."""
    blocks.demand_welcome(session.customer)
    if not settings.voice_url:
        raise VoiceOff
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid(field="file", reason="missing")
    sound = await file.read(LARGEST + 1)
    if len(sound) > LARGEST:
        raise TooLarge(limit=LARGEST)
    kind = kind_of(sound)
    if kind is None:
        raise NotSound
    _theirs.take(str(session.customer.id))
    _from_here.take(door.address_of(request))
    _in_all.take("")
    locale = locale_of(request)
    async with db.transaction() as tx:
        topics = await codes.buttons(tx, locale)
    hint = " ".join(f"{topic.code} {topic.name}" for topic in topics[:_MOST_HINTS])
    text = await transcriber.transcribe(sound, kind, "en" if locale == "en" else "zh", hint)
    return Heard(printable(text).strip()[:_LONGEST_TEXT])


_ENDINGS = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "mp4", "audio/wav": "wav"}


def kind_of(sound: bytes) -> str | None:
    """The kind of recording by its first bytes, whatever it was said to be; None for anything else."""
    if sound.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    if sound.startswith(b"OggS"):
        return "audio/ogg"
    if sound[4:8] == b"ftyp":
        return "audio/mp4"
    if sound.startswith(b"RIFF") and sound[8:12] == b"WAVE":
        return "audio/wav"
    return None
