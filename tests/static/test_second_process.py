"""A forked copy shares the work: its answers, and what happens when it fails."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from scanner.model.static import App
from scanner.static import second_process
from scanner.static.second_process import Second, resting
from tests.support.forked import no_children, open_files, run, run_apart

ROOM = 1 << 20
HERE = os.getpid()


def numbers() -> Iterator[tuple[int, int]]:
    for number in range(4):
        yield number, os.getpid()


def taken(second: Second) -> tuple[list[int], list[bool]]:
    """Return four answers, and for each whether the copy gave it."""
    found = [second.take(number) for number in range(4)]
    return [number for number, _ in found], [pid != HERE for _, pid in found]


def failing(fail: Callable[[], object]) -> Iterator[tuple[int, int]]:
    """Yield two answers; then the copy fails."""
    for number, pid in numbers():
        if number == 2 and os.getpid() != HERE:
            fail()
        yield number, pid


def from_here(second: Second) -> None:
    """Check that no copy is started and all answers are there."""
    with second:
        second.start(ROOM)
        assert not second.running
        assert taken(second) == ([0, 1, 2, 3], [False] * 4)
    assert no_children()


def case_the_copy_answers() -> None:
    with Second(numbers) as second:
        second.start(ROOM)
        assert taken(second) == ([0, 1, 2, 3], [True] * 4)
    assert no_children()


def case_what_fails_is_done_here() -> None:
    def refuse() -> None:
        raise ValueError

    for fail in (refuse, sys.exit, lambda: os._exit(0), lambda: os.kill(os.getpid(), 9)):
        with Second(lambda fail=fail: failing(fail)) as second:
            second.start(ROOM)
            assert taken(second) == ([0, 1, 2, 3], [True, True, False, False])
            assert not second.running
    assert no_children()


def case_answers_that_nobody_took() -> None:
    for fail in (lambda: None, lambda: os._exit(0)):
        with Second(lambda fail=fail: failing(fail)) as second:
            second.start(ROOM)
            assert second.take(1)[0] == 1
            assert second.take(3)[0] == 3


def case_a_copy_that_hangs_is_not_waited_for() -> None:
    second_process.PATIENCE_SECONDS = 0.2
    start = time.monotonic()
    with Second(lambda: failing(lambda: time.sleep(60))) as second:
        second.start(ROOM)
        assert taken(second) == ([0, 1, 2, 3], [True, True, False, False])
    assert time.monotonic() - start < 20
    assert no_children()


def case_no_room_for_an_answer() -> None:
    def large() -> Iterator[bytes]:
        yield b"small"
        yield bytes(2 * ROOM)

    with Second(large) as second:
        second.start(ROOM)
        assert second.running
        assert [second.take(0), len(second.take(1))] == [b"small", 2 * ROOM]
        assert not second.running


def case_an_unused_copy_ends() -> None:
    def without_end() -> Iterator[int]:
        while True:
            time.sleep(1)
            yield 0

    with contextlib.suppress(KeyboardInterrupt), Second(without_end) as second:
        second.start(ROOM)
        raise KeyboardInterrupt
    assert no_children()


def case_nothing_stays_open() -> None:
    before = open_files()
    for _ in range(3):
        with Second(numbers) as second:
            second.start(ROOM)
            second.take(0)
    assert open_files() == before


def case_no_fork_on_this_system() -> None:
    del os.fork
    from_here(Second(numbers))


def case_the_system_refuses() -> None:
    def refuse() -> int:
        raise BlockingIOError

    os.fork = refuse
    before = open_files()
    from_here(Second(numbers))
    assert open_files() == before


def case_another_thread_runs() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        from_here(Second(numbers))
    finally:
        done.set()
        thread.join()


def case_a_thread_that_rests() -> None:
    threads: list[tuple[threading.Thread, threading.Event]] = []

    def begin() -> None:
        done = threading.Event()
        threads.append((threading.Thread(target=done.wait), done))
        threads[-1][0].start()

    @contextlib.contextmanager
    def rest() -> Iterator[None]:
        threads.pop()[1].set()  # told to end, not waited for
        yield
        begin()

    begin()
    with resting(rest), Second(numbers) as second:
        second.start(ROOM)
        assert second.running
        assert len(threads) == 1
        assert taken(second) == ([0, 1, 2, 3], [True] * 4)
    threads.pop()[1].set()


def case_documents_keep_their_bytes() -> None:
    def documents() -> Iterator[tuple[App, ...]]:
        yield App(package="a", sha256="", size=1), App(package="b", sha256="", size=1, label="名")

    (alone,) = documents()
    with Second(documents) as second:
        second.start(ROOM)
        assert second.running
        assert msgspec.json.encode(second.take(0)) == msgspec.json.encode(alone)


def case_a_parent_that_is_killed() -> None:
    def hang() -> Iterator[int]:
        yield os.getpid()
        time.sleep(600)

    second = Second(hang)
    second.start(ROOM)
    print(second.take(0), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


CASES = [
    case_the_copy_answers,
    case_what_fails_is_done_here,
    case_answers_that_nobody_took,
    case_a_copy_that_hangs_is_not_waited_for,
    case_no_room_for_an_answer,
    case_an_unused_copy_ends,
    case_nothing_stays_open,
    case_no_fork_on_this_system,
    case_the_system_refuses,
    case_another_thread_runs,
    case_a_thread_that_rests,
    case_documents_keep_their_bytes,
]


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_in_a_process_of_its_own(case: Callable[[], None]) -> None:
    run_apart(case)


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_the_copy_dies_with_its_parent() -> None:
    done = run(case_a_parent_that_is_killed)
    assert done.returncode == -signal.SIGKILL
    copy = int(done.stdout)
    end = time.monotonic() + 10
    while _runs(copy) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _runs(copy)


def _runs(pid: int) -> bool:
    """Tell whether a process is alive; one that is dead and not yet reaped is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_a_copy_the_answers_come_from_here() -> None:
    from_here_alone = Second(numbers)
    assert taken(from_here_alone)[0] == [0, 1, 2, 3]
