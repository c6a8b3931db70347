"""The wires between the rooms, laid at start: who is woken, measures, subscribes, proves, and the desk's home."""

from time import sleep

from django.contrib import admin

from agreements import further_words
from claims import measuring
from claims import tasks as claims
from customers import post
from deadlines.registry import register as wake
from eventstore.proofs import Proof
from eventstore.proofs import register as prove
from eventstore.subscriptions import register as subscribe
from uptime.queries import differing_checks
from workflows import tasks as workflows
from workflows.mails.invitations import invited
from workflows.measured import measured_before, measured_from, measured_month
from workflows.negotiating_word import OverrideWord
from workflows.subscriptions import SUBSCRIPTIONS
from workflows.whatif.word import WhatIf

WAKES = {
    "claims.period.close": claims.period_due,
    "claims.period.review": claims.period_due,
    "claims.entitlement": claims.entitlement_due,
    "claims.settle": claims.settle_due,
    "claims.answer": claims.answer_due,
    "claims.appeal": claims.appeal_due,
    "agreements.mail": workflows.agreement_due,
    "agreements.notice": workflows.agreement_due,
    "agreements.effect": workflows.agreement_due,
}

IMPORT_SECONDS = 10.0


def _let_imports_measure() -> None:
    sleep(IMPORT_SECONDS)


CHECKS = Proof(
    things="measured months",
    proved="every check is one that was measured",
    differences=lambda told: differing_checks(told, pause=_let_imports_measure),
)


def register() -> None:
    """Lay every wire; may be called again."""
    for kind, handler in WAKES.items():
        wake(kind, handler)
    subscribe(*SUBSCRIPTIONS)
    measuring.register(measured_month, measured_from, measured_before)
    prove(CHECKS)
    post.register(invited)
    further_words.register(WhatIf())
    further_words.register(OverrideWord())
    admin.site.index_template = "config/desk/home.html"
