"""Markdown as customers read it: safe, Chinese set well, and bounded."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.knowledge import rendering


def test_an_article_has_headings_lists_tables_and_links():
    shown = rendering.html(
        "# 怎么充值\n\n1. 选*点卡*\n2. 付款\n\n| 渠道 | 时间 |\n|--|--|\n| 支付宝 | 1 分钟 |\n\n[官网](https://a.example)"
    )
    assert "<h2>怎么充值</h2>" in shown
    assert "<li>选<em>点卡</em></li>" in shown
    assert '<div class="wide" tabindex="0"><table>' in shown
    assert '<a href="https://a.example" rel="noopener">官网</a>' in shown


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ("<script>steal()</script>", "steal"),
        ("好 <script>steal()</script> 的", "steal"),
        ("<style>p{display:none}</style>", "display"),
        ("<iframe src='//e.example'></iframe>", "iframe"),
        ("<b onclick='x()' style='color:red'>好</b>", "onclick"),
        ("<a href='javascript:x()'>好</a>", "javascript"),
        ("<a href='data:text/html,x'>好</a>", "data:"),
        ("<img src=x onerror=y()>", "onerror"),
        ("<form action='/x'><input></form>", "form"),
        ("<svg><a xlink:href='javascript:x()'></a></svg>", "svg"),
        ("![看](https://e.example/spy.png)", "e.example"),
        ("![看](//e.example/spy.png)", "e.example"),
        ("![看](/help/pictures/../../api)", "api"),
        ("<img src='/help/pictures/a?x=https://e.example'>", "e.example"),
        ('<div class="wide" tabindex="5" id="x">好</div>', 'tabindex="5"'),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_not_on_the_list_does_not_reach_the_page(written, gone):
    assert gone not in rendering.html(written)


def test_a_picture_of_our_own_is_shown_and_another_ones_words():
    assert rendering.html("![充值页](/help/pictures/4Kp)") == (
        '<p><img src="/help/pictures/4Kp" alt="充值页" loading="lazy"></p>\n'
    )
    assert 'alt="充值页"' in rendering.html("![充值页](https://e.example/x.png)")


def test_chinese_beside_a_sign_is_emphasised_and_lines_join_without_a_gap():
    assert rendering.html("**注意：**请先\n登录") == "<p><strong>注意：</strong>请先登录</p>\n"
    assert rendering.html("这是**“点卡”**吗") == "<p>这是<strong>“点卡”</strong>吗</p>\n"
    assert rendering.html("read\non") == "<p>read\non</p>\n"
    assert rendering.html("2 * 3 * 4 和 snake_case_name") == "<p>2 * 3 * 4 和 snake_case_name</p>\n"


def test_plain_words_are_those_of_the_page():
    written = (
        "# 退款\n\n请**先**\n查 [进度](https://a.example/p)。\n\n- 支付宝\n- 微信\n  1. 零钱\n  2. 银行卡\n\n"
        "| 甲 | 乙 |\n|--|--|\n| 1 | 2 |"
    )
    assert rendering.plain(written) == (
        "退款\n\n请先查 进度 (https://a.example/p)。\n\n· 支付宝\n· 微信\n  1. 零钱\n  2. 银行卡\n\n甲 | 乙\n1 | 2"
    )
    assert rendering.plain("<p>好<script>x()</script></p>\n\n a<script>y()</script>b <i>c</i>") == "好\n\nab c"


@pytest.mark.parametrize(
    "written", ["[" * 10**6, "![" * 10**6, "**a_ " * 10**6, "> " * 10**6, "|a" * 10**6, "<a " * 10**6]
)
def test_a_million_characters_are_cut_and_cost_seconds_at_most(written):
    began = time.process_time()
    assert len(rendering.html(written)) < 8 * rendering.LONGEST
    assert len(rendering.plain(written)) <= rendering.LONGEST
    assert time.process_time() - began < 20


@given(st.text(st.sampled_from("*_`~[]()!<>|-#\n 1.a好：“&\\"), max_size=60))
def test_no_markdown_is_wrong(written):
    assert isinstance(rendering.plain(written), str)
    assert "<script" not in rendering.html(written)
