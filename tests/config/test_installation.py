"""An installation leaves word of itself while it runs, also beside another in the same folder."""

import os
import stat
from pathlib import Path

from config.services.installation import Installation


def test_what_ends_beside_a_running_installation_leaves_the_word_of_that(tmp_path: Path) -> None:
    word = tmp_path / "environment"
    demo, run = (Installation(kind, tmp_path, "127.0.0.1", 8000) for kind in ("demo", "run"))
    for one in (demo, run):
        one.make_directories()
        one.leave_word({"PORT": one.kind})
        assert word.read_text(encoding="utf-8") == f"PORT={one.kind}\n"
        assert stat.S_IMODE(word.stat().st_mode) == 0o600

    run.take_word_back()
    assert word.read_text(encoding="utf-8") == "PORT=demo\n"

    demo.take_word_back()
    assert not os.path.lexists(word)
