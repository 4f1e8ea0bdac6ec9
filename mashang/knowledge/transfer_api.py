"""Knowledge in and out of files, over HTTP: a preview of what a file would do, the import, the export, an example."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody, QueryParameter
from msgspec import UNSET

from mashang.kit import i18n
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals, uploaded
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn, Refusal, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Picture, Pictures, PictureTooLarge, PictureUnreadable
from mashang.kit.storage import Storage
from mashang.knowledge import csv_file, exporting, importing, jsonl_file, markdown_file
from mashang.knowledge import pictures as article_pictures
from mashang.knowledge.encoding import NotText, decoded
from mashang.knowledge.importing import Change, Outcome
from mashang.knowledge.interchange import File, Format, Line, Place, Problem
from mashang.knowledge.playbooks import PlaybookNames
from mashang.staff import Agent, audit, installation
from mashang.staff.permissions import require

_EXAMPLE = Path(__file__).with_name("example.jsonl")
MOST_TOLD = 200  # problems and notes; the rest are counted
_UNSEEN = Picture(b"", b"", "image/png", 1, 1, animated=False)  # in a preview, which undoes its row
_files = Limiter(0.1, 12)  # by agent: previews, imports and exports
_TYPES: dict[Format, tuple[str, str]] = {
    "jsonl": ("jsonl", "application/jsonl"),
    "csv": ("csv", "text/csv"),
    "markdown": ("zip", "application/zip"),
}


class KnowledgeMoved(Refusal):
    """The knowledge changed since the preview: what the file does may be something else now."""

    status, code = 409, "knowledge_moved"


class FileUnknown(Refusal):
    """Neither JSONL nor CSV nor an archive of Markdown files."""

    status, code = 422, "import_unknown_file"


class Told(msgspec.Struct):
    """A problem or a note in words; `file` of an archive."""

    line: int
    file: str
    message: str


class ImportReport(msgspec.Struct):
    """What a file does, or would do.

    With problems it does nothing.  `version` is that of the knowledge it was compared with: an import names it, and
    is refused when it has moved on.
    """

    format: Format
    encoding: str
    version: int
    changes: list[Change]
    problems: list[Told]
    notes: list[Told]
    more: int
    done: bool


class ExportDraft(msgspec.Struct, forbid_unknown_fields=True):
    """In which form."""

    format: Format


class _UndoneError(Exception):
    """Carries what was found out of a transaction that is not to happen."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@post(
    "/import",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, TooLarge, FileUnknown, KnowledgeMoved, TooMany, Invalid),
)
async def import_knowledge(
    request: Asking,
    *,
    db: NamedDependency[Database],
    playbook_names: NamedDependency[PlaybookNames],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    agent: NamedDependency[Agent],
    data: MultipartBody[dict[str, UploadFile]],
    publish: Annotated[bool, QueryParameter(description="also what the file does not say is published")] = False,
    seen: Annotated[
        int | None, QueryParameter(ge=1, description="version of the preview; without it this is one")
    ] = None,
) -> ImportReport:
    """Compare a file with the knowledge; with the version of that preview, take it: all of it or nothing."""
    require(agent, "knowledge.edit")
    _files.take(str(agent.id))
    upload = data.get("file")
    file = await _read(db, upload.filename if upload else "", await uploaded(upload, storage.limit))
    ready = dict.fromkeys(file.pictures, ("", _UNSEEN)) if seen is None else await _prepared(db, pictures, agent, file)
    version, outcome = await _run(db, agent, file, ready, playbook_names, publish=publish, seen=seen)
    done = seen is not None and not outcome.problems
    for key, picture in ready.values() if done else ():
        await storage.put(key, picture.data)  # the rows first: a crash here leaves one without a file, not the reverse
    return _report(file, version, outcome, locale_of(request), done=done)


@post("/export", status_code=200, responses=refusals(NotSignedIn, NotAllowed, TooMany))
async def export_knowledge(
    request: Asking,
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    agent: NamedDependency[Agent],
    data: JSONBody[ExportDraft],
) -> Response[bytes]:
    """All articles that are not archived, as a file that an import takes."""
    require(agent, "knowledge.edit")
    _files.take(str(agent.id))
    async with db.transaction() as tx:
        lines = await exporting.lines(tx)
        shown = await exporting.pictures_of(tx, storage, lines) if data.format == "markdown" else {}
        await audit.record(tx, agent, "knowledge.exported", data.format, after={"articles": len(lines)})
    return await _as_file("knowledge", data.format, lines, shown, locale_of(request))


