"""An installation leaves word of itself while it runs, also beside another in the same folder."""

import errno
import os
import stat
from pathlib import Path

import pytest

from config.services import procfile
from config.services.installation import PROJECT, CannotStart, Installation


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


def test_the_key_that_signs_sessions_is_made_once_and_is_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    here = Installation("run", tmp_path, "127.0.0.1", 8000)
    here.make_directories()

    key = here.variables({})["SECRET_KEY"]

    assert len(key) > 80
    assert here.variables({})["SECRET_KEY"] == key
    assert stat.S_IMODE((here.home / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in here.home.glob("secret_key*")] == ["secret_key"]


def test_a_key_that_a_crash_left_empty_is_named_with_its_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    here = Installation("run", tmp_path, "127.0.0.1", 8000)
    here.make_directories()
    (here.home / "secret_key").write_text("\n", encoding="utf-8")

    with pytest.raises(CannotStart, match=r"run/secret_key is empty; remove it, and a new one is made"):
        here.variables({})


def test_what_can_not_be_used_says_whose_it_is_or_that_room_is_missing(tmp_path: Path) -> None:
    here = Installation("run", Path("/etc"), "127.0.0.1", 8000)

    theirs = here.unusable(PermissionError(errno.EACCES, "Permission denied", "/etc/passwd/postgres"), account=1234)
    assert "belongs to the account root; start it as that, or choose another" in str(theirs)

    full = here.unusable(OSError(errno.ENOSPC, "No space left on device"), account=1234)
    assert str(full).startswith("/etc/run can't be used (No space left on device); make room there, or choose another")


@pytest.mark.parametrize(
    ("bind", "listens", "asked_at", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000", "127.0.0.1", "http://127.0.0.1:8000"),  # noqa: S104 (nothing listens here)
        ("::1", "[::1]:8000", "::1", "http://[::1]:8000"),
        ("[::1]", "[::1]:8000", "::1", "http://[::1]:8000"),
        ("::", "[::]:8000", "::1", "http://127.0.0.1:8000"),
    ],
)
def test_web_listens_on_either_kind_of_address(
    bind: str, listens: str, asked_at: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAKEGOOD_URL", raising=False)
    monkeypatch.setenv("MAKEGOOD_DATA", str(tmp_path))
    monkeypatch.setenv("MAKEGOOD_BIND", bind)
    monkeypatch.setenv("PORT", "8000")
    here = Installation.from_environment("run")
    here.make_directories()

    web, *_ = procfile.read(PROJECT / "Procfile", here.variables({}))

    assert web.command[web.command.index("--bind") + 1] == listens
    assert (here.local_address, here.url) == (asked_at, url)
