"""What Cobalt Bank negotiated in the demo: more uptime than Enterprise is promised, and better rows of credit."""

from __future__ import annotations

from datetime import date

CLAUSE = "Order form 2207, §2"
WHO = "Cora Cobalt, head of procurement"
WHERE = "Order form 2207, signed by both sides"
TEXT = """\
# Order form 2207: what Cobalt Bank is promised differently from everybody else. All the rest is as the agreement says.
overrides: {agreement}
account: "{number}"
document_date: {dated}
in_force_from: {begins}
until: {ends}
clause: {clause}
changes:
  commitments:
    - name: uptime
      target: {{enterprise: 99.95%}}
      credits:
        rows:
          - {{from: 99.0%, below: 99.95%, pays: 10%}}
          - {{from: 95.0%, below: 99.0%, pays: 20%}}
          - {{from: 90.0%, below: 95.0%, pays: 30%}}
          - {{below: 90.0%, pays: 50%}}
  claims:
    file_within: {{is: 45 days, clause: "Order form 2207, §3"}}
examples:
  - name: A miss that the agreement pays nothing for
    given: {{tier: enterprise, uptime: 99.92%, usage: 1000 USD}}
    expect: {{missed: true, pays: 10%, credit: 100.00 USD}}
"""


def order_form(*, agreement: str, number: str, dated: date, begins: date, ends: date) -> str:
    """Write down what was negotiated with an account, from one month's start to another's."""
    return TEXT.format(agreement=agreement, number=number, dated=dated, begins=begins, ends=ends, clause=CLAUSE)
