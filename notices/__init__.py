"""E-mail out, through the outbox."""
