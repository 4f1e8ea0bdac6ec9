"""`python -m demo.shop`: the shop as its own process."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from demo.shop import config
from demo.shop.app import create_app


def main() -> None:
    """Read the command line, serve until told to stop."""
    given = argparse.ArgumentParser(prog="demo.shop", description="The demo shop of Mashang.")
    given.add_argument("--host", default="127.0.0.1")
    given.add_argument("--port", type=int, default=8701)
    given.add_argument("--home", type=Path, required=True, help="folder for its data")
    given.add_argument("--config", type=Path, help="connection settings (default: HOME/shop.json)")
    given.add_argument("--product-url", help="where Mashang is, as browsers see it (default: from the settings)")
    options = given.parse_args()
    settings = config.load(options.config or options.home / "shop.json", product_url=options.product_url)
    app = create_app(settings, options.home)
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning", lifespan="on")


if __name__ == "__main__":
    main()
