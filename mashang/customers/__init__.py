"""Who is asking: visitors, shop accounts proved by a signed token, and what is only claimed.

Does not: read the shop's tokens (`shops.site`) or fetch what the shop knows of an
account (`shops.context`).
"""

from mashang.customers.customer import Customer, recognise
from mashang.customers.sessions import Session, begin, end, resume

__all__ = ["Customer", "Session", "begin", "end", "recognise", "resume"]
