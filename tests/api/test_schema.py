"""The API keeps what its own description promises, whatever is sent to it: never a 500."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from mashang.app import create_app
from mashang.kit.settings import Settings
from tests.running import Product

# The description does not depend on a database, so it is there while the tests are collected.
_app = create_app(Settings(home=Path(), secret=bytes(32), database_url=""))
_description = msgspec.json.decode(msgspec.json.encode(_app.openapi_schema.to_schema()))
_schema = schemathesis.openapi.from_dict(_description)
_operations = [
    (method.upper(), path)
    for path, methods in _description["paths"].items()
    for method in methods
    if method in ("get", "post", "put", "delete")
]
# These end, or bar, the very session that the other cases need, so they are asked without one.
_WITHOUT_SESSION = {
    ("POST", "/api/v1/staff/sign-out"),
    ("DELETE", "/api/v1/customer/sessions"),
    ("PUT", "/api/v1/admin/second-factor-rule"),  # everybody would have to set one up
}


@pytest.fixture(scope="module")
def signed_in(product: Product) -> dict[str, str]:
    """Headers of an operator who is a customer too."""
    with httpx.Client(base_url=product.url + "/api/v1") as client:
        session = client.post("/customer/sessions", json={}).json()["session"]
        client.get("/staff/first-run")
        token = client.cookies["mashang_csrf"]
        answer = client.post(
            "/staff/sign-in",
            json={"login": "wang", "password": product.passwords["wang"]},
            headers={"x-csrf-token": token},
        )
        answer.raise_for_status()
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {"authorization": "Bearer " + session, "x-csrf-token": token, "cookie": cookies}


@pytest.mark.parametrize(("method", "path"), _operations, ids=[f"{method} {path}" for method, path in _operations])
def test_no_request_makes_the_server_fail(
    method: str, path: str, product: Product, signed_in: dict[str, str], pytestconfig: Any
) -> None:
    headers = {} if (method, path) in _WITHOUT_SESSION else signed_in

    @settings(
        max_examples=200 if pytestconfig.getoption("--long") else 8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=_schema[path][method].as_strategy())
    def asked(case: schemathesis.Case) -> None:
        response = case.call(base_url=product.url, headers=headers, timeout=20)
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

    asked()
