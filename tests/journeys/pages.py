"""Every page that has an address, and what is seen once it is there: the one list its pictures are made from.

What has no address of its own (a dialog, a menu, a refusal) is taken on the way there; see `pictures_of_…`.
"""

from __future__ import annotations

from typing import NamedTuple


class Stop(NamedTuple):
    """A page: its path, and a text on it."""

    path: str
    seen: str
    form: str | None = None
    """The button that opens an empty form, if there is one."""


ADMINISTRATION = {
    "start": Stop("/desk/admin/start", "已完成"),
    "departments": Stop("/desk/admin/departments", "部门", "添加部门"),
    "hours": Stop("/desk/admin/hours", "服务时间"),
    "people": Stop("/desk/admin/people", "人员", "添加人员"),
    "topics": Stop("/desk/admin/topics", "咨询代码", "添加代码"),
    "campaigns": Stop("/desk/admin/campaigns", "活动码", "生成活动码"),
    "ending": Stop("/desk/admin/ending", "代码去留"),
    "offers": Stop("/desk/admin/offers", "主动推荐", "添加规则"),
    "assistant": Stop("/desk/admin/assistant", "智能助手"),
    "replies": Stop("/desk/admin/replies", "快捷回复", "添加快捷回复"),
    "macros": Stop("/desk/admin/macros", "宏", "添加宏"),
    "incidents": Stop("/desk/admin/incidents", "故障公告", "发布公告"),
    "playbooks": Stop("/desk/admin/playbooks", "诊断流程"),
    "language-model": Stop("/desk/admin/language-model", "语言模型"),
    "sites": Stop("/desk/admin/sites", "站点", "添加站点"),
    "shops": Stop("/desk/admin/shops", "店铺连接", "连接店铺"),
    "voice": Stop("/desk/admin/voice", "语音输入"),
    "figures": Stop("/desk/admin/figures", "代码成效"),
    "assistant-figures": Stop("/desk/admin/assistant-figures", "助手成效"),
    "waits": Stop("/desk/admin/waits", "等待"),
    "blocks": Stop("/desk/admin/blocks", "屏蔽名单"),
    "audit": Stop("/desk/admin/audit", "审计记录"),
    "demo": Stop("/desk/admin/demo", "演示"),
}
STAFF = {
    "work": Stop("/desk", "我的"),
    "board": Stop("/desk/board", "实时看板"),
    "knowledge": Stop("/desk/knowledge", "知识库"),
    "gaps": Stop("/desk/knowledge/gaps", "知识缺口"),
    "transfer": Stop("/desk/knowledge/transfer", "导入导出"),
    "doctor": Stop("/desk/knowledge/doctor", "知识体检"),
    "account": Stop("/desk/account", "当前密码"),
    "print": Stop("/desk/print/topics", "打印二维码"),
}
SHOP = {
    "home": Stop("/", "青柠数卡"),
    "nothing found": Stop("/?q=没有的商品", "青柠数卡"),
    "product": Stop("/p/xinghai-6480", "星海纪元"),
    "sign-up": Stop("/sign-up", "注册"),
    "contact": Stop("/contact", "青柠数卡"),
    "not found": Stop("/nothing-here", "青柠数卡"),
}
SHOP_OF_A_MEMBER = {
    "orders": Stop("/orders", "订单"),
    "account": Stop("/account", "余额"),
    "back": Stop("/back", "模拟"),
}
HELP = {
    "start": Stop("/help", "卡密"),
    "start in English": Stop("/help?lang=en", "Card keys"),
    "found": Stop("/help/search?q=chongzhi", "充值没有到账"),
    "nothing found": Stop("/help/search?q=怎么养猫", "没有找到"),
    "missing": Stop("/help/nothere", "没有这一页"),
}
