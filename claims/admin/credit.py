"""Credit at the desk: balances and postings of accounts, undoing a posting, and the bills of a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from agreements.explaining import Step
from claims.admin import forms
from claims.admin.acting import Act, Named
from claims.commands.ledger import reverse_posting
from claims.events.ledger import CreditDrawn, CreditPosted, CycleOpened, DrawAdjusted, PostingReversed
from claims.explain.ledger import explain_posting
from claims.models.ledger import CreditAccount
from claims.queries import ledger
from claims.queries.ledger import PostingView
from customers import queries as customers
from customers.admin.desk import Cleaned, act, operator
from eventstore import Event
from kernel import clock, shown


@dataclass(frozen=True, slots=True)
class Told:
    """A posting in words; `can_be_reversed` where it is a credit that stands."""

    posting: PostingView
    words: str
    claim: str
    tree: Step
    can_be_reversed: bool


@admin.register(CreditAccount)
class CreditAccountAdmin(Named):
    """The credit of every account that ever had any."""

    list_display = ("holder", "agreement", "balance", "opened_through")
    list_display_links = ("holder",)
    list_filter = ("agreement",)
    ordering = ("account",)
    actions_list = ("bills",)
    actions_detail = ("reverse_posting",)

    @admin.display(description="customer")
    def holder(self, row: Any) -> str:
        """Whose credit it is."""
        return str(row.holder_name)

    def called(self, row: CreditAccount) -> str:
        """Name a ledger by its customer."""
        return f"Credit of {customers.account(row.account).name}"

    def show(self, request: HttpRequest, row: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Show balance, cycles and postings."""
        holder = customers.account(row.account)
        postings = ledger.postings(row.account)
        context = {
            "title": self.called(row),
            "holder": holder,
            "credit": ledger.balance(row.account),
            "version": row.version,
            "ledger": row.id,
            "postings": [_told(one, row.reversals) for one in reversed(postings)],
            "problem": problem,
        }
        response = self.page(request, "admin/claims/credit.html", context)
        response.status_code = status
        return response

    @act("Reverse a posting")
    def reverse_posting(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Undo a credit that should not have been posted; both entries stay."""
        row: CreditAccount = self.found(request, object_id)
        wanted = request.GET.get("posting", "")
        found = next((one for one in row.postings if str(one.number) == wanted), None)

        def carry_out(given: Cleaned) -> str:
            reverse_posting(row.account, **given, by=operator(request), now=clock.now())
            return "The posting is reversed by an entry of its own."

        lead = f"{shown.money(found.amount)} for {shown.month(found.month)} leaves the balance." if found else ""
        reversing = Act(
            title="Reverse a posting",
            button="Reverse it",
            form=forms.ReversalForm,
            initial={"posting": wanted},
            lead=lead,
            why_not="" if found else "Choose a credit that was posted.",
            careful=True,
            carry_out=carry_out,
        )
        return self.act_on(request, row, reversing)

    @act("Bills of a cycle (CSV)", icon="download")
    def bills(self, request: HttpRequest) -> HttpResponse:
        """Write gross, credit applied and remainder of every account's bill."""

        def carry_out(given: Cleaned) -> HttpResponse:
            agreement, cycle = given["agreement"], given["cycle"]
            headers = {"Content-Disposition": f'attachment; filename="bills-{cycle}.csv"'}
            lines = "".join(ledger.bills_csv(agreement, cycle))
            return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

        return self.perform(
            request, title="Bills of a cycle", form=forms.BillsForm, carry_out=carry_out, back=self.list_page()
        )


def _told(posting: PostingView, reversals: tuple[int, ...]) -> Told:
    event = posting.event
    is_credit = isinstance(event, CreditPosted)
    return Told(
        posting=posting,
        words=_words(event),
        claim=str(event.claim) if isinstance(event, CreditPosted) else "",
        tree=explain_posting(event),
        can_be_reversed=is_credit and posting.number not in reversals,
    )


def _words(event: Event) -> str:
    match event:
        case CreditPosted(month=month, amount=amount, statement_version=version):
            return f"{shown.money(amount)} credited for {shown.month(month)}, by statement version {version}"
        case CycleOpened(cycle=cycle, reserved=reserved):
            return f"{shown.money(reserved)} reserved for the bill of {shown.month(cycle)}"
        case CreditDrawn(cycle=cycle, drawn=drawn, usage=usage):
            return f"{shown.money(drawn)} drawn by the bill of {shown.month(cycle)}, usage {shown.money(usage)}"
        case DrawAdjusted(cycle=cycle, before=before, drawn=drawn):
            return f"The draw of {shown.month(cycle)} became {shown.money(drawn)}, from {shown.money(before)}"
        case PostingReversed(posting=number, amount=amount, reason=reason):
            return f"Posting {number} reversed, {shown.money(amount)}: {reason}"
        case _:
            return type(event).__name__
