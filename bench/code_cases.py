"""What customers type for a code, with and without mistakes: a set that grows from a seed.

Every class of error of the project's study of service codes is here, made
systematically where that is possible and drawn at random where it is not; beside
them sentences that name no code.  The same seed gives the same set.

Does not: match anything, or come from anybody's messages.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product

import msgspec

from bench.ordinary import sentences

# 32 codes of two and three characters, many of them one slip apart, as codes of two letters are.
CODES: dict[str, str] = {
    "CZ": "充值", "SH": "售后", "GN": "功能", "DD": "订单", "ZK": "折扣", "24H": "人工", "KM": "卡密", "TK": "退款",
    "ZH": "账号", "MM": "密码", "DL": "登录", "CD": "查单", "FP": "发票", "HY": "会员", "WL": "物流", "YH": "优惠",
    "JF": "积分", "DH": "兑换", "TX": "提现", "SM": "实名", "BD": "绑定", "ZF": "支付", "TS": "投诉", "HZ": "合作",
    "GG": "公告", "LB": "礼包", "DK": "点卡", "HF": "话费", "LL": "流量", "DLS": "代理", "YHQ": "优惠券", "QBC": "钱包",
}  # fmt: skip
_PINYIN = {
    "CZ": "chong zhi", "SH": "shou hou", "GN": "gong neng", "DD": "ding dan", "ZK": "zhe kou", "24H": "ren gong",
    "KM": "ka mi", "TK": "tui kuan", "ZH": "zhang hao", "MM": "mi ma", "DL": "deng lu", "CD": "cha dan",
    "FP": "fa piao", "HY": "hui yuan", "WL": "wu liu", "YH": "you hui", "JF": "ji fen", "DH": "dui huan",
    "TX": "ti xian", "SM": "shi ming", "BD": "bang ding", "ZF": "zhi fu", "TS": "tou su", "HZ": "he zuo",
    "GG": "gong gao", "LB": "li bao", "DK": "dian ka", "HF": "hua fei", "LL": "liu liang", "DLS": "dai li",
    "YHQ": "you hui quan", "QBC": "qian bao",
}  # fmt: skip
_ALIKE = {
    "充": "冲虫崇", "值": "直植职", "售": "受瘦寿", "后": "候厚後", "功": "工公攻", "订": "定钉", "单": "丹担",
    "折": "哲辙", "扣": "口叩", "人": "仁任", "工": "公功", "卡": "咔", "密": "蜜秘", "退": "腿褪", "款": "宽",
    "账": "帐丈涨", "号": "好浩", "码": "马玛", "登": "灯蹬", "录": "陆路", "查": "察茶", "发": "法罚", "票": "漂",
    "会": "汇惠", "员": "圆元", "物": "务误", "流": "留刘", "优": "尤由", "惠": "会慧", "积": "机几", "分": "芬份",
    "兑": "对队", "换": "唤焕", "提": "题体", "现": "线限", "实": "十时", "名": "明鸣", "绑": "榜帮", "定": "订丁",
    "支": "之知", "付": "富负", "投": "头", "诉": "速素", "合": "和河", "作": "做坐", "告": "稿高", "礼": "里理",
    "包": "宝苞", "点": "典", "话": "画化", "费": "废肺", "量": "亮良", "代": "带袋", "理": "里礼", "券": "卷劝",
    "钱": "前",
}  # fmt: skip
_TRADITIONAL = str.maketrans(
    "售后订单账号发票会员优惠积分兑换实现绑话费礼点钱", "售後訂單賬號發票會員優惠積分兌換實現綁話費禮點錢"
)

_BESIDE = {
    "Q": "12WA", "W": "23QESA", "E": "34WRDS", "R": "45ETFD", "T": "56RYGF", "Y": "67TUHG", "U": "78YIJH",
    "I": "89UOKJ", "O": "90IPLK", "P": "0OL", "A": "QWSZ", "S": "WEADZX", "D": "ERSFXC", "F": "RTDGCV",
    "G": "TYFHVB", "H": "YUGJBN", "J": "UIHKNM", "K": "IOJLM", "L": "OPK", "Z": "ASX", "X": "SDZC", "C": "DFXV",
    "V": "FGCB", "B": "GHVN", "N": "HJBM", "M": "JKN", "2": "13QW", "4": "35ER",
}  # fmt: skip
_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

KEYBOARD = ("doubled", "transposed", "neighbour added", "neighbour instead")
RANDOM = ("character added", "character instead", "character missing")
Draw = random.Random


class Case(msgspec.Struct, frozen=True):
    """What was typed, the code that was meant (None: none), and the class of error."""

    text: str
    code: str | None
    kind: str


def cases(seed: int = 7) -> list[Case]:
    """All classes; what spells another valid code by accident is left out."""
    draw = random.Random(seed)  # noqa: S311 — the same set from the same seed
    found = [Case(text, code, kind) for kind, made in CLASSES.items() for code in CODES for text in made(code, draw)]
    slips = [case for case in dict.fromkeys(found) if case.text.upper() not in CODES or case.kind in _AS_MEANT]
    return slips + [Case(text, None, "sentence") for text in sentences(4000, draw)]


def _plain(code: str, _draw: Draw) -> list[str]:
    return [code, code.lower(), code.capitalize()]


def _full_width(code: str, _draw: Draw) -> list[str]:
    return ["".join(chr(ord(c) + 0xFEE0) for c in form) for form in (code, code.lower())]


def _signs(code: str, _draw: Draw) -> list[str]:
    forms = ("【{}】", " {} ", "“{}”", "{}。", "#{}", "《{}》", "{}!", "\u200b{}", "{}\ufeff")
    return [form.format(code) for form in forms] + [" ".join(code), "-".join(code), "\u200b".join(code)]


_ASKING = (
    "我要咨询{}", "我要咨询，代码{}", "代码{}", "代码：{}", "请输入{}", "输入{}", "你好，{}", "我要{}", "请问{}",
    "客服代码 {}", "我的代码是{}", "咨询代码：{}，谢谢", "code {}", "my code is {}", "I need {}, please",
    "您好，我想咨询一下{}",
)  # fmt: skip


def _asking(code: str, _draw: Draw) -> list[str]:
    return [form.format(each) for form in _ASKING for each in (code, code.lower())]


def _in_sentence(code: str, draw: Draw) -> list[str]:
    forms = (
        "昨天买的东西一直没到，代码{}", "我在你们店里下了一单，代码是{}，麻烦看看", "页面上让我输入{}，然后呢",
        "老板你好，我朋友说输入代码{}就能找到你们", "Yesterday I bought a card, my code is {}, what now?",
        "手机上显示【{}】，是这个吗", "这个东西怎么用不了啊，{}", "麻烦帮我转到{}那边",
    )  # fmt: skip
    return [form.format(code) for form in draw.sample(forms, 5)]


def _digits_behind(code: str, draw: Draw) -> list[str]:
    return [f"{code}{n}" for n in range(10)] + [f"{code.lower()}{draw.randrange(10, 100)}"]


def _doubled(code: str, _draw: Draw) -> list[str]:
    return [code[: i + 1] + code[i:] for i in range(len(code))]


def _transposed(code: str, _draw: Draw) -> list[str]:
    swaps = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1)]
    return [swap for swap in swaps if swap != code]


def _neighbour_added(code: str, _draw: Draw) -> list[str]:
    slips = [code[: i + k] + n + code[i + k :] for i, key in enumerate(code) for n in _BESIDE[key] for k in (0, 1)]
    return [slip for slip in slips if slip not in _doubled(code, _draw) and not slip[-1].isdigit()]


def _neighbour_instead(code: str, _draw: Draw) -> list[str]:
    return [code[:i] + n + code[i + 1 :] for i, key in enumerate(code) for n in _BESIDE[key]]


def _letter_added(code: str, _draw: Draw) -> list[str]:
    slips = [code[:i] + n + code[i:] for i in range(len(code) + 1) for n in _CHARACTERS]
    other = {*_doubled(code, _draw), *_neighbour_added(code, _draw), *(code + n for n in "0123456789")}
    return [slip for slip in slips if slip not in other]


def _letter_instead(code: str, _draw: Draw) -> list[str]:
    slips = [code[:i] + n + code[i + 1 :] for i, key in enumerate(code) for n in _CHARACTERS if n != key]
    return [slip for slip in slips if slip not in _neighbour_instead(code, _draw)]


def _letter_missing(code: str, _draw: Draw) -> list[str]:
    return [code[:i] + code[i + 1 :] for i in range(len(code))] if len(code) > 2 else []


def _looking_alike(code: str, _draw: Draw) -> list[str]:
    alike = {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "G": "6", "2": "Z"}
    return [code[:i] + alike[key] + code[i + 1 :] for i, key in enumerate(code) if key in alike]


def _pinyin(code: str, _draw: Draw) -> list[str]:
    spelled = _PINYIN[code]
    return [spelled.replace(" ", ""), spelled, spelled.title().replace(" ", "")]


def _pinyin_slipped(code: str, draw: Draw) -> list[str]:
    return [_one_slip(_PINYIN[code].replace(" ", ""), draw) for _ in range(12)]


def _one_slip(word: str, draw: Draw) -> str:
    i, kind = draw.randrange(len(word)), draw.randrange(4)
    beside = _BESIDE[word[i].upper()].lower()
    letters = [each for each in beside if each.isalpha()]
    match kind:
        case 0:
            return word[:i] + word[i + 1 :]
        case 1:
            return word[:i] + draw.choice(letters) + word[i + 1 :]
        case 2:
            return word[:i] + draw.choice(letters) + word[i:]
        case _:
            return word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :] if i else word[0] + word


def _pinyin_soft(code: str, _draw: Draw) -> list[str]:
    word = _PINYIN[code].replace(" ", "")
    softer = {word.replace(*pair) for pair in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))}
    return sorted(softer - {word})


def _named(code: str, _draw: Draw) -> list[str]:
    name = CODES[code]
    return [name, f"我要{name}", f"{name}问题", f"咨询{name}", f" {name}。", f"请问{name}"]


def _sounding_alike(code: str, _draw: Draw) -> list[str]:
    name = CODES[code]
    made = {"".join(parts) for parts in product(*(c + _ALIKE.get(c, "") for c in name))}
    return sorted(made - set(CODES.values()) - {name})


def _traditional(code: str, _draw: Draw) -> list[str]:
    name = CODES[code].translate(_TRADITIONAL)
    return [name, f"我要諮詢{name}", f"請輸入{code}", f"我要諮詢，代碼{code}"]


CLASSES: dict[str, Callable[[str, Draw], list[str]]] = {
    "case": _plain,
    "full width": _full_width,
    "signs": _signs,
    "asked for": _asking,
    "in a sentence": _in_sentence,
    "digits behind": _digits_behind,
    "doubled": _doubled,
    "transposed": _transposed,
    "neighbour added": _neighbour_added,
    "neighbour instead": _neighbour_instead,
    "character added": _letter_added,
    "character instead": _letter_instead,
    "character missing": _letter_missing,
    "looking alike": _looking_alike,
    "pinyin": _pinyin,
    "pinyin slipped": _pinyin_slipped,
    "soft pinyin": _pinyin_soft,
    "name": _named,
    "sounding alike": _sounding_alike,
    "traditional": _traditional,
}
_AS_MEANT = ("case", "full width", "signs")
