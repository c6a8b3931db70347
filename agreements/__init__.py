"""The SLA as data: terms format, linter, worked examples, published versions."""
