"""Examples for OpenAPI: Acme's October, as the API answers it."""

import json
from pathlib import Path
from typing import Any, Final

_FOUND: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))

MONTHS: Final = _FOUND["months_list"]
MONTH: Final = _FOUND["months_show"]
MONTH_DEADLINES: Final = _FOUND["months_deadlines"]
STATEMENT: Final = _FOUND["months_statement"]
STATEMENTS: Final = _FOUND["months_versions"]
EXPLANATION: Final = _FOUND["months_explanation"]
CLAIM: Final = _FOUND["claim"]
CLAIMS: Final = {"items": [CLAIM], "next": None}
CLAIM_DEADLINES: Final = _FOUND["claims_deadlines"]
HISTORY: Final = _FOUND["history"]
DUPLICATE: Final = _FOUND["duplicate"]
CREDIT: Final = _FOUND["credit"]
POSTINGS: Final = _FOUND["postings"]

FILING: Final = {"month": CLAIM["month"], "times": CLAIM["times"], "words": CLAIM["words"]}
ADDED: Final = {"times": CLAIM["times"]}
WITHDRAWING: Final = {"words": "It was our own network."}
WITHDRAWN: Final = {**CLAIM, "state": "withdrawn", "is_open": False, "due_at": None}
APPEALING: Final = {"words": "Your probe was blind: see the attached log."}
APPEALED: Final = {
    **CLAIM,
    "state": "appealed",
    "rejected": {"code": "met", "clause": "§2.1", "sentence": "October met its target."},
    "decided_at": "2026-11-10T10:00:00Z",
    "appeal_bound": "2026-12-11T00:00:00Z",
    "appeal_words": APPEALING["words"],
    "appealed_at": "2026-11-11T10:00:00Z",
}
BILLS: Final = "cycle,account,currency,gross,credit_applied,remainder\n2026-11,acme,USD,200.00,50.00,150.00\n"
