"""Files of observations: read line by line, refused or skipped by line number, stored as checks."""
