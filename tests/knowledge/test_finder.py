"""Finding answers, and knowing when there is none."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bench.answer_cases import asked, parted
from mashang.knowledge.finder import Answerable, Model
from mashang.knowledge.learning import learn, learnt
from mashang.knowledge.packing import packed, unpacked

CHINESE = asked("zh")


def answers(every: dict[str, list[str]], number: int = 99) -> list[Answerable]:
    return [Answerable(name, tuple(texts[:number])) for name, texts in every.items()]


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(answers(CHINESE))


def first(model: Model, question: str) -> str:
    return model.find(question).candidates[0].id


def test_other_words_than_the_phrasings_find_the_answer() -> None:
    known, questions = parted(CHINESE, 12, seed=1)
    found = learn(known)
    inside = [one for one in questions if one.expect]
    assert np.mean([first(found, one.text) == one.expect for one in inside]) > 0.7


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("怎麼申請退款", "申请退款"),
        ("冲值一只没道", "充值未到账"),
        ("ＫＡＭＩ没收到卡密！！！", "没收到卡密"),
        ("订单123456789怎么取消", "取消订单"),
        ("你好 请问 能开发票吗 谢谢", "开发票"),
    ],
    ids=["traditional", "homophones", "full width and signs", "a number", "polite"],
)
def test_what_sounds_or_looks_alike_is_understood(model, said, meant) -> None:
    assert first(model, said) == meant


@pytest.mark.parametrize("said", ["it doesn't work", "it doesnt work", "IT DOESN’T WORK"])
def test_an_apostrophe_changes_nothing(model, said) -> None:
    def found(text: str) -> list[tuple[str, float]]:
        return [(one.id, one.score) for one in model.find(text).candidates]

    assert found(said) == found("it doesnt work")
    assert model.find("'退款'").candidates[0].id == model.find("退款").candidates[0].id


def test_a_phrasing_is_answered_and_small_talk_is_not(model) -> None:
    sure = model.find("怎么注销账号")
    assert (sure.band, sure.why, sure.candidates[0].id) == ("answer", "", "注销账号")
    assert sure.p == sure.candidates[0].p > 0.8
    far = model.find("明天早上去爬山要带什么")
    assert (far.band, far.why) == ("hand_over", "unsure")
    assert far.p < 0.2


def test_at_most_five_candidates_come_best_first(model) -> None:
    found = model.find("手机")
    assert len(found.candidates) == 5
    assert sorted(found.candidates, key=lambda one: -one.score) == list(found.candidates)
    assert sum(one.p for one in found.candidates) <= 1


def test_a_higher_target_answers_less(model) -> None:
    questions = [text for texts in CHINESE.values() for text in texts[::3]]
    given = [sum(model.find(text, target).band == "answer" for text in questions) for target in (0.8, 0.9, 0.95, 0.99)]
    assert given == sorted(given, reverse=True)
    assert given[0] > given[-1]


@pytest.mark.parametrize(
    "question",
    ["", "   ", "😀😀👍", "？？？！", "\u200b\ufeff", "。"],
    ids=["nothing", "spaces", "emoji", "signs", "unseen", "dot"],
)
def test_a_question_without_a_word_finds_nothing(model, question) -> None:
    found = model.find(question)
    assert (found.candidates, found.p, found.band, found.why) == ((), 0.0, "hand_over", "empty")


@pytest.mark.parametrize(
    "question",
    ["退款" * 50_000, "x" * 100_000, "a\ud800b", "\x00", "ꙮ𓀀", "1" * 5000, "充值 my account 没有 arrived 吗", "ไม่ได้รับ"],
    ids=["long", "one long word", "half a sign", "zero", "rare", "digits", "mixed", "thai"],
)
def test_an_odd_question_is_a_question(model, question) -> None:
    found = model.find(question)
    assert 0 <= found.p <= 1
    assert found.band in ("answer", "suggest", "hand_over")


def test_the_same_answers_make_the_same_model(model) -> None:
    shuffled = Random(3).sample(answers(CHINESE), len(CHINESE))  # noqa: S311
    assert packed(learn(shuffled)) == packed(model)


def test_a_model_comes_back_as_it_was_packed(model) -> None:
    again = unpacked(packed(model))
    for question in ("退款多久到账", "怎么找回密码", "你好"):
        assert again.find(question) == model.find(question)


def test_nothing_learnt_finds_nothing() -> None:
    for known in ([], [Answerable("a", ()), Answerable("b", ("😀", " "))]):
        found = unpacked(packed(learn(known))).find("怎么退款")
        assert (found.candidates, found.band, found.why) == ((), "hand_over", "unlearned")


def test_one_answer_alone_is_found_but_not_for_everything() -> None:
    alone = learn([Answerable("退款", ("怎么退款", "我要退款", "退款多久到账"))])
    assert first(alone, "我要退款") == "退款"
    assert alone.find("今天天气怎么样").band == "hand_over"


def test_few_phrasings_answer_what_is_asked_in_their_own_words_only() -> None:
    few = learn(answers(CHINESE, 1))
    assert few.find("怎么注销账号").candidates[0].id == "注销账号"
    unsure = few.find("想问一下会员的事情")
    assert unsure.band != "answer"


def test_the_same_phrasing_twice_counts_once() -> None:
    once = answers(CHINESE, 8)
    twice = [Answerable(one.id, (*one.phrasings, *(f"{text}？" for text in one.phrasings))) for one in once]
    assert packed(learn(twice)) == packed(learn(once))


def test_knowledge_that_contradicts_itself_is_silent_and_says_so() -> None:
    draw = Random(1)  # noqa: S311
    texts = [text for each in CHINESE.values() for text in each]
    draw.shuffle(texts)
    muddled = learn([Answerable(str(number), tuple(texts[number::20])) for number in range(20)])
    found = [muddled.find(text) for text in texts]
    assert {one.band for one in found} <= {"suggest", "hand_over"}
    assert {one.why for one in found} == {"contradicts"}


SIX = ("怎么退款", "我要退款", "退款多久到账", "钱什么时候退", "申请退钱", "能退吗")


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (answers(asked("en"), 10), "few"),
        ([Answerable(str(number), SIX) for number in range(4)], "contradicts"),
        ([Answerable("one", SIX)], "few"),
        (answers(CHINESE, 1), "few"),
        (answers(CHINESE, 10), ""),
    ],
    ids=["small-and-sound", "four-the-same", "one-answer", "one-phrasing-each", "enough"],
)
def test_the_reason_for_silence_is_the_true_one(known: list[Answerable], why: str) -> None:
    assert unpacked(packed(learn(known))).calibration.silent(0.95) == why


def test_what_is_left_out_by_algebra_is_what_learning_without_it_says() -> None:
    from mashang.knowledge import holding_back  # noqa: PLC0415

    known = answers(dict(list(CHINESE.items())[:12]))
    task, model = learnt(known)
    stretch = holding_back._stretch(task, model, 0, len(task.texts), holding_back._only(task))
    alone = holding_back.phrasings(task, model, stretch)
    row = 17
    name = model.ids[task.owners[row]]
    rest = [
        Answerable(
            one.id, tuple(text for text in one.phrasings if one.id != name or text != _original(one, task.texts[row]))
        )
        for one in known
    ]
    _, without = learnt(rest)
    expected = without.find(task.texts[row])
    assert model.ids[alone.evidence.best[row, 0]] == expected.candidates[0].id
    # the weights of runs are learnt from all phrasings, so the scores agree nearly
    assert alone.evidence.scores[row, 0] == pytest.approx(expected.candidates[0].score, abs=0.05)


def _original(one: Answerable, plain: str) -> str:
    from mashang.knowledge import features  # noqa: PLC0415

    return next((text for text in one.phrasings if features.plain(text) == plain), "")
