"""The embedded servers and their supervisor: PostgreSQL, Redis and the Procfile's processes as our children."""
