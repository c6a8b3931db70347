"""The linter: what a lawyer should see about terms before customers do."""

from agreements.lint.finding import Finding as Finding
from agreements.lint.finding import Severity as Severity
from agreements.lint.linter import findings as findings
from agreements.lint.tried import EXAMPLE_CONTRADICTED as EXAMPLE_CONTRADICTED
