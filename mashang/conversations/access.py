"""Who may see a conversation, as a condition and never as an afterthought.

Every list and look-up starts from one of these conditions, on the alias `c` of
`conversation`.  What does not exist and what is hidden answer alike.
"""

from __future__ import annotations

from typing import Any

from mashang.customers import Customer
from mashang.staff import Agent

_OF_MY_DEPARTMENTS = """(
    c.agent_id = %(viewer)s
    or c.department_id in (select m.department_id from membership m where m.agent_id = %(viewer)s)
)"""


def visible_to(agent: Agent) -> tuple[str, dict[str, Any]]:
    """SQL condition and its parameters: supervisors and operators see all, agents their departments' and their own."""
    if agent.role in ("operator", "supervisor"):
        return "true", {}
    return _OF_MY_DEPARTMENTS, {"viewer": agent.id}


def belonging_to(customer: Customer) -> tuple[str, dict[str, Any]]:
    """SQL condition and its parameters: a customer sees its own conversations, and those of visitors joined to it."""
    return "c.customer_id = any (%(viewers)s)", {"viewers": list(customer.family)}
