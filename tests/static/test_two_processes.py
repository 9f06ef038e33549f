"""One process or two: what is found is the same, whatever happens to the second."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.console import progress
from scanner.fleet.jobs import Job
from scanner.fleet.work import Options, scan_job
from scanner.model.errors import InputError
from scanner.static import container, cores, package_side, second_process
from scanner.static.cores import LEAST_DEX_BYTES, VARIABLE, two_processes
from scanner.static.dex import ahead, index
from scanner.static.dex.ahead import sweep_ahead
from scanner.static.dex.index import DexIndex
from scanner.static.gather import gather_static
from scanner.static.second_process import Second
from tests.support.dex_made import cls, const_string, dex, invoke_static, method, return_void
from tests.support.forked import no_children, run_apart
from tests.support.knowledge import knowledge
from tests.support.package_made import Node, axml, manifest, save

APPS = Path(__file__).parent.parent / "fixtures" / "apps"
HERE = os.getpid()
BODY = [const_string(0, "http://a.example/x"), invoke_static("Lb/B;", "n", "()V"), return_void()]
FIRST = dex([cls("La/b/A;", [method("m", "()V", BODY), method("n", "()V", [return_void()])])])
TWICE = dex(
    [
        cls("La/b/A;", [method("other", "()V", [return_void()] * 5)]),
        cls("Lb/B;", [method("n", "()V", BODY * 3, static=True)]),
    ]
)

OTHER = dex([cls("Lc/C;", [method("n", "()V", BODY, static=True)])])

# the same bytes --------------------------------------------------------------------------------


def written(path: Path, processes: int) -> bytes:
    found = gather_static(path, knowledge(), flow_budget=0, processes=processes)
    return msgspec.json.encode(found)


class Counted:
    """Counts the copies that are started."""

    def __init__(self) -> None:
        self.started = 0
        start = Second.start

        def counting(second: Second, room: int) -> None:
            start(second, room)
            self.started += second.running

        Second.start = counting  # type: ignore[method-assign]


def same(path: Path, *, copies: int = 1) -> bytes:
    """Check that both ways find the same, and how many copies were started; return it."""
    alone = written(path, 1)
    count = Counted()
    assert written(path, 2) == alone
    assert count.started == copies
    assert no_children()
    return alone


def case_the_apps_of_this_repository() -> None:
    same(APPS / "dirty.apk")
    same(APPS / "clean.apk")


def broken_parts() -> dict[str, bytes]:
    page = axml(("LinearLayout", {}, [("TextView", {"android:text": "x" * 100}, [])] * 20))
    native: Node = ("activity", {"android:name": "a.b.A"}, [])
    parts = {f"res/layout/{k}.xml": page for k in range(9)}
    parts |= {
        "AndroidManifest.xml": axml(manifest(native)),
        "assets/privacy.html": "<p>隐私政策</p>".encode() * 200,
        "assets/page.js": b"fetch('https://c.example/y')",
        "lib/x86/liba.so": b"\x7fELF" + b"\0ro.serialno\0",
        "classes.dex": FIRST,
        "classes2.dex": TWICE,
    }
    return parts


def case_what_the_copy_could_not_read_is_a_gap() -> None:
    container.XML_ALL_BYTES = 4000
    with TemporaryDirectory() as folder:
        path = save(Path(folder) / "a.apk", broken_parts(), stored=True)
        data = path.read_bytes()
        for there, changed in ((b"fetch(", b"FETCH("), (b"\0ro.serialno", b"\1ro.serialno")):
            data = data.replace(there, changed)
        path.write_bytes(data)
        found = msgspec.json.decode(same(path))
    gaps = {gap["code"]: gap.get("count", 1) for gap in found["gaps"]}
    assert gaps["xml-limit"] == 8
    assert gaps["bad-crc"] == 2


def case_a_folder_of_splits() -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(APPS / "dirty.apk", Path(folder) / "base.apk")
        same(Path(folder))


def case_data_flow_too() -> None:
    alone, both = (
        gather_static(APPS / "dirty.apk", knowledge(), flow_budget=60, processes=processes)
        for processes in (1, 2)
    )
    assert both.static.flows
    assert msgspec.json.encode(both) == msgspec.json.encode(alone)


def case_with_a_progress_line() -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal:
        sys.stderr = terminal
        count = Counted()
        with progress(quiet=False) as tell:
            tell("thinking")
            assert threading.active_count() > 1
            gather_static(APPS / "dirty.apk", knowledge(), flow_budget=0, processes=2, tell=tell)
            assert threading.active_count() > 1
        sys.stderr = sys.__stderr__
    assert count.started == 1
    assert no_children()
    os.close(master)


# a second process that fails -------------------------------------------------------------------


def in_the_copy(act: Callable[[], object], target: object, name: str) -> None:
    """Make a function act first when the copy calls it."""
    original = getattr(target, name)

    def changed(*args: object) -> object:
        if os.getpid() != HERE:
            act()
        return original(*args)

    setattr(target, name, changed)


def _die() -> None:
    os.kill(os.getpid(), 9)


def case_the_copy_dies_at_once() -> None:
    in_the_copy(_die, package_side, "sweep_ahead")
    same(APPS / "dirty.apk")


def case_the_copy_dies_at_the_interface() -> None:
    in_the_copy(_die, package_side, "read_interface")
    same(APPS / "dirty.apk")


def case_the_copy_dies_at_the_texts() -> None:
    in_the_copy(_die, package_side, "read_native")
    same(APPS / "dirty.apk")


def case_the_copy_hangs() -> None:
    second_process.PATIENCE_SECONDS = 0.5
    in_the_copy(lambda: time.sleep(100), package_side, "read_texts")
    same(APPS / "dirty.apk")


def case_the_copy_stumbles() -> None:
    def stumble() -> None:
        raise MemoryError

    in_the_copy(stumble, package_side, "find_packers")
    same(APPS / "dirty.apk")


def case_code_that_breaks_the_index() -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    for name in ("merge_ids", "read_code"):
        setattr(index, name, stumble)
        gaps = msgspec.json.decode(same(APPS / "dirty.apk"))["gaps"]
        assert "code-failed" in {gap["code"] for gap in gaps}


def case_there_is_no_fork() -> None:
    del os.fork
    same(APPS / "dirty.apk", copies=0)


CASES = [
    case_the_apps_of_this_repository,
    case_what_the_copy_could_not_read_is_a_gap,
    case_a_folder_of_splits,
    case_data_flow_too,
    case_with_a_progress_line,
    case_the_copy_dies_at_once,
    case_the_copy_dies_at_the_interface,
    case_the_copy_dies_at_the_texts,
    case_the_copy_hangs,
    case_the_copy_stumbles,
    case_code_that_breaks_the_index,
    case_there_is_no_fork,
]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_in_a_process_of_its_own(case: Callable[[], None]) -> None:
    run_apart(case)


# when ------------------------------------------------------------------------------------------


def test_a_campaign_uses_one_process_an_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Second, "start", refuse)
    monkeypatch.setenv(VARIABLE, "2")
    target = tmp_path / "result"
    app = str(APPS / "clean.apk")
    scan_job(Job(app=app), Options(flow_budget=0), str(target), lambda _: None)
    assert target.is_file()
    with pytest.raises(AssertionError):
        gather_static(Path(app), knowledge(), flow_budget=0)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Four cores, no limits."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(cores, "_memory_limited", lambda: False)
    monkeypatch.setattr(cores, "_quotas", lambda: iter(()))
    monkeypatch.setattr(cores, "_others", lambda: 0)
    monkeypatch.setattr(cores.sys, "platform", "linux")
    monkeypatch.setattr(cores.os, "process_cpu_count", lambda: 4, raising=False)
    return monkeypatch


def test_two_where_it_is_worth_it(free: pytest.MonkeyPatch) -> None:
    assert two_processes(0, LEAST_DEX_BYTES)
    assert not two_processes(0, LEAST_DEX_BYTES - 1)
    assert not two_processes(1, LEAST_DEX_BYTES)
    assert two_processes(2, 0)


def test_one_core_is_one_process(free: pytest.MonkeyPatch) -> None:
    free.setattr(cores.os, "process_cpu_count", lambda: 1, raising=False)
    assert not two_processes(0, LEAST_DEX_BYTES)
    free.setattr(cores.os, "process_cpu_count", lambda: None, raising=False)
    assert not two_processes(0, LEAST_DEX_BYTES)


@pytest.mark.parametrize(
    ("said", "others"),
    [("0.1 0.2 0.3 3/210 99\n", 2), ("0.1 0.2 0.3 1/210 99\n", 0), ("rubbish", 0), ("", 0)],
)
def test_other_work_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, others: int
) -> None:
    monkeypatch.setattr(cores, "_LOAD", tmp_path / "loadavg")
    monkeypatch.setattr(cores.threading, "active_count", lambda: 1)
    (tmp_path / "loadavg").write_text(said)
    assert cores._others() == others


def test_a_busy_machine_is_one_process(free: pytest.MonkeyPatch) -> None:
    free.setattr(cores, "_others", lambda: 3)
    assert not two_processes(0, LEAST_DEX_BYTES)
    free.setattr(cores, "_others", lambda: 2)
    assert two_processes(0, LEAST_DEX_BYTES)


def test_before_python_3_13_the_affinity_counts(free: pytest.MonkeyPatch) -> None:
    free.delattr(cores.os, "process_cpu_count")
    free.setattr(cores.os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert not two_processes(0, LEAST_DEX_BYTES)
    free.setattr(cores.os, "sched_getaffinity", lambda _: {2, 3}, raising=False)
    assert two_processes(0, LEAST_DEX_BYTES)


def test_elsewhere_one_process(free: pytest.MonkeyPatch) -> None:
    free.setattr(cores.sys, "platform", "darwin")
    assert not two_processes(0, LEAST_DEX_BYTES)


def test_limited_memory_is_one_process(free: pytest.MonkeyPatch) -> None:
    free.setattr(cores, "_memory_limited", lambda: True)
    assert not two_processes(0, LEAST_DEX_BYTES)
    assert two_processes(2, LEAST_DEX_BYTES)


def test_the_variable_decides_unless_asked(free: pytest.MonkeyPatch) -> None:
    free.setenv(VARIABLE, "1")
    assert not two_processes(0, LEAST_DEX_BYTES)
    assert two_processes(2, LEAST_DEX_BYTES)
    free.setenv(VARIABLE, "2")
    assert two_processes(0, 0)
    assert not two_processes(1, LEAST_DEX_BYTES)
    free.setenv(VARIABLE, "many")
    with pytest.raises(InputError, match="many"):
        two_processes(0, 0)


@pytest.mark.parametrize(
    ("groups", "own", "expected"),
    [
        ({"cpu.max": "150000 100000"}, "0::/", 1.5),
        ({"cpu.max": "max 100000"}, "0::/", 4.0),
        ({"a/cpu.max": "50000 100000", "a/b/cpu.max": "max 100000"}, "0::/a/b", 0.5),
        ({"cpu,cpuacct/a/cpu.cfs_quota_us": "100000"}, "3:cpu,cpuacct:/a", 4.0),
        (
            {
                "cpu,cpuacct/a/cpu.cfs_quota_us": "100000",
                "cpu,cpuacct/a/cpu.cfs_period_us": "100000",
            },
            "2:memory:/x\n3:cpu,cpuacct:/a",
            1.0,
        ),
        (
            {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"},
            "3:cpu:/elsewhere",
            4.0,
        ),
        ({}, "", 4.0),
        ({"cpu.max": "9 0"}, "rubbish", 4.0),
    ],
)
def test_quotas_of_control_groups(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    groups: dict[str, str],
    own: str,
    expected: float,
) -> None:
    monkeypatch.setattr(cores.os, "process_cpu_count", lambda: 4, raising=False)
    monkeypatch.setattr(cores.sys, "platform", "linux")
    monkeypatch.setattr(cores, "_GROUPS", tmp_path)
    monkeypatch.setattr(cores, "_OWN_GROUPS", tmp_path / "own")
    (tmp_path / "own").write_text(own)
    for name, text in groups.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cores._cores() == expected


# sweeps found ahead ----------------------------------------------------------------------------


def same_index(files: list[tuple[str, bytes]]) -> None:
    alone, shared = DexIndex(files), DexIndex(files, lambda: sweep_ahead(files))
    assert shared.losses == alone.losses
    for name in ("pc", "opcode", "first"):
        assert np.array_equal(getattr(alone, name), getattr(shared, name))
    for kind in alone._refs:
        one, other = alone.refs(kind), shared.refs(kind)
        assert all(np.array_equal(getattr(one, k), getattr(other, k)) for k in ("at", "id"))


def swept_again(files: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many files are swept in spite of what was found ahead."""
    known, again = sweep_ahead(files), []
    sweep = ahead.sweep
    monkeypatch.setattr(ahead, "sweep", lambda *a: again.append(a) or sweep(*a))
    DexIndex(files, lambda: known)
    return len(again)


def test_sound_files_are_swept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert swept_again([("classes.dex", FIRST), ("classes2.dex", OTHER)], monkeypatch) == 0


def test_a_class_defined_twice_is_swept_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [("classes.dex", FIRST), ("classes2.dex", TWICE)]
    same_index(files)
    assert swept_again(files, monkeypatch) == 1


def test_files_that_are_no_dex() -> None:
    same_index([("a.dex", b"no"), ("classes.dex", FIRST), ("b.dex", FIRST[:200])])
    same_index([])


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0x70, len(TWICE) - 1), st.integers(0, 255)), max_size=6))
def test_damaged_files(changes: list[tuple[int, int]]) -> None:
    data = bytearray(TWICE)
    for at, value in changes:
        data[at] = value
    same_index([("classes.dex", bytes(data)), ("classes2.dex", FIRST)])
