"""What each role may do, on one page.

`….read` opens the page, `….edit` changes what is on it.  Which conversations somebody sees is
not a permission but a condition on the rows (`conversations.access`).
"""

from __future__ import annotations

from mashang.kit.errors import NotAllowed
from mashang.staff.agents import Agent

OPERATOR, SUPERVISOR = "operator", "supervisor"
WATCHING = frozenset({OPERATOR, SUPERVISOR})

PERMISSIONS: dict[str, frozenset[str]] = {
    # serving: what somebody serves, or what waits in their department, needs no permission
    "conversations.take": WATCHING,  # take over what a colleague serves
    "board.read": WATCHING,  # every queue and everybody at this moment
    "conversations.manage": WATCHING,  # take, transfer and close in any department
    "conversations.export": WATCHING,  # as files
    "views.share": WATCHING,  # saved views for everybody
    "customers.unblock": WATCHING,  # blocking somebody one serves needs no permission
    "conversations.whisper": WATCHING,  # a note that rings at the desk of whoever serves
    "orders.reissue": WATCHING,  # costs the shop another key; sending again needs no permission where one serves
    "cards.reveal": WATCHING,  # read a customer's card keys, for a reason
    "people.set_away": WATCHING,
    "incidents.edit": WATCHING,  # what keeps many waiting: opened, changed and ended
    # setting up
    "departments.read": WATCHING,
    "departments.edit": frozenset({OPERATOR}),
    "people.read": WATCHING,
    "people.edit": frozenset({OPERATOR}),
    "codes.read": WATCHING,
    "codes.edit": frozenset({OPERATOR}),
    "playbooks.read": WATCHING,
    "playbooks.edit": frozenset({OPERATOR}),
    "sites.read": WATCHING,
    "sites.edit": frozenset({OPERATOR}),
    "shops.read": WATCHING,
    "shops.edit": frozenset({OPERATOR}),
    "demo.remove": frozenset({OPERATOR}),  # with all that was said in it
    "replies.edit": WATCHING,  # canned replies and macros that several share
    "knowledge.edit": WATCHING,  # articles and what counts as asking for them; proposing needs no permission
    "audit.read": WATCHING,
    "waits.edit": frozenset({OPERATOR}),  # how long is too long
    "waits.read": WATCHING,  # how good the wait estimates were
}


def permitted(agent: Agent, permission: str) -> bool:
    """Whether the agent's role has this permission."""
    return agent.role in PERMISSIONS[permission]


def require(agent: Agent, permission: str) -> None:
    """Raise NotAllowed unless the agent's role has this permission."""
    if not permitted(agent, permission):
        raise NotAllowed(permission=permission)


def of(agent: Agent) -> list[str]:
    """All permissions of the agent's role, for the desk to show and hide by."""
    return sorted(name for name, roles in PERMISSIONS.items() if agent.role in roles)
