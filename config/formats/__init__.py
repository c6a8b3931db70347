"""How Django itself writes instants, by language."""
