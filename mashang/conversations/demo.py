"""The canned replies of the demo shop, as a good shop answers: at once, in full, and without promising too much.

They stand in `demo_replies.json`.  Does not: make the departments; `staff.demo` does, and tells their public ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from mashang.conversations import canned
from mashang.conversations.canned import ReplyDraft
from mashang.kit.db import Tx
from mashang.staff import Agent


async def create_demo_replies(tx: Tx, by: Agent, departments: Mapping[str, str]) -> None:
    """Write the replies; `departments` are public ids by name."""
    for row in json.loads(Path(__file__).with_name("demo_replies.json").read_text("utf-8")):
        draft = ReplyDraft(**{**row, "department": departments.get(row["department"])})
        await canned.create(tx, by, draft, await canned.owner_of(tx, draft))
