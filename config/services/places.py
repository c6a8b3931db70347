"""Where embedded servers live: their account, their binaries, and a socket directory that is short and private."""

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from config.services.children import Account

# The kernel refuses longer socket paths (108 bytes on Linux, 104 elsewhere); the longest name is .s.PGSQL.5432.
LONGEST_SOCKET_DIRECTORY: Final = 88
# What lists of hosts and directories (PostgreSQL's) and addresses (Redis's) take for something else than a name.
MISREAD: Final = frozenset(",#%?")
ROOTS_HOME: Final = Path("/var/lib/makegood")
ACCOUNTS: Final = ("makegood", "postgres", "nobody")


class NoPlace(RuntimeError):
    """There is no place on this machine where an embedded server can keep its files."""


def account_for(data: Path) -> Account | None:
    """Choose who runs a server: ourselves, or for root an account without rights (PostgreSQL refuses root)."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    for name in ACCOUNTS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NoPlace(f"root needs one of the accounts {', '.join(ACCOUNTS)} to run PostgreSQL as")


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def reachable(path: Path, account: Account | None) -> bool:
    """Tell whether an account may pass through every directory above a path, by the mode bits."""
    return account is None or all(_passable(parent, account) for parent in path.resolve().parents)


def _passable(directory: Path, account: Account) -> bool:
    if not directory.exists():
        return True
    found = directory.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def private_directory(path: Path, account: Account | None) -> Path:
    """Make a directory that only the server's account opens; what is above it stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)
    return path


def data_directory(wanted: Path, account: Account | None) -> Path:
    """Give a server's data directory: `wanted` itself, or what it points to where its account can't reach it."""
    if wanted.is_symlink():
        return wanted.resolve()
    if reachable(wanted, account):
        wanted.parent.mkdir(parents=True, exist_ok=True)
        return wanted
    home = Path(tempfile.mkdtemp(prefix=f"{wanted.name}-", dir=_open_to_all(ROOTS_HOME)))
    home.chmod(0o711)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.symlink_to(home / "data")
    return home / "data"


def _open_to_all(directory: Path) -> Path:
    """Make a directory that other accounts may pass through, whatever our umask is."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)
    return directory


def socket_directory(wanted: Path, account: Account | None) -> Path:
    """Give a private directory for sockets: `wanted` itself, or a short and plain one it points to."""
    if wanted.is_symlink() and not wanted.exists():
        wanted.unlink()
    if wanted.is_symlink():
        return private_directory(wanted.resolve(), account)
    if _fits(wanted) and reachable(wanted, account):
        return private_directory(wanted, account)
    shutil.rmtree(wanted, ignore_errors=True)  # left by a crash, before it was a link
    short = Path(tempfile.mkdtemp(prefix="makegood-", dir=_runtime_directory(account)))
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.symlink_to(short)
    return private_directory(short, account)


def _fits(directory: Path) -> bool:
    """Tell whether sockets in a directory can be named: short enough, and by nothing that is misread."""
    return len(os.fsencode(directory)) <= LONGEST_SOCKET_DIRECTORY and not MISREAD & set(str(directory))


def remove_socket_directory(wanted: Path) -> None:
    """Remove a socket directory and what it points to, once its servers have stopped."""
    if wanted.is_symlink():
        shutil.rmtree(wanted.resolve(), ignore_errors=True)
        wanted.unlink()
    else:
        shutil.rmtree(wanted, ignore_errors=True)


def _runtime_directory(account: Account | None) -> str:
    """Choose the user's own runtime directory, else the machine's temporary one, whichever is short."""
    candidates = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"]  # noqa: S108 (mkdtemp below)
    for candidate in candidates:
        fits = _fits(Path(candidate) / "makegood-12345678")
        if candidate and fits and os.access(candidate, os.W_OK) and reachable(Path(candidate) / "x", account):
            return candidate
    raise NoPlace("no temporary directory has a path short and plain enough for a socket; set TMPDIR to a better one")


def reachable_copy(source: Path, parts: Iterable[str], *, key: str, account: Account | None) -> Path:
    """Give a directory with `parts` of `source` in it that the account can run programs from.

    Below a home that the account may not enter (/root is the usual case) the parts are copied once, to a
    place named by `key`, which must change with their content.
    """
    if reachable(source / "x", account):
        return source
    copy = _open_to_all(_open_to_all(ROOTS_HOME) / "programs") / key
    if copy.is_dir():
        return copy
    fresh = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=copy.parent))
    for part in parts:
        target = fresh / part
        for folder in reversed(Path(part).parents):
            _open_to_all(fresh / folder)
        if (source / part).is_dir():
            shutil.copytree(source / part, target, symlinks=True)
        else:
            shutil.copy2(source / part, target)
    fresh.chmod(0o755)
    try:
        fresh.rename(copy)
    except OSError:  # another process was first with the same content
        shutil.rmtree(fresh)
    return copy
