"""Programs that call the API over HTTP; every JSON answer is held against what OpenAPI says of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

BASE: Final = "/api/v1/"
PROBLEM: Final = "application/problem+json"
JSON: Final = "application/json"


@cache
def openapi() -> dict[str, Any]:
    """Give the schema as it is served."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = json.loads(json.dumps(schema, default=str))
    return found


def conforms(value: Any, schema: Mapping[str, Any]) -> None:
    """Refuse a value that is not as OpenAPI says."""
    Draft202012Validator({**schema, "components": openapi()["components"]}).validate(value)


def described(response: Any) -> None:
    """Refuse an answer that OpenAPI does not describe: its operation, its status, its shape."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", response.resolver_match.route)
    operation = openapi()["paths"][f"/{route}"][response.request["REQUEST_METHOD"].lower()]
    kind = response["Content-Type"].partition(";")[0]
    content = operation["responses"][str(response.status_code)]["content"]
    if kind in (JSON, PROBLEM):
        conforms(response.json(), content[kind]["schema"])


@dataclass(frozen=True)
class Program:
    """A program with a key, or without one."""

    key: str | None = None

    def get(self, path: str, query: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """Read something."""
        return self._checked(Client().get(BASE + path, query, headers=self._headers(headers)))

    def post(self, path: str, body: Any = None, *, named: str | None = None, **headers: str) -> Any:
        """Send JSON, or CSV where the body is a text; `named` is the Idempotency-Key."""
        kind, content = ("text/csv", body) if isinstance(body, str | bytes) else (JSON, json.dumps(body or {}))
        if named is not None:
            headers["Idempotency-Key"] = named
        sent = Client().post(BASE + path, content, content_type=kind, headers=self._headers(headers))
        return self._checked(sent)

    def send(self, path: str, form: Mapping[str, Any], *, named: str | None = None) -> Any:
        """Send a form with files."""
        headers = {"Idempotency-Key": named} if named else {}
        return self._checked(Client().post(BASE + path, form, headers=self._headers(headers)))

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.key}", **headers} if self.key else headers

    def _checked(self, response: Any) -> Any:
        described(response)
        assert response["Cache-Control"] == "private, no-store"
        return response


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """Make sure of a refusal, and give its problem details."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"urn:problem-type:makegood:{code}"
    assert problem["detail"]
    return problem