@post("/example", status_code=200, responses=refusals(NotSignedIn, NotAllowed))
async def show_example(request: Asking, agent: NamedDependency[Agent], data: JSONBody[ExportDraft]) -> Response[bytes]:
    """Two articles as a file that an import takes as it is, to see how one is written."""
    require(agent, "knowledge.edit")
    lines = [line for _, line in jsonl_file.read(_EXAMPLE.read_text("utf-8"), "UTF-8").lines]
    return await _as_file("example", data.format, lines, {}, locale_of(request))


async def _as_file(
    name: str, form: Format, lines: Sequence[Line], shown: Mapping[str, tuple[str, bytes]], locale: str
) -> Response[bytes]:
    extension, media_type = _TYPES[form]
    if form == "markdown":
        content = await asyncio.to_thread(markdown_file.write, lines, shown)
    elif form == "csv":
        content = csv_file.write(lines, locale)
    else:
        content = jsonl_file.write(lines)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{extension}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


async def _read(db: Database, name: str, data: bytes) -> File:
    """Raises FileUnknown."""
    kind = name.rpartition(".")[2].lower()
    if data.startswith(b"PK") or kind == "zip":
        return await asyncio.to_thread(markdown_file.read, data)
    if kind not in {"csv", "tsv", "txt", "jsonl", "ndjson", "json"}:
        raise FileUnknown(name=name[:80])
    is_table = kind in {"csv", "tsv"} or (kind == "txt" and not data.lstrip().startswith(b"{"))
    try:
        text, encoding = decoded(data)
    except NotText as wrong:
        file = File("csv" if is_table else "jsonl", "")
        file.wrong(Place(wrong.line), "import_encoding")
        return file
    if not is_table:
        return await asyncio.to_thread(jsonl_file.read, text, encoding)
    async with db.transaction() as tx:
        zone = await installation.zone(tx)
    return await asyncio.to_thread(csv_file.read, text, encoding, zone)


async def _prepared(db: Database, pictures: Pictures, agent: Agent, file: File) -> dict[str, tuple[str, Picture]]:
    """The pictures that texts show and nobody has yet, written anew, and the keys they will lie under."""
    bodies = [body for _, line in file.lines if line.body is not UNSET for body in line.body.values()]
    shown = {name for body in bodies for name in markdown_file.linked(body)} & file.pictures.keys()
    async with db.transaction() as tx:
        ours = {one.public_id for one in await article_pictures.among(tx, [name.partition(".")[0] for name in shown])}
    ready: dict[str, tuple[str, Picture]] = {}
    for name in sorted(shown):
        try:
            if name.partition(".")[0] not in ours:
                picture = await pictures.prepare(file.pictures[name], who=f"agent {agent.id}")
                ready[name] = (Storage.new_key(), picture)
        except (PictureUnreadable, PictureTooLarge) as refusal:
            file.wrong(Place(1, f"pictures/{name}"), refusal.code, **refusal.facts)
    return ready


async def _run(
    db: Database,
    agent: Agent,
    file: File,
    ready: Mapping[str, tuple[str, Picture]],
    playbook_names: PlaybookNames,
    *,
    publish: bool,
    seen: int | None,
) -> tuple[int, Outcome]:
    """The version of the knowledge before, and what came of it; undone when it is a preview or has a problem."""
    version = 0
    try:
        async with db.transaction() as tx:
            version = await tx.value("select version from knowledge_state for update")
            if seen is not None and seen != version:
                raise KnowledgeMoved
            outcome = await importing.run(tx, agent, file, ready, playbook_names, publish=publish)
            if seen is None or outcome.problems:
                raise _UndoneError(outcome)
    except _UndoneError as undone:
        return version, undone.outcome
    return version, outcome


def _report(file: File, version: int, outcome: Outcome, locale: str, *, done: bool) -> ImportReport:
    told = [[_told(one, locale) for one in _in_order(some)[:MOST_TOLD]] for some in (outcome.problems, outcome.notes)]
    more = max(0, len(outcome.problems) - MOST_TOLD) + max(0, len(outcome.notes) - MOST_TOLD)
    return ImportReport(file.format, file.encoding, version, outcome.changes, told[0], told[1], more, done)


def _in_order(problems: list[Problem]) -> list[Problem]:
    """As they stand in the file, whichever check found them."""
    return sorted(problems, key=lambda one: (one.place.file, one.place.line))


def _told(problem: Problem, locale: str) -> Told:
    """In words; a field is called as the column of a table is."""
    facts, code = dict(problem.facts), problem.code
    if (field := facts.get("field")) in csv_file.COLUMNS:
        facts["field"] = csv_file.heading(field, locale)
    if (code, field) == ("import_field", "key"):
        code = "import_key"  # the one that is there to be missing
    return Told(problem.place.line, problem.place.file, i18n.sentence(code, locale, **facts))


UPLOAD_ROUTES = [import_knowledge]
ROUTES = [export_knowledge, show_example]
