"""What nothing answered is told to whoever takes over: those words, and not what was said after them."""

from __future__ import annotations

from functools import partial

from .network import ASKED, LOOKING_UP
from .talking import Talk


async def test_what_is_said_while_earlier_words_are_read_has_its_own_turn_and_is_heard(talk: Talk) -> None:
    await talk.walks(ASKED, LOOKING_UP)
    await talk.open(ASKED)
    await talk.receive("快点看看呀")
    await talk.receive("急")
    attending = talk.attending()
    await attending.attend([talk.id])
    await attending.settled()
    talk.finder.meanwhile["快点看看呀\n急"] = partial(talk.receive, "手机上")
    await talk.turn()
    await talk.turn()
    assert (await talk.texts())[-1] == "请切换到流量再试。"
    await talk.say("转人工")
    assert (await talk.events("handed_over"))[0]["unheard"] == ["快点看看呀", "急"]
