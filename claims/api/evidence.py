"""A file of evidence, for the account that sent it: always an attachment, never what a browser guesses."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from claims.queries import claims
from customers.api.describing import reading
from customers.api.views import AsItIs, CustomerView


class Evidence(CustomerView):
    """A file of evidence."""

    content_negotiation_class = AsItIs

    @reading("claims_evidence", OpenApiTypes.BINARY, None, kind="application/octet-stream", refuses=(404, 409))
    def get(self, request: Request, claim: UUID, evidence: UUID) -> Any:  # noqa: ARG002
        """Give a file of evidence as it was sent, as an attachment."""
        found = claims.evidence_content(claim, evidence, account=self.holder.account)
        disposition = content_disposition_header(as_attachment=True, filename=found.name)
        return HttpResponse(
            found.content,
            content_type=found.media_type,
            headers={
                "Content-Disposition": disposition,
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )
