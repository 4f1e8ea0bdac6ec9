"""The back of the demo: faults on demand, and what was sent.  A real shop has no such page."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from litestar.params import Body
from litestar.response import Redirect

from demo.shop import connector, faults, orders, outbox, people
from demo.shop.outbox import Outbox
from demo.shop.pages import Pages, go
from demo.shop.store import now

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/back", sync_to_thread=False)
def back(request: Asking, pages: Pages, issued: int = -1) -> Response[str]:
    """Faults, events, messages."""
    return pages.show(
        request,
        "back.html",
        faults=faults.FAULTS,
        on=faults.switched_on(pages.store),
        events=pages.store.all("select * from event order by at desc, rowid desc limit 12"),
        messages=pages.store.all("select * from message order by id desc limit 5"),
        issued=issued,
    )


@post("/back/faults", sync_to_thread=False)
def switch_fault(pages: Pages, outbox: Outbox, data: Form) -> Redirect:
    """Switch a fault; a maintenance is announced, and its end too; what was kept back arrives when it goes off."""
    name, on = data.get("fault", ""), data.get("on") == "1"
    if name not in faults.FAULTS:
        raise ValidationException
    before = connector.open_incidents(pages.store, "zh")
    faults.switch(pages.store, name, on=on)
    _announce(pages, before)
    if name == "low_balance":
        people.hold_balances(pages.store, held=on)
    elif name == "not_notified" and not on:
        orders.notify(pages.store)
    elif name in orders.HOLDING_UP and not on:
        orders.make_up(pages.store)
    outbox.kick()
    return go("/back")


@post("/back/issue", sync_to_thread=False)
def issue(pages: Pages, outbox: Outbox) -> Redirect:
    """Issue everything that waits."""
    count = orders.issue_waiting(pages.store)
    outbox.kick()
    return go("/back", issued=str(count))


def _announce(pages: Pages, before: list[dict[str, Any]]) -> None:
    """Tell which incidents began and which are over."""
    after = connector.open_incidents(pages.store, "zh")
    with pages.store as store:
        for incident in after:
            if incident not in before:
                outbox.put(store, "incident", incident=incident)
        for incident in before:
            if incident not in after:
                outbox.put(store, "incident", incident={**incident, "ends_at": now()})


HANDLERS = [back, switch_fault, issue]
