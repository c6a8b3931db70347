"""Every figure told down to minutes, exclusions, clause and terms version (SEMANTICS 28)."""
