"""An evening in the demo with the assistant: what it is told, how it answers, and what becomes of that.

`knows` leaves a row in every table of the knowledge and the assistant, over HTTP as people would; `still_knows` looks
for all of it, as people would too.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import httpx
from PIL import Image

from mashang.kit import ids
from tests.bot.diagnosing import WHOLE
from tests.running import Product
from tests.upgrade.morning import Person, Staff, Visitor

ARTICLE, TITLE, CODE = "striped-horse", "斑马会员怎么开通", "BM"
ASKED, UNASKED, ADDED, SEARCHED = "斑马会员点哪里开", "我要当斑马", "斑马卡怎么弄", "怎么养猫"
_KNOWLEDGE = "/desk/knowledge/articles"
_PATIENCE = 100.0  # seconds: gaps are gathered once a minute


def knows(product: Product) -> None:
    """An article with a picture, versions and wordings, a code it answers, a diagnosis, a wrong answer and its gap."""
    wang = Staff(product, "wang")
    article = _written(wang)
    other = Staff(product, next(login for login in product.passwords if login != "wang"))
    other.ask("POST", f"{_KNOWLEDGE}/{article}/phrasings", {"locale": "zh-CN", "lines": [ADDED]})
    department = wang.ask("GET", "/admin/topics")[0]["department"]
    topic = {"code": CODE, "name": "斑马", "department": department, "answers_with": "article", "answer_key": ARTICLE}
    wang.ask("POST", "/admin/topics", topic)
    wang.ask("PUT", "/admin/playbooks", {"source": WHOLE, "seen": 0})
    wang.ask("PUT", "/admin/playbooks/whole/published", {"version": 1})
    visitor = Visitor(product)
    asked = visitor.opens(entrance="code", code=CODE, text=UNASKED)
    answer = _until(lambda: _answer(visitor, asked))
    no = {"client_id": ids.public_id(), "text": "没有", "choice": {"seq": answer["seq"], "id": "not_helpful"}}
    visitor.ask("POST", f"/customer/conversations/{asked}/entries", no)
    httpx.post(f"{product.url}/help/{article}/helpful", data={"helpful": "yes"})
    httpx.get(f"{product.url}/help/search", params={"q": SEARCHED}).raise_for_status()
    _until(lambda: {UNASKED, SEARCHED} <= _gaps(wang))
    visitor.ask("POST", f"/customer/conversations/{asked}/close")
    _archive_the_rest(wang, article)


def still_knows(product: Product) -> None:
    """All of it is there, and answers."""
    wang = Staff(product, "wang")
    listed = wang.ask("GET", f"{_KNOWLEDGE}?q={TITLE}")["articles"]
    article = wang.ask("GET", f"{_KNOWLEDGE}/{next(one['id'] for one in listed if one['key'] == ARTICLE)}")
    assert {one["text"] for one in article["phrasings"]} == {ASKED, ADDED}
    assert len(wang.ask("GET", f"{_KNOWLEDGE}/{article['id']}/versions")) == 2
    assert wang.ask("GET", f"{_KNOWLEDGE}/{article['id']}/votes")["helpful"] == 1
    page = httpx.get(f"{product.url}/help/{article['id']}?lang=zh-CN").raise_for_status().text
    picture = page.partition('src="/help/pictures/')[2].partition('"')[0]
    assert httpx.get(f"{product.url}/help/pictures/{picture}").content.startswith(b"\x89PNG")
    assert wang.ask("GET", "/admin/playbooks/whole")["published"] == 1
    assert {UNASKED, SEARCHED} <= _gaps(wang)
    assert wang.ask("GET", "/admin/assistant")["is_on"]
    visitor = Visitor(product)
    asked = visitor.opens(entrance="code", code=CODE)
    _until(lambda: _answer(visitor, asked))


def _written(wang: Staff) -> str:
    """The article, published in its second version; its public id."""
    made = wang.ask("POST", _KNOWLEDGE, {"key": ARTICLE, "texts": {"zh-CN": {"title": TITLE, "body": "看首页。"}}})
    drawn = io.BytesIO()
    Image.new("RGB", (48, 32), "#1257d6").save(drawn, "PNG")
    files = {"file": ("斑马.png", drawn.getvalue(), "image/png")}
    shown = wang.ask("POST", f"{_KNOWLEDGE}/{made['id']}/pictures", files=files)
    texts = {"zh-CN": {"title": TITLE, "body": f"在首页点开通。\n\n![斑马]({shown['address']})"}}
    draft = {"key": ARTICLE, "texts": texts, "version": made["version"]}
    made = wang.ask("PUT", f"{_KNOWLEDGE}/{made['id']}", draft)
    wang.ask("POST", f"{_KNOWLEDGE}/{made['id']}/phrasings", {"locale": "zh-CN", "lines": [ASKED]})
    wang.ask("POST", f"{_KNOWLEDGE}/{made['id']}/publish", {"version": made["version"]})
    return str(made["id"])


def _archive_the_rest(wang: Staff, article: str) -> None:
    """What was learnt from hundreds of wordings is megabytes, and a state is kept for ever."""
    while rest := [one for one in wang.ask("GET", f"{_KNOWLEDGE}?kind=published")["articles"] if one["id"] != article]:
        for one in rest:
            version = wang.ask("GET", f"{_KNOWLEDGE}/{one['id']}")["version"]
            wang.ask("POST", f"{_KNOWLEDGE}/{one['id']}/archive", {"version": version})
    _until(lambda: (wang.ask("GET", "/desk/knowledge/doctor")["found"] or {}).get("answers") == 1)


def _answer(person: Person, conversation: str) -> Any:
    """The assistant's entry with the article's words, once it is there."""
    entries = person.ask("GET", f"/customer/conversations/{conversation}/entries")["entries"]
    return next((one for one in entries if one.get("assistant", {}).get("article", {}).get("title") == TITLE), None)


def _gaps(wang: Staff) -> set[str]:
    gaps = wang.ask("GET", "/desk/knowledge/gaps")["gaps"]
    return {one["words"] for gap in gaps for one in gap["questions"]}


def _until(there: Callable[[], Any]) -> Any:
    """What is there at last."""
    end = time.monotonic() + _PATIENCE
    while not (found := there()):
        assert time.monotonic() < end
        time.sleep(1)
    return found
