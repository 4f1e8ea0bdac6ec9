"""The knowledge a shop begins with is whole in both languages, and each answer is asked for in words of its own."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from mashang.codes.demo import DEMO_CODES
from mashang.guard.masking import mask
from mashang.knowledge import learning, starting
from mashang.knowledge.article import KEY, LOCALES
from mashang.knowledge.finder import Answerable, Model
from mashang.knowledge.phrasing import LONGEST, folded
from mashang.knowledge.rendering import html

STARTERS = starting.starters()
PLAYED = {
    "recharge-not-arrived", "card-key-not-received", "card-key-invalid", "refund-progress", "order-anomaly",
    "account-frozen", "cannot-pay", "promotion-not-applied", "balance-query", "recharge-arrival-time",
}  # fmt: skip
# Money may not move, and nobody may be judged, by the word of a machine. Where a refund is may be looked up by its
# owner, and what a frozen account takes may be gathered: those diagnoses decide nothing and end with a person.
PROCEDURES = {
    "charged-twice", "unauthorized-payment", "refund-how", "refund-rules", "minor-recharge",
    "complaint", "account-stolen", "balance-withdraw",
}  # fmt: skip
FEWEST = {"zh-CN": 40, "en": 16}

every_answer = pytest.mark.parametrize("one", STARTERS, ids=lambda one: one.key)


def asked():
    return [(one.key, locale, text) for one in STARTERS for locale in LOCALES for text in one.phrasings[locale]]


def test_there_are_answers_enough_on_every_shelf_and_none_twice():
    assert len(STARTERS) >= 50
    keys = [one.key for one in STARTERS]
    assert len(set(keys)) == len(keys)
    assert all(re.match(KEY, key) for key in keys)
    standing = Counter(one.category for one in STARTERS)
    assert list(standing) == [shelf.key for shelf in starting.shelves()], "in the order of the shelves"
    assert min(standing.values()) >= 2


@every_answer
def test_an_answer_is_whole_in_both_languages_and_short_enough_for_a_chat(one):
    for locale, lengths in {"zh-CN": range(90, 400), "en": range(250, 900)}.items():
        text = starting.text(one, locale, DEMO_CODES)
        assert 4 <= len(text.title) <= 60
        assert len(text.body) in lengths, (locale, len(text.body))
        assert "<script" not in html(text.body)
        assert mask(text.body).text == text.body, "nothing in it looks like a secret"
    assert not re.search("[\u4e00-\u9fff]", one.title["en"] + one.body["en"])


@every_answer
def test_an_answer_is_asked_for_in_enough_words_that_are_not_the_same(one):
    for locale, fewest in FEWEST.items():
        texts = one.phrasings[locale]
        assert len(texts) >= fewest
        assert all(folded(text) and len(text) <= LONGEST and text == text.strip() for text in texts)
        assert all(mask(text).text == text for text in texts), "nobody's number or key"
    assert not any(re.search("[\u4e00-\u9fff]", text) for text in one.phrasings["en"])


def test_no_words_ask_for_two_answers():
    where = Counter(folded(text) for _, _, text in asked())
    assert [text for text, times in where.items() if times > 1] == []


def test_playbooks_and_procedures_are_those_that_were_agreed():
    assert {one.key for one in STARTERS if one.playbook} == PLAYED
    assert all(one.playbook in (None, one.key) for one in STARTERS)
    assert {one.key for one in STARTERS if one.procedure_only} == PROCEDURES


def test_every_code_is_one_the_demo_has():
    assert {code for one in STARTERS for code in one.codes} <= DEMO_CODES
    assert all(one.codes for one in STARTERS)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_answer_ends_with_the_way_to_a_person_and_names_only_codes_there_are(locale):
    one = STARTERS[0]
    known, unknown = (starting.text(one, locale, codes).body for codes in (DEMO_CODES, set()))
    assert known.splitlines()[-1].count(f"**{one.codes[0]}**") == 1
    assert one.codes[0] not in unknown.splitlines()[-1]


@cache
def learnt() -> Model:
    return learning.learn([Answerable(one.key, one.asked, one.words) for one in STARTERS])


# A common verb beside a word that little is written of: each was answered outright with what has the verb.
ANSWERED = {
    "提现怎么弄": "balance-withdraw",
    "提现能不能取消": "balance-withdraw",
    "提现有上限吗": "balance-withdraw",
    "余额想提现到银行卡": "balance-withdraw",
    "is there a limit on withdrawal": "balance-withdraw",
    "积分不能提现": "points",
    "售后大概几天能到": "refund-progress",
    "售后没到账": "refund-progress",
    "售后怎么操作": "refund-how",
    "换卡怎么弄": "card-key-invalid",
    "换卡要几天才能好": "card-key-invalid",
    "手机号怎么删除": "change-phone",
}
NEVER = {
    "售后有限额吗": "recharge-limits",
    "换卡有限额吗": "recharge-limits",
    "售后怎么删除": "account-delete",
    "换卡怎么删除": "account-delete",
    "订单怎么删除": "account-delete",
    "退款怎么删除": "account-delete",
    "账号怎么取消": "order-cancel",
    "membership expired": "card-key-expiry",
    "is there a limit on refund": "recharge-limits",
}


@pytest.mark.parametrize(("question", "key"), ANSWERED.items())
def test_the_noun_and_not_the_verb_leads_to_the_answer(question, key):
    found = learnt().find(question)
    assert (found.band, found.candidates[0].id) == ("answer", key)


@pytest.mark.parametrize(("question", "wrong"), NEVER.items())
def test_a_verb_alone_makes_no_answer(question, wrong):
    found = learnt().find(question)
    assert (found.band, found.candidates[0].id) != ("answer", wrong)
