"""The assistant's routes, put together."""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from mashang.bot import draft_api, judging, model_setting, playbook_api
from mashang.staff.api import current_agent

router = Router(
    "/",
    route_handlers=[
        Router(
            "/admin",
            tags=["Administration"],
            dependencies={"agent": Provide(current_agent)},
            route_handlers=[*model_setting.ROUTES, *playbook_api.ROUTES],
        ),
        Router(
            "/desk",
            tags=["Desk"],
            security=[{"staff": []}],
            dependencies={"agent": Provide(current_agent)},
            route_handlers=[*judging.ROUTES, *draft_api.ROUTES],
        ),
    ],
)
