"""A drop folder: each app once, none before it is whole, by one of many watchers."""

import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import fleet_work
import pytest

from scanner.commands import watch
from scanner.fleet.arrivals import Arrivals
from scanner.fleet.batch import Batch
from scanner.fleet.isolate import Limits
from scanner.fleet.local import LocalEngine
from scanner.fleet.store import Store
from scanner.fleet.work import Options
from tests.support.interruptible import INTERRUPTIBLE

LIMITS = Limits(seconds=20.0, memory=2 << 30)


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def names(arrivals: Arrivals, clock: Clock, steps: int) -> list[str | None]:
    """Return what arrives within `steps` seconds."""
    found: list[str | None] = []
    each = iter(arrivals)
    for _ in range(steps):
        for job in each:
            if job is None:
                break
            found.append(Path(job.app).name)
        clock.now += 1
    return found


def test_a_file_waits_until_it_is_whole(tmp_path: Path) -> None:
    clock = Clock()
    arrivals = Arrivals(tmp_path, settle=5, clock=clock)
    app = tmp_path / "a.apk"
    app.write_bytes(b"half")
    assert names(arrivals, clock, 4) == []
    app.write_bytes(b"half and more")
    assert names(arrivals, clock, 4) == []
    assert names(arrivals, clock, 4) == ["a.apk"]
    assert names(arrivals, clock, 20) == []
    app.write_bytes(b"a new version under the same name")
    assert names(arrivals, clock, 9) == ["a.apk"]


def test_what_is_no_app_or_still_has_a_temporary_name_is_left_alone(tmp_path: Path) -> None:
    clock = Clock()
    for name in (".b.apk", "c.apk.part", "d.txt"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "link.apk").symlink_to(tmp_path / "d.txt")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "e.apk").write_bytes(b"")
    assert names(Arrivals(tmp_path, settle=1, clock=clock), clock, 9) == ["e.apk"]


def test_a_file_that_leaves_is_forgotten(tmp_path: Path) -> None:
    clock = Clock()
    arrivals = Arrivals(tmp_path, settle=5, clock=clock)
    (tmp_path / "a.apk").write_bytes(b"")
    names(arrivals, clock, 2)
    (tmp_path / "a.apk").unlink()
    assert names(arrivals, clock, 9) == []


def test_once_ends_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.apk").write_text("good")
    arrivals = Arrivals(tmp_path, settle=0.3, once=True)
    assert [Path(job.app).name for job in arrivals if job is not None] == ["a.apk"]
    (tmp_path / "empty").mkdir()
    assert list(Arrivals(tmp_path / "empty", once=True)) == []


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_command_watches_until_it_is_told_to_end(tmp_path: Path, end: signal.Signals) -> None:
    root = Path(__file__).parents[2]
    (tmp_path / "drop").mkdir()
    shutil.copy(root / "tests" / "fixtures" / "apps" / "clean.apk", tmp_path / "drop" / "a.apk")
    where = ["watch", str(tmp_path / "drop"), "-o", str(tmp_path / "c"), "--settle", "0.2"]
    with subprocess.Popen(
        [*INTERRUPTIBLE, *where, "--flow-budget", "0"],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("done\t")
        running.send_signal(end)
        assert running.wait(60) == 0
    store = Store.in_folder(tmp_path / "c")
    assert list(store.states("c").values()) == ["done"]
    with store.engine.connect() as db:
        assert db.exec_driver_sql("select count(*) from claims").scalar() == 0
    store.close()


def test_many_watchers_examine_each_app_once(tmp_path: Path) -> None:
    drop, campaign = tmp_path / "drop", tmp_path / "c"
    drop.mkdir()
    for number in range(12):
        (drop / f"{number}.apk").write_text("look" + " " * number)

    def watch() -> None:
        engine = LocalEngine(Options(), LIMITS, 2, fleet_work.behave)
        arrivals = Arrivals(drop, settle=0.2, once=True)
        Batch(campaign, arrivals, Options(), engine, knowledge="k").run(lambda _: None)

    watchers = [threading.Thread(target=watch) for _ in range(3)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    # Each examination leaves one file, named by its process.
    assert len(list(drop.glob("seen-*"))) == 12
    store = Store.in_folder(campaign)
    assert sorted(store.states("c").values()) == ["done"] * 12
    store.close()


def test_a_signal_is_not_lost_where_its_exception_is() -> None:
    stop = watch._Stop()
    stop.check()
    with pytest.raises(KeyboardInterrupt):
        stop(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        stop.check()
