"""The canned replies of the demo shop and a macro with one of them.

They answer as a good shop does: at once, in full, and without promising too much; they stand in
`demo_replies.json`.  Does not: make the departments; `staff.demo` does, and tells their public ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from mashang.conversations import canned, macros
from mashang.conversations.canned import ReplyDraft
from mashang.conversations.macros import MacroDraft, Steps
from mashang.kit.db import Tx
from mashang.staff import Agent

_HANDING_OVER, _AFTER_SALE = "zj", "售后"  # a shortcut; a department, as in staff.demo


async def create_demo_replies(tx: Tx, by: Agent, departments: Mapping[str, str]) -> None:
    """Write them; `departments` are public ids by name."""
    for row in json.loads(Path(__file__).with_name("demo_replies.json").read_text("utf-8")):
        draft = ReplyDraft(**{**row, "department": departments.get(row["department"])})
        made = await canned.create(tx, by, draft, await canned.owner_of(tx, draft))
        if made.shortcut == _HANDING_OVER:
            steps = Steps(reply=made.public_id, department=departments[_AFTER_SALE], transfer_note="请接着处理售后。")
            await macros.create(tx, by, MacroDraft(shortcut="zsh", title="转给售后", steps=steps))
