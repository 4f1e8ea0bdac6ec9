"""Where HTTP begins and ends: refusals become answers, and the API page lists them.

A handler declares what it may refuse with `responses=refusals(CodeUnknown, …)`;
a raised Refusal becomes `{"code", "message", "facts"}` in the reader's language.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import psycopg
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException, PermissionDeniedException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter
from psycopg_pool import PoolTimeout

from mashang.kit import i18n
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, Outage, Refusal, TooLarge, TooMany
from mashang.kit.log import log
from mashang.kit.settings import Settings

Asking = Request[Any, Any, Any]
Id = Annotated[str, PathParameter(pattern=r"^[0-9A-Za-z]{1,32}$", description="public id")]


class RefusalBody(msgspec.Struct):
    """What is wrong: `code` for programs, `message` for the reader, `facts` for both."""

    code: str
    message: str
    facts: dict[str, Any] = {}


def refusals(*kinds: type[Refusal]) -> dict[int, ResponseSpec]:
    """OpenAPI responses for these refusals; several of one status share a line.

    Any route may find that a request is malformed (400) or that a value has not the right form (422).
    """
    by_status: dict[int, list[str]] = {400: [Invalid.code], 422: [Invalid.code]}
    for kind in kinds:
        codes = by_status.setdefault(kind.status, [])
        codes += [kind.code] if kind.code not in codes else []
    return {
        status: ResponseSpec(RefusalBody, generate_examples=False, description=" · ".join(codes))
        for status, codes in by_status.items()
    }


def locale_of(request: Request[Any, Any, Any]) -> str:
    """The reader's language."""
    return i18n.negotiate(request.headers.get("accept-language"))


async def uploaded(upload: UploadFile | None, limit: int) -> bytes:
    """What was uploaded; raises Invalid for a form without a file, TooLarge for more than `limit` bytes."""
    if not isinstance(upload, UploadFile):  # a form's field may be a text of that name
        raise Invalid(field="file", reason="missing")
    try:
        data = await upload.read(limit + 1)
    finally:
        await upload.close()
    if len(data) > limit:
        raise TooLarge(limit=limit)
    return data


def own_origin(request: Asking, settings: Settings) -> str:
    """Where browsers reach us: as configured, else as this request sees it."""
    return settings.public_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"


def body_of(code: str, facts: dict[str, Any], locale: str) -> RefusalBody:
    """A refusal as it is told, for HTTP and sockets alike."""
    return RefusalBody(code, i18n.sentence(code, locale, **facts), facts)


def answer_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[RefusalBody]:
    """A refusal as an HTTP answer."""
    headers = {"Vary": "Accept-Language"}
    if "retry_after" in refusal.facts:
        headers["Retry-After"] = str(refusal.facts["retry_after"])
    body = body_of(refusal.code, refusal.facts, locale_of(request))
    return Response(body, status_code=refusal.status, headers=headers, media_type="application/json")


def answer_outage(request: Request[Any, Any, Any], outage: Outage) -> Response[RefusalBody]:
    """Another system's failure as an HTTP answer."""
    log.warning("outage", system=outage.system, reason=outage.reason)
    body = body_of("outage", {"system": outage.system}, locale_of(request))
    return Response(body, status_code=503, media_type="application/json")


def answer_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[RefusalBody]:
    """The framework's own refusals, in our form."""
    refusal: Refusal
    match error:
        case ValidationException():
            first: Any = (error.extra or [{}])[0] if isinstance(error.extra, list) else {}
            refusal = Invalid(field=str(first.get("key", "")), reason=str(first.get("message", error.detail)))
            refusal.status = 400 if not first else 422  # type: ignore[misc]  # an instance's own status
        case PermissionDeniedException():
            refusal = NotAllowed(reason="csrf" if "CSRF" in str(error.detail) else "")
        case _:
            refusal = _by_status(error)
    return answer_refusal(request, refusal)


def _by_status(error: HTTPException) -> Refusal:
    known: dict[int, type[Refusal]] = {
        401: NotSignedIn,
        403: NotAllowed,
        404: NotFound,
        413: TooLarge,
        429: TooMany,
    }
    kind = known.get(error.status_code)
    refusal = kind() if kind else Refusal(reason=str(error.detail))
    refusal.status = error.status_code  # type: ignore[misc]  # an instance's own status
    return refusal


def answer_too_deep(request: Request[Any, Any, Any], _error: RecursionError) -> Response[RefusalBody]:
    """JSON nested a thousand deep stops the decoder; it is the sender's doing."""
    return answer_refusal(request, Invalid(field="", reason="nested_too_deeply"))


def answer_database_away(request: Request[Any, Any, Any], error: Exception) -> Response[RefusalBody]:
    """The database restarts, or a row stays locked: asking again is safe and will do."""
    log.warning("database_away", path=request.url.path, error=type(error).__name__)
    body = body_of("outage", {"system": "database"}, locale_of(request))
    return Response(body, status_code=503, headers={"Retry-After": "2"}, media_type="application/json")


def answer_bug(request: Request[Any, Any, Any], error: Exception) -> Response[RefusalBody]:
    """Anything else is our bug: a traceback in the log, no detail outside."""
    log.error("bug", path=request.url.path, exc_info=error)
    return Response(body_of("server_error", {}, locale_of(request)), status_code=500, media_type="application/json")


EXCEPTION_HANDLERS: dict[type[Exception] | int, Any] = {
    Refusal: answer_refusal,
    Outage: answer_outage,
    HTTPException: answer_http_exception,
    psycopg.OperationalError: answer_database_away,
    psycopg.InterfaceError: answer_database_away,
    PoolTimeout: answer_database_away,
    RecursionError: answer_too_deep,
    Exception: answer_bug,
}
