"""How operations are described in OpenAPI: what they answer, what they refuse, with an example of each."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from customers.api.answers import HEADER, USABLE
from customers.api.problems import FAILED, MEDIA_TYPE, LengthMissing, problem

F = TypeVar("F", bound=Callable[..., Any])
JSON: Final = "application/json"
FORM: Final = "multipart/form-data"


class FaultShape(serializers.Serializer[Any]):
    """What is wrong with one field, and what would mend it; `line` in a file."""

    line = serializers.IntegerField(required=False)
    field = serializers.CharField()
    value = serializers.JSONField()
    problem = serializers.CharField()
    mend = serializers.CharField()


class ProblemShape(serializers.Serializer[Any]):
    """Problem details (RFC 9457). A refused filing also names the filing, and the claim that it repeats."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people.")
    code = serializers.CharField(help_text="Stable, for programs.")
    clause = serializers.CharField(required=False, help_text="The clause of the agreement that says so.")
    errors = FaultShape(many=True, required=False)  # type: ignore[assignment]
    filing = serializers.URLField(required=False)
    claim = serializers.URLField(required=False, allow_null=True)


PROBLEMS: Final = {
    400: problem(status=400, code="parse_error", detail="JSON parse error - Expecting value: line 1 column 1."),
    401: problem(status=401, code="not_authenticated", detail="Authentication credentials were not provided."),
    403: problem(status=403, code="permission_denied", detail="This is for customers' keys (mgc_…)."),
    404: problem(status=404, code="not_found", detail="There is no such claim."),
    406: problem(status=406, code="not_acceptable", detail="Could not satisfy the request Accept header."),
    409: problem(status=409, code="transition_refused", detail="A claim that is credited cannot become withdrawn."),
    410: problem(
        status=410,
        code="answer_erased",
        detail="This request was carried out, and what it was answered with has been erased since.",
    ),
    411: problem(status=411, code=LengthMissing.code, detail=LengthMissing.__doc__ or ""),
    413: problem(status=413, code="body_too_large", detail="The request is larger than this address takes."),
    415: problem(status=415, code="unsupported_media_type", detail='Unsupported media type "text/xml" in request.'),
    422: problem(
        status=422,
        code="fields_unusable",
        detail="Some of what was sent cannot be used; each field says why and what would mend it.",
        errors=[
            {
                "field": "month",
                "value": "October",
                "problem": "This is not a month.",
                "mend": "Write year and month, such as 2026-10.",
            }
        ],
    ),
    429: problem(status=429, code="throttled", detail="Request was throttled. Expected available in 12 seconds."),
    500: problem(status=500, code="failed", detail=FAILED),
    503: problem(
        status=503,
        code="unavailable",
        detail="This cannot be answered now. Send it again later, with the same Idempotency-Key.",
    ),
}
READING: Final = (401, 403, 406, 429, 500, 503)
WRITING: Final = (400, *READING, 409, 410, 411, 413, 415, 422)

IDEMPOTENCY: Final = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": f"^{USABLE}$", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A name of your own for this request: it is carried out once, and a repeat gets the first answer.",
    examples=[OpenApiExample("a UUID", value="6c1f2b1e-5a0e-4a44-9f0a-0f1f6f1f7b11")],
)


def reading(
    name: str,
    answer: Any,
    example: Any,
    *,
    kind: str = JSON,
    refuses: Sequence[int] = (),
    parameters: Sequence[OpenApiParameter | type[serializers.Serializer[Any]]] = (),
) -> Callable[[F], F]:
    """Describe an operation that reads."""
    responses = {(200, kind): _response(answer, example), **_problems((*READING, *refuses))}
    return extend_schema(operation_id=name, request=None, responses=responses, parameters=list(parameters))


def writing(
    name: str,
    request: Any,
    sent: Any,
    answer: Any,
    example: Any,
    *,
    status: int = 200,
    refuses: Sequence[int] = (),
    parameters: Sequence[OpenApiParameter | type[serializers.Serializer[Any]]] = (),
    problems: Mapping[int, Any] | None = None,
) -> Callable[[F], F]:
    """Describe an operation that changes something; `problems` are examples of its own."""
    return extend_schema(
        operation_id=name,
        request=request,
        responses={
            (status, JSON): _response(answer, example),
            **_problems((*WRITING, *refuses), {**PROBLEMS, **(problems or {})}),
        },
        parameters=[IDEMPOTENCY, *parameters],
        examples=[OpenApiExample("as sent", value=sent, request_only=True)] if sent is not None else [],
    )


def _response(answer: Any, example: Any) -> OpenApiResponse:
    examples = [] if example is None else [OpenApiExample("for instance", value=example)]
    return OpenApiResponse(answer, examples=examples)


def _problems(statuses: Sequence[int], examples: Mapping[int, Any] = PROBLEMS) -> dict[tuple[int, str], Any]:
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            ProblemShape,
            description=HTTPStatus(status).phrase,
            examples=[OpenApiExample("for instance", value=examples[status])],
        )
        for status in sorted(set(statuses))
    }
