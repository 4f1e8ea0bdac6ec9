"""Which account a visitor says to have: kept as a claim, proves nothing."""

from __future__ import annotations

import msgspec
from litestar import put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.channels.web import views
from mashang.channels.web.door import Line
from mashang.channels.web.views import CustomerView
from mashang.customers import Session, customer
from mashang.kit.db import Database
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotSignedIn
from mashang.kit.sealing import Sealer


class Claim(msgspec.Struct, forbid_unknown_fields=True):
    """The registered mobile number or user name, as typed."""

    value: Line


@put("/claim", responses=refusals(NotSignedIn, Invalid))
async def put_claim(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    data: JSONBody[Claim],
) -> CustomerView:
    """Say which account one is; it is kept as a claim and proves nothing."""
    async with db.transaction() as tx:
        return views.customer(await customer.claim(tx, sealer, session.customer, data.value))
