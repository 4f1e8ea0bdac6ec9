"""An article as it is read: Markdown made into safe HTML for pages, and into plain text for search and chats.

Markdown is CommonMark with tables and ~~struck~~ words.  Whoever writes it may paste anything: what is not on the list
below does not reach the page, and no Markdown is wrong; at worst it is shown as it was typed.  Headings step down, the
page has the `h1`.  Pictures come from our own addresses only, `![words](/help/pictures/PUBLIC_ID)`: of any other
picture its words are shown.

Two things CommonMark does to Chinese are mended: `**注意：**请…` is bold, and a line that ends between two Chinese
characters goes on without a gap.

Does not: store pictures or serve them, or know of versions.  What is longer than an article may be is cut.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LONGEST = 50_000  # characters of an article's body
PICTURES = "/help/pictures/"  # where its pictures are, followed by the public id

_PICTURE = re.compile(re.escape(PICTURES) + "[0-9A-Za-z]{1,32}")
_TAGS = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd",
    "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_UNSAID = re.compile(r"<(script|style)\b", re.IGNORECASE)
_CJK = re.compile("[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60]")


def html(markdown: str) -> str:
    """The article's body as HTML that may stand in any page of ours."""
    parsed = _MARKDOWN.parse(markdown[:LONGEST])
    for token in parsed:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return nh3.clean(
        _MARKDOWN.renderer.render(parsed, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        allowed_classes={"div": {"wide"}},
        tag_attribute_values={"div": {"tabindex": {"0"}}},
        set_tag_attribute_values={"img": {"loading": "lazy"}},
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )


def plain(markdown: str) -> str:
    """The words alone: paragraphs apart, list items marked, the cells of a row in a line, addresses in brackets."""
    lines: list[str] = []
    numbers: list[int | None] = []  # of each list we are in, the next item's
    row: list[str] | None = None
    mark = ""
    for token in _MARKDOWN.parse(markdown[:LONGEST]):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                numbers.append(int(token.attrGet("start") or 1) if token.type[0] == "o" else None)
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                mark, numbers[-1] = _mark(numbers)
            case "tr_open":
                row = []
            case "tr_close":
                lines.append(" | ".join(row or ()))
                row = None
            case "inline":
                (lines if row is None else row).append(mark + _words(token.children or ()))
                mark = ""
            case "fence" | "code_block" | "html_block":
                lines.append(_without_tags(token.content) if token.type == "html_block" else token.content)
        if token.nesting <= 0 and not token.level and token.type != "inline":
            lines.append("")
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", "\n".join(lines)).strip()


def _mark(numbers: Sequence[int | None]) -> tuple[str, int | None]:
    """What stands before an item of the innermost list, and its successor's number."""
    indent, number = "  " * (len(numbers) - 1), numbers[-1]
    return (f"{indent}· ", None) if number is None else (f"{indent}{number}. ", number + 1)


def _words(tokens: Iterable[Token]) -> str:
    said: list[str] = []
    address, since, unsaid = "", 0, False
    for at, token in enumerate(listed := list(tokens)):
        match token.type:
            case "html_inline":
                unsaid = _UNSAID.match(token.content) is not None
            case "text" | "code_inline" | "text_special" | "image" if not unsaid:
                said.append(token.content)
            case "softbreak":
                said.append(_gap(listed, at, " "))
            case "hardbreak":
                said.append("\n")
            case "link_open":
                address, since = str(token.attrGet("href") or ""), len(said)
            case "link_close" if address.startswith("http") and "".join(said[since:]) != address:
                said.append(f" ({address})")
    return "".join(said)


def _without_tags(content: str) -> str:
    return entities.unescape(nh3.clean(content, tags=set()))


def _attribute(tag: str, name: str, value: str) -> str | None:
    return None if tag == "img" and name == "src" and not _PICTURE.fullmatch(value) else value


# ── what is mended for Chinese ──────────────────────────────────────────────


def _emphasis(state: StateInline, silent: bool) -> bool:
    """`*` and `_` as CommonMark reads them, but a Chinese character beside a sign is as good as a space.

    In `**注意：**请` the closing `**` stands between `：` and a letter, which would make it an opening one
    (CommonMark 0.31 §6.2, written for languages with spaces).
    """
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    opens, closes, length = state.scanDelims(state.pos, marker == "*")
    before, after = state.src[: state.pos][-1:], state.src[state.pos + length : state.pos + length + 1]
    if marker == "*":
        opens |= bool(after.strip() and _CJK.match(before))
        closes |= bool(before.strip() and _CJK.match(after))
    for _ in range(length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(Delimiter(ord(marker), length, len(state.tokens) - 1, -1, opens, closes))
    state.pos += length
    return True


def _gap(tokens: Sequence[Token], at: int, gap: str) -> str:
    """What a line's end inside a paragraph is worth."""
    before = next((one.content[-1] for one in reversed(tokens[max(0, at - 4) : at]) if one.content), "")
    after = next((one.content[0] for one in tokens[at + 1 : at + 5] if one.content), "")
    return "" if _CJK.match(before) and _CJK.match(after) else gap


def _soft_break(_renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
    return _gap(tokens, at, "\n")


def _table_open(
    _renderer: RendererHTML, _tokens: Sequence[Token], _at: int, _options: OptionsDict, _env: EnvType
) -> str:
    return '<div class="wide" tabindex="0"><table>\n'  # too wide for a phone, it is moved in its frame, also by keys


def _table_close(
    _renderer: RendererHTML, _tokens: Sequence[Token], _at: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</table></div>\n"


def _made() -> MarkdownIt:
    made = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    made.inline.ruler.at("emphasis", _emphasis)
    for name, rule in (("softbreak", _soft_break), ("table_open", _table_open), ("table_close", _table_close)):
        made.add_render_rule(name, rule)
    return made


_MARKDOWN = _made()
