"""An article: what the shop knows about one matter, in one or two languages.

Its *facts* (validity, codes, departments, owner, …) hold as soon as they are saved.  Its
*text* is a numbered version: whoever saves writes a new one, and readers see the
published one until somebody publishes again.

Does not: store anything (`editing`), or say how customers ask for it (`wording`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.kit.errors import Invalid, Refusal
from mashang.kit.text import printable
from mashang.knowledge.phrasing import Locale

LONGEST_TITLE = 120
LONGEST_BODY = 20_000  # characters: some forty pages; longer texts are several articles
LOCALES: tuple[Locale, ...] = ("zh-CN", "en")
KEY = r"^[a-z0-9][a-z0-9-]{1,79}$"

Status = Literal["draft", "published", "archived"]
PublicId = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z]+$")]
Key = Annotated[str, Meta(max_length=80, pattern=rf"^$|{KEY}")]
Code = Annotated[str, Meta(min_length=2, max_length=20, pattern=r"^[A-Z0-9]+$")]


class ArticleMoved(Refusal):
    """Somebody else has changed it since it was read: `version`, `by`."""

    status, code = 409, "article_moved"


class ArticleTooLong(Refusal):
    """A text is longer than it may be: `field` (title, body), `language`, `length`, `limit`."""

    status, code = 422, "article_too_long"


class ArticleNotWhole(Refusal):
    """What is published has a title and a text in each language it is written in: `field`, `language`."""

    status, code = 422, "article_not_whole"


class KeyTaken(Refusal):
    """Another article has this key: `key`, `title`."""

    status, code = 409, "article_key_taken"


class ArticleArchived(Refusal):
    """It is out of use: `title`."""

    status, code = 409, "article_archived"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A title and a body in Markdown, in one language."""

    title: str = ""
    body: str = ""


class ArticleDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody writes about an article.

    `key` empty: made from the title, or as it was; `category`, `owner` and `departments` are public ids, `codes` topic
    codes; `playbook` answers in its place; with `procedure_only` it never gets more than a procedure by itself.
    """

    key: Key = ""
    category: PublicId | None = None
    texts: dict[Locale, Text]
    valid_from: Annotated[datetime, Meta(tz=True)] | None = None
    valid_until: Annotated[datetime, Meta(tz=True)] | None = None
    owner: PublicId | None = None
    review_on: date | None = None
    codes: Annotated[list[Code], Meta(max_length=50)] = []
    departments: Annotated[list[PublicId], Meta(max_length=200)] = []
    playbook: Annotated[str, Meta(min_length=2, max_length=80, pattern=KEY)] | None = None
    procedure_only: bool = False


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article as it is kept; `id` is the row number and stays inside, `texts` are the newest.

    `merged_into`: of an archived one, the article (public id) that says now what it said.
    """

    id: int
    public_id: str
    key: str
    status: Status
    draft_version: int
    published_version: int | None
    version: int
    category: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    owner: str | None
    review_on: date | None
    codes: tuple[str, ...]
    departments: tuple[str, ...]
    playbook: str | None
    procedure_only: bool
    merged_into: str | None
    changed_at: datetime
    changed_by: str | None
    texts: dict[Locale, Text]

    @property
    def title(self) -> str:
        """What it is called among the staff."""
        return next((self.texts[one].title for one in LOCALES if one in self.texts and self.texts[one].title), self.key)


def cleaned(texts: Mapping[Locale, Text]) -> dict[Locale, Text]:
    """As it is stored: languages without a word left out; raises ArticleTooLong, Invalid when none is left."""
    kept = {locale: _clean(locale, texts[locale]) for locale in LOCALES if locale in texts}
    kept = {locale: text for locale, text in kept.items() if text.title or text.body}
    if not any(text.title for text in kept.values()):
        raise Invalid(field="title", reason="missing")
    return kept


def _clean(locale: Locale, text: Text) -> Text:
    title = " ".join(printable(text.title.replace("\t", " ").replace("\n", " ")).split())
    body = printable(text.body.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    body = body if body.strip() else ""
    for field, value, limit in (("title", title, LONGEST_TITLE), ("body", body, LONGEST_BODY)):
        if len(value) > limit:
            raise ArticleTooLong(field=field, language=locale, length=len(value), limit=limit)
    return Text(title, body)


def demand_whole(texts: Mapping[Locale, Text]) -> None:
    """Raise ArticleNotWhole unless each language has a title and a body."""
    for locale, text in texts.items():
        for field in ("title", "body"):
            if not getattr(text, field).strip():
                raise ArticleNotWhole(field=field, language=locale)


def demand_sense(draft: ArticleDraft) -> None:
    """Raise Invalid for a validity that ends before it begins."""
    if draft.valid_from and draft.valid_until and draft.valid_from >= draft.valid_until:
        raise Invalid(field="valid_until", reason="order")


def shown(article: Article) -> dict[str, Any]:
    """The facts for the audit; the texts stay readable as versions."""
    facts = (
        "key", "status", "category", "valid_from", "valid_until", "owner", "review_on", "codes", "departments",
        "playbook", "procedure_only", "merged_into",
    )  # fmt: skip
    told = {name: getattr(article, name) for name in facts}
    return {**told, "title": article.title, "text": article.draft_version, "published": article.published_version}
