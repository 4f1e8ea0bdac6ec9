"""What whoever takes over reads of suggestions nobody chose, and of the words that brought them."""

from __future__ import annotations

from typing import Any

from .talking import Talk


async def told(talk: Talk) -> dict[str, Any]:
    return await talk.value(
        "select data from entry where conversation_id = %(id)s and data ->> 'name' = 'handed_over' order by seq desc"
        " limit 1"
    )


async def test_choices_that_nobody_chose_are_told_in_both_languages(talk: Talk, articles) -> None:
    talk.finder.answers("我的单子", *articles.values(), band="suggest")
    await talk.open("我的单子")
    await talk.say("呃呃呃")
    facts = await told(talk)
    assert [one["title"]["zh-CN"] for one in facts["offered"]] == ["充值没到账", "卡密没收到", "网站打不开"]
    assert {"zh-CN", "en"} == set(facts["offered"][0]["title"])
    assert (facts["said"], facts["last"]) == ("我的单子", "呃呃呃")


async def test_what_was_chosen_is_shown_and_no_longer_offered(talk: Talk, articles) -> None:
    talk.finder.answers("我的单子", *articles.values(), band="suggest")
    await talk.open("我的单子")
    await talk.press(f"article:{articles['card-lost']}")
    await talk.say("转人工")
    facts = await told(talk)
    assert [one["id"] for one in facts["shown"]] == [articles["card-lost"]]
    assert [one["id"] for one in facts["offered"]] == [articles["recharge-late"], articles["slow"]]
    assert "last" not in facts, "who asks for a person says nothing of the matter"


async def test_angry_words_are_told_behind_the_first(talk: Talk, articles) -> None:
    talk.finder.answers("怎么开发票", articles["slow"])
    await talk.open("怎么开发票")
    await talk.say("你们这群骗子，我要去12315投诉，卡号 6222021234567890128")
    facts = await told(talk)
    assert facts["said"] == "怎么开发票"
    assert facts["last"].startswith("你们这群骗子，我要去12315投诉")
    assert "6222021234567890128" not in str(facts)
