"""A campaign finishes whatever its apps do, and picks up where it was ended."""

from collections import Counter
from pathlib import Path

import fleet_work
import pytest

from scanner.fleet.batch import Batch, Progress
from scanner.fleet.isolate import Limits
from scanner.fleet.jobs import Job
from scanner.fleet.store import Store
from scanner.fleet.work import Options

LIMITS = Limits(seconds=1.0, memory=2 << 30)


def apps(folder: Path, *words: str) -> list[Job]:
    folder.mkdir(exist_ok=True)
    for number, word in enumerate(words):
        (folder / f"{number}.apk").write_text(word)
    return [Job(app=str(path)) for path in sorted(folder.iterdir())]


def run(campaign: Path, jobs: list[Job], limits: Limits = LIMITS) -> tuple[Counter[str], Progress]:
    shown: list[Progress] = []
    batch = Batch(
        campaign, jobs, Options(), knowledge="k", limits=limits, workers=2, work=fleet_work.behave
    )
    counts = batch.run(shown.append)
    return counts, shown[-1] if shown else Progress(0, 0, 0, {}, 0.0, 0.0)


def test_bad_apps_cost_only_themselves(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "hang", "die", "refuse", "raise", "eat")
    jobs.append(Job(app=str(tmp_path / "gone.apk")))
    counts, _ = run(tmp_path / "c", jobs)
    assert counts == {"done": 1, "timeout": 1, "crash": 2, "refused": 2, "memory": 1}


def test_what_is_finished_is_not_done_again(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "refuse")
    run(tmp_path / "c", jobs)
    counts, progress = run(tmp_path / "c", jobs)
    assert counts.total() == 0
    assert progress.skipped == 2


def test_changed_content_is_done_again_and_a_timeout_is_tried_again(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "hang")
    run(tmp_path / "c", jobs)
    (tmp_path / "apps" / "0.apk").write_text("better")
    counts, _ = run(tmp_path / "c", jobs)
    assert counts == {"done": 1, "timeout": 1}


def test_a_result_left_by_a_killed_run_is_taken_over(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good")
    run(tmp_path / "c", jobs)
    for file in (tmp_path / "c").glob("campaign.sqlite*"):
        file.unlink()
    # If the work were done again it would hang now: the content is part of the key, so only
    # the limits tell.
    counts, _ = run(tmp_path / "c", jobs, Limits(seconds=0.0, memory=2 << 30))
    assert counts == {"done": 1}


def test_a_damaged_result_is_done_again(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good")
    run(tmp_path / "c", jobs)
    for file in (tmp_path / "c").glob("campaign.sqlite*"):
        file.unlink()
    (path,) = (tmp_path / "c" / "results").rglob("*.zst")
    path.write_bytes(b"half")
    counts, _ = run(tmp_path / "c", jobs)
    assert counts == {"crash": 1, "done": 1}


def test_the_store_knows_what_happened_and_where(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "hang")
    run(tmp_path / "c", jobs)
    store = Store.in_folder(tmp_path / "c")
    with store.engine.connect() as db:
        row = db.exec_driver_sql("select state, detail from scans").one()
    store.close()
    assert row.state == "timeout"
    assert "doing hang" in row.detail


def test_an_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "hang")

    def stop(progress: Progress) -> None:
        if progress.states.get("done"):
            raise KeyboardInterrupt

    batch = Batch(
        tmp_path / "c",
        jobs,
        Options(),
        knowledge="k",
        limits=Limits(seconds=30.0, memory=2 << 30),
        workers=2,
        work=fleet_work.behave,
    )
    with pytest.raises(KeyboardInterrupt):
        batch.run(stop)
    counts, progress = run(tmp_path / "c", jobs)
    assert progress.skipped == 1
    assert counts == {"timeout": 1}
