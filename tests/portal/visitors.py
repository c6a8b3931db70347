"""People at the portal: they open pages, send forms, and read what is on them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.models import User

PASSWORD: Final = "correct horse battery"
LOG: Final = b"2026-10-20 10:00:00 connection refused\n"


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, and the account that they belong to."""

    client: Client
    user: User
    account: UUID

    def address(self, page: str = "") -> str:
        """Give the address of a page of their account."""
        return f"/a/{self.account}/{page}"

    def get(self, page: str = "", **headers: Any) -> Any:
        """Open a page of their account."""
        return self.client.get(self.address(page), **headers)

    def read(self, page: str = "") -> str:
        """Read a page that is there."""
        response = self.get(page)
        assert response.status_code == 200, (page, response.status_code)
        return text_of(response)

    def post(self, page: str, **fields: Any) -> Any:
        """Send a form."""
        return self.client.post(self.address(page), fields)

    def file(self, month: str = "2026-10", *, key: UUID | None = None, **fields: Any) -> Any:
        """File a claim as the form does."""
        told = {"times": "2026-10-20 10:00 to 2026-10-22 07:00", "words": "", "key": key or uuid4(), **fields}
        return self.client.post(self.address(f"months/{month}/claim/"), told, follow=True)

    def filed(self, **fields: Any) -> UUID:
        """File a claim that is accepted, and give its id."""
        response = self.file(**fields)
        assert "Your claim has arrived" in text_of(response)
        return claim_in(response)


def claim_in(response: Any) -> UUID:
    """Tell which claim a filing led to."""
    found = re.search(r"/claims/([0-9a-f-]{36})/$", response.redirect_chain[-1][0])
    assert found, response.redirect_chain
    return UUID(found[1])


def text_of(response: Any) -> str:
    """Give what a person reads: no tags, single spaces."""
    content = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(content))


def upload(name: str = "failed.log", content: bytes = LOG) -> SimpleUploadedFile:
    """Give a file as a browser sends it."""
    return SimpleUploadedFile(name, content)
