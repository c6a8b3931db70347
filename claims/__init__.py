"""Monthly statements, the claim state machine, credit ledger."""
