"""`mashang password LOGIN`: lets somebody of the staff in again, from the machine that runs the product.

Whoever may run this reads the database anyway, so nobody is asked who they are; the audit says that it came from
the command line.  Every session of that person ends.

Does not: make people (the desk does; the first operator comes by the link that `up` prints).
"""

from __future__ import annotations

import asyncio
import getpass

from mashang.cli import terminal
from mashang.cli.installed import database
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.errors import NotFound
from mashang.kit.settings import Settings
from mashang.kit.trouble import Trouble
from mashang.staff import agents, second_factor
from mashang.staff.passwords import MINIMUM_LENGTH, PasswordTooCommon, PasswordTooShort


def reset(chosen: Settings, login: str, *, ask: bool, without_factor: bool = False) -> None:
    """Set a new password, typed twice or made here and printed once; forget a second factor.  Raises Trouble."""
    password = _typed() if ask else ids.public_id()
    with database(chosen) as dsn:
        asyncio.run(_set(dsn, login, password, without_factor=without_factor))
    if ask:
        terminal.tell("cli_password_set", login=login)
    else:
        terminal.tell("cli_password_made", login=login, password=password)


def _typed() -> str:
    password = getpass.getpass(terminal.say("cli_password_new"))
    if getpass.getpass(terminal.say("cli_password_again")) != password:
        raise Trouble("passwords_differ")
    return password


async def _set(dsn: str, login: str, password: str, *, without_factor: bool) -> None:
    db = await Database.connect(dsn, pool_size=2)
    try:
        async with db.transaction() as tx:
            agent = await agents.of_login(tx, login)
            await agents.set_password(tx, None, agent, password)
            if without_factor:
                await second_factor.reset(tx, None, agent)
    except NotFound as refusal:
        raise Trouble("login_unknown", login=login) from refusal
    except PasswordTooShort as refusal:
        raise Trouble("password_too_short", minimum=MINIMUM_LENGTH) from refusal
    except PasswordTooCommon as refusal:
        raise Trouble("password_too_common") from refusal
    finally:
        await db.close()
