"""Instants and dates that the admin writes by itself, as the desk's own pages write theirs."""

DATETIME_FORMAT = r"Y-m-d H:i \U\T\C"
DATE_FORMAT = "Y-m-d"
