"""`mashang connector check URL`: tells an integrator what is right and wrong.

Ends with 0 when every check that could be tried is right, with 1 otherwise.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mashang.kit import http, i18n
from mashang.kit.trouble import terminal_locale
from mashang.shops import check
from mashang.shops.check import Check, Subject, Visit
from mashang.shops.http import HttpShop, Keys, base_url_problem

connector = typer.Typer(help="Connecting a shop.", no_args_is_help=True)
_SIGNS = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[dim]–[/]"}


@connector.callback()
def _connector() -> None:
    """Connecting a shop."""


@connector.command("check")
def check_connector(  # noqa: PLR0917  # each is an option of the command line
    url: Annotated[str, typer.Argument(help="Address of the connector, as https://shop.example/connector/v1")],
    key_id: Annotated[str, typer.Option("--key-id", help="Key id, as the desk showed it")],
    secret: Annotated[str, typer.Option("--secret", help="Shared secret", envvar="MASHANG_CONNECTOR_SECRET")] = "",
    secret_file: Annotated[Path | None, typer.Option("--secret-file", help="File that holds the secret")] = None,
    customer: Annotated[str, typer.Option(help="A customer id that exists, for the checks that need one")] = "",
    order: Annotated[str, typer.Option(help="An order number that exists")] = "",
    lang: Annotated[str, typer.Option(help="zh-CN or en; else LANG decides")] = "",
) -> None:
    """Try a shop's connector, one thing at a time, and say what is right and wrong."""
    locale = i18n.negotiate(lang) if lang else terminal_locale()
    console = Console(highlight=False)
    known = secret_file.read_text("utf-8").strip() if secret_file else secret
    if not known or base_url_problem(url):
        console.print(i18n.sentence("check.needs_secret" if not known else "check.needs_url", locale))
        raise typer.Exit(2)
    tried = asyncio.run(_run(Keys(url, key_id, known), Subject(customer, order), console, locale))
    failed = sum(one.ok is False for one in tried)
    skipped = sum(one.ok is None for one in tried)
    facts = {"right": len(tried) - failed - skipped, "failed": failed, "skipped": skipped}
    console.print("\n" + i18n.sentence("check.summary", locale, **facts))
    raise typer.Exit(1 if failed else 0)


async def _run(keys: Keys, given: Subject, console: Console, locale: str) -> list[Check]:
    """The integrator's own machine asks: any address may be reached from here."""
    tried: list[Check] = []
    async with http.client(lambda _address, _port: True) as client:
        async for one in Visit(HttpShop(client, keys), given).checks():
            tried.append(one)
            milliseconds = "" if one.ok is None else f"{one.took.total_seconds() * 1000:>6.0f} ms"
            console.print(f"{_SIGNS[one.ok]} [dim]{milliseconds:>9}[/]  {escape(check.title(one, locale))}")
            if told := check.detail(one, locale):
                colour = "red" if one.ok is False else "dim"
                console.print(f"             [{colour}]{escape(told)}[/]")
    return tried
