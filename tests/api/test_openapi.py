"""OpenAPI says all of it: each operation with examples that fit, refusals, keys and the Idempotency-Key."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.test import Client

from tests.api.programs import JSON, PROBLEM, conforms, openapi

GUIDE: Final = Path(__file__).parents[2] / "docs" / "api.md"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every operation with its method and address."""
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_the_schema_is_valid_and_nothing_is_guessed() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO(), stderr=StringIO())


def test_the_schema_and_its_pages_are_served_without_a_key_and_from_here(client: Client) -> None:
    schema = client.get("/api/schema/", {"format": "json"})
    assert schema.status_code == 200
    assert schema.json()["openapi"] == "3.1.0"
    page = client.get("/api/docs/").content.decode()
    assert "https://" not in page
    assert "//cdn" not in page


def test_the_guide_lists_every_operation_and_no_other() -> None:
    listed = re.findall(r"^\| `(GET|POST) (/api/v1/\S+)`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted((method.upper(), path) for method, path, _ in operations())


def test_the_key_is_described() -> None:
    schemes = openapi()["components"]["securitySchemes"]
    assert {name: (one["type"], one["scheme"]) for name, one in schemes.items()} == {"key": ("http", "bearer")}


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()))
def test_each_operation_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["description"]
    assert operation["security"] == [{"key": []}]
    assert {"401", "403", "406", "429"} <= set(operation["responses"])
    if method == "post":
        assert {"400", "409", "413", "415", "422"} <= set(operation["responses"])
        assert "Idempotency-Key" in [one["name"] for one in operation["parameters"] if one["in"] == "header"]
    if "{" in path:
        assert "404" in operation["responses"]


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()))
def test_each_example_fits_its_shape(method: str, path: str, operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        for kind, content in response["content"].items():
            assert (kind == PROBLEM) == (status >= "400")
            if kind in (JSON, PROBLEM):
                assert content["examples"]
            for example in content.get("examples", {}).values():
                conforms(example["value"], content["schema"])
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        for example in content.get("examples", {}).values():
            if kind == JSON:
                conforms(example["value"], content["schema"])
