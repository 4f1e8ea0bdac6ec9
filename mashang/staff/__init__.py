"""Who works here: people, departments, presence, permissions, sign-in and the audit.

Knows nothing of conversations, codes or customers; they sit above and ask here.
"""

from mashang.staff.agents import Agent

__all__ = ["Agent"]
