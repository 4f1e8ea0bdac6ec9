"""The product's commands, for whoever runs it: up · serve · worker · migrate · password · connector · simulate · eval ·
backup · restore · check · starter-knowledge · remove-demo.

What goes wrong is told in one sentence, in the terminal's language, with a
non-zero exit and without a traceback; `MASHANG_LOG_LEVEL=debug` shows that too.

Does not: set the machine up (`bin/up` does, then calls `up`).
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import psycopg
import typer
from psycopg_pool import PoolTimeout

from mashang.cli import terminal
from mashang.cli.evaluation import evaluating
from mashang.cli.simulation import simulating
from mashang.cli.terminal import say
from mashang.kit import log, migrations, settings, trouble
from mashang.kit.settings import Settings
from mashang.kit.trouble import Trouble
from mashang.shops.commands import connector

app = typer.Typer(
    name="mashang",
    help=say("cli_help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(connector, name="connector")
app.add_typer(simulating, name="simulate")
app.add_typer(evaluating, name="eval")

Host = Annotated[str | None, typer.Option("--host", help=say("cli_host"))]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help=say("cli_port"))]
ShopPort = Annotated[int | None, typer.Option("--shop-port", min=1, max=65535, help=say("cli_shop_port"))]
NoDemo = Annotated[bool, typer.Option("--no-demo", help=say("cli_no_demo"))]
BackupFile = Annotated[Path, typer.Argument(help=say("cli_backup_file"))]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help=say("cli_workers"))]


@app.command(help=say("cli_up"))
def up(host: Host = None, port: Port = None, shop_port: ShopPort = None, no_demo: NoDemo = False) -> None:
    from mashang.cli import installation  # noqa: PLC0415 — the other commands start without all of this

    installation.run(_settings(host=host, port=port, shop_port=shop_port, demo=False if no_demo else None))


@app.command(help=say("cli_serve"))
def serve(host: Host = None, port: Port = None, workers: Workers = 1) -> None:
    from mashang.cli import serving  # noqa: PLC0415 — as above

    serving.run(_with_database(_settings(host=host, port=port)), workers=workers)


@app.command(help=say("cli_worker"))
def worker() -> None:
    from mashang.cli import serving  # noqa: PLC0415 — as above

    serving.run_worker(_with_database(_settings()))


@app.command(help=say("cli_migrate"))
def migrate() -> None:
    dsn = _with_database(_settings(), current=False).database_url or ""
    applied = migrations.migrate(dsn)
    terminal.tell("cli_migrated" if applied else "cli_nothing_to_migrate", count=len(applied))


@app.command(help=say("cli_password"))
def password(
    login: str,
    ask: Annotated[bool, typer.Option("--ask", help=say("cli_password_ask"))] = False,
    without: Annotated[bool, typer.Option("--without-second-factor", help=say("cli_password_without"))] = False,
) -> None:
    from mashang.cli.password import reset  # noqa: PLC0415 — as above

    reset(_settings(), login, ask=ask, without_factor=without)


@app.command(help=say("cli_backup"))
def backup(file: BackupFile) -> None:
    from mashang.cli.backup import backup as write  # noqa: PLC0415 — as above

    write(_settings(), file.absolute())


@app.command(help=say("cli_restore"))
def restore(
    file: BackupFile, replace: Annotated[bool, typer.Option("--replace", help=say("cli_restore_replace"))] = False
) -> None:
    from mashang.cli.restore import restore as bring_back  # noqa: PLC0415 — as above

    bring_back(_settings(), file.absolute(), replace=replace)


@app.command(help=say("cli_check"))
def check(file: Annotated[Path | None, typer.Argument(help=say("cli_backup_file"))] = None) -> None:
    from mashang.cli.check import check as ask  # noqa: PLC0415 — as above

    if not ask(_settings(), file and file.absolute()):
        raise typer.Exit(1)


@app.command("remove-demo", help=say("cli_remove_demo"))
def remove_demo(yes: Annotated[bool, typer.Option("--yes", help=say("cli_demo_yes"))] = False) -> None:
    from mashang.cli.demo_removal import remove_demo as take_away  # noqa: PLC0415 — as above

    take_away(_settings(), yes=yes)


@app.command("starter-knowledge", help=say("cli_starter"))
def starter_knowledge() -> None:
    from mashang.cli.starter import add  # noqa: PLC0415 — as above

    add(_settings())


@app.command(help=say("cli_describe"))
def describe(folder: Path) -> None:
    from mashang.app import describe as write  # noqa: PLC0415 — as above

    write(folder)


def _settings(**changes: object) -> Settings:
    """The environment's, with what the command line says; logging is set up accordingly."""
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        loaded = settings.load(os.environ, **given)
        log.configure(level=loaded.log_level, readable=sys.stderr.isatty())
    except (msgspec.ValidationError, ValueError, KeyError) as error:
        raise Trouble("setting", reason=str(error)) from error
    return loaded


def _with_database(loaded: Settings, *, current: bool = True) -> Settings:
    """Demand a database that we do not run ourselves, and that its schema is today's."""
    if not loaded.database_url:
        raise Trouble("database_unnamed")
    if current and migrations.missing(loaded.database_url):
        raise Trouble("database_behind")
    # A demo shop on loopback belongs to `up`: here, connectors reach public addresses alone.
    return msgspec.structs.replace(loaded, demo=False)


def main() -> NoReturn:
    """Run the command of the command line."""
    try:
        app(prog_name="mashang")
    except Trouble as found:
        _end(found)
    except OSError as error:
        _end(trouble.of_system(error))
    except (psycopg.Error, PoolTimeout) as error:
        _end(trouble.of_database(error))
    sys.exit(0)


def _end(found: Trouble) -> NoReturn:
    if terminal.debugging():
        traceback.print_exc()
    sys.exit(found.sentence(terminal.LOCALE))
