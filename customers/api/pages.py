"""Lists in pages: an order that ends in something unique, and the address of the next page."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.asking import asked_in_query
from customers.api.fields import TextField
from customers.api.problems import FieldFault, FieldsUnusable

T = TypeVar("T")
PAGE: Final = 50
LARGEST_PAGE: Final = 200


class PageShape(serializers.Serializer[Any]):
    """Which page of a list is wanted."""

    limit = serializers.IntegerField(
        default=PAGE, min_value=1, max_value=LARGEST_PAGE, help_text=f"Ask for 1 to {LARGEST_PAGE} items."
    )
    after = TextField(
        required=False,
        help_text="Follow the address in `next`: this names the last item of the page before.",
    )


PARAMETERS: Final = (PageShape,)


def page_of(shape: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Describe a page of such items."""
    fields = {
        "__doc__": "A page of a list; `next` is the address of the one after it, null at the end.",
        "items": shape(many=True),
        "next": serializers.URLField(allow_null=True),
    }
    return type(shape.__name__.removesuffix("Shape") + "Page", (serializers.Serializer,), fields)


def paged(
    request: Request,
    items: Sequence[T],
    *,
    named_by: Callable[[T], str],
    shape: type[serializers.Serializer[Any]],
) -> Response:
    """Answer with the page that the address asks for. Errors: FieldsUnusable."""
    wanted = asked_in_query(PageShape, request)
    start = _start([named_by(one) for one in items], wanted.get("after", ""))
    shown = items[start : start + wanted["limit"]]
    more = start + len(shown) < len(items)
    following = {"limit": wanted["limit"], "after": named_by(shown[-1])} if more else None
    address = f"{settings.MAKEGOOD_URL}{request.path}?{urlencode(following)}" if following else None
    return Response({"items": shape(shown, many=True).data, "next": address})


def _start(names: list[str], after: str) -> int:
    if not after:
        return 0
    if after not in names:
        raise FieldsUnusable([FieldFault("after", after, "The list has no such item.", "Begin at the first page.")])
    return names.index(after) + 1


def address_of(name: str, **parts: Any) -> str:
    """Give the whole address of something in the API."""
    return f"{settings.MAKEGOOD_URL}{reverse(f'api:{name}', kwargs=parts)}"
