"""What the application's login may do with the log: add and read, nothing else."""

APPEND_ONLY = ("events", "commands", "outcomes", "positions", "seals")
READ_ONLY = ("log_generations",)


def statements(app_role: str) -> list[str]:
    """Return the SQL that restricts the application's role to INSERT and SELECT on the log."""
    role = '"' + app_role.replace('"', '""') + '"'
    return [
        *(f"REVOKE ALL ON {table} FROM {role}" for table in APPEND_ONLY + READ_ONLY),
        *(f"GRANT SELECT, INSERT ON {table} TO {role}" for table in APPEND_ONLY),
        *(f"GRANT SELECT ON {table} TO {role}" for table in READ_ONLY),
    ]
