"""OpenAPI says all of it: each operation with examples that fit, refusals, keys and the Idempotency-Key."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import ValidationError  # type: ignore[import-untyped]

from customers.api.describing import FORM
from tests.api.programs import BASE, JSON, PROBLEM, conforms, openapi

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
    assert {"401", "403", "406", "429", "500", "503"} <= set(operation["responses"])
    if method == "post":
        assert {"400", "409", "410", "411", "413", "415", "422"} <= set(operation["responses"])
        assert "Idempotency-Key" in [one["name"] for one in operation["parameters"] if one["in"] == "header"]
    if "{" in path:
        assert "404" in operation["responses"]
    if any(one["in"] == "query" for one in operation.get("parameters", [])):
        assert "422" in operation["responses"]


def parameter(path: str, name: str, method: str = "get") -> dict[str, Any]:
    """Say what a parameter takes."""
    (found,) = (one for one in openapi()["paths"][BASE + path][method]["parameters"] if one["name"] == name)
    said: dict[str, Any] = found["schema"]
    return said


@pytest.mark.parametrize(
    ("said", "taken", "refused"),
    [
        (parameter("claims", "limit"), [1, 200], [0, 201, "1"]),
        (parameter("claims", "after"), ["2026-10"], ["", " ", "\x00"]),
        (parameter("months/{month}", "month"), ["2026-10", "1999-12"], ["2026-13", "2026-00", "9998-12", "2026-1"]),
        (parameter("months/{month}/statement", "version"), [1, 2], [0, -1]),
        (parameter("claims", "Idempotency-Key", "post"), ["x", "~" * 255], ["", "two words", "x" * 256]),
    ],
)
def test_a_parameter_is_described_as_it_is_taken(said: dict[str, Any], taken: list[Any], refused: list[Any]) -> None:
    for value in taken:
        conforms(value, said)
    for value in refused:
        with pytest.raises(ValidationError):
            conforms(value, said)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("claims", {"month": "October"}),
        ("claims", {"month": "9998-12"}),
        ("claims", {"month": "2026-10", "wrods": ""}),
        ("claims", {"month": "2026-10", "words": 5}),
        ("claims", {"month": "2026-10", "words": "\x00"}),
        ("claims", {"month": "2026-10", "words": "x" * 10_001}),
        ("claims", {"month": "2026-10", "account": ""}),
        ("claims", {"month": "2026-10", "evidence": ["a picture"]}),
        ("claims", {"month": "2026-10", "times": [{"start": "2026-10-20T10:00:00Z", "until": "?"}]}),
        ("claims/{claim}/appeal", {"words": " "}),
        ("usage", {"account": "acme", "month": "2026-10", "amount": "-1"}),
        ("usage", {"account": "acme", "month": "2026-10", "amount": 5}),
        ("usage", {"account": "x" * 61, "month": "2026-10", "amount": "5"}),
    ],
)
def test_what_the_api_refuses_the_description_does_not_allow(path: str, wrong: dict[str, Any]) -> None:
    content = openapi()["paths"][BASE + path]["post"]["requestBody"]["content"]
    with pytest.raises(ValidationError):
        conforms(wrong, content[JSON]["schema"])


def test_files_are_sent_in_forms_as_bytes() -> None:
    for path in ("claims", "claims/{claim}/add"):
        content = openapi()["paths"][BASE + path]["post"]["requestBody"]["content"]
        form = openapi()["components"]["schemas"][content[FORM]["schema"]["$ref"].rpartition("/")[2]]
        assert form["properties"]["evidence"]["items"]["format"] == "binary"


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
