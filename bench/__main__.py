"""Run every benchmark, each in a process of its own, and write docs/performance.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.harness import Row, table

HERE = Path(__file__).parent
TARGET = HERE.parent / "docs" / "performance.md"
NOT_A_BENCHMARK = {"__init__", "__main__", "harness"}

HEAD = """# Performance

Written by `make bench`. Each ratio compares our rate with a reference's in one run: the median of paired rounds, and
refused where the reference itself varies more than twofold. How it is measured is told in `bench/harness.py`; what is
measured, above each table.
"""


def modules() -> Iterator[str]:
    """Name the modules that measure."""
    with_measure = (path.stem for path in HERE.glob("*.py") if "def measure(" in path.read_text())
    yield from sorted(set(with_measure) - NOT_A_BENCHMARK)


def main() -> int:
    """Run them one after another, keep what each wrote, and say whether all met their bounds."""
    chapters, statuses = [HEAD], []
    for name in modules():
        print(f"bench.{name}", flush=True)
        with TemporaryDirectory() as directory:
            target = Path(directory) / "results.json"
            environment = {**os.environ, "BENCH_JSON": str(target)}
            done = subprocess.run([sys.executable, "-m", f"bench.{name}"], env=environment, check=False)
            statuses.append(done.returncode)
            if target.exists():
                chapters.append(chapter(name, target))
    TARGET.write_text("\n".join(chapters))
    return max(statuses, default=0)


def chapter(name: str, results: Path) -> str:
    """Tell one module's results: its title, its machine and its table."""
    told = json.loads(results.read_text())
    explained = (HERE / f"{name}.py").read_text().split('"""')[1].strip()
    rows = [Row(**row) for row in told["rows"]]
    return "\n".join(
        [f"## `bench/{name}.py`", explained, "", f"{told['machine']}; {told['versions']}", "", *table(rows), ""]
    )


if __name__ == "__main__":
    sys.exit(main())
