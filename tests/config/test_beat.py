"""Beat needs nothing of its own: what it keeps is when it last ticked, and a tick is a nudge."""

from pathlib import Path

from tests.processes import Launcher


def test_it_ticks_on_a_machine_without_a_data_directory_and_makes_none(processes: Launcher, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"

    beat = processes.beat(extra={"MAKEGOOD_DATA": str(nowhere)})

    beat.wait_for("Sending due task")
    assert not nowhere.exists()
