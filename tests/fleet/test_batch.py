"""A campaign finishes whatever its apps do, and picks up where it was ended."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import fleet_work
import pytest
import sqlalchemy as sa

from scanner.fleet.batch import LEASE_SECONDS, Batch, Progress
from scanner.fleet.isolate import Limits
from scanner.fleet.jobs import Job
from scanner.fleet.local import LocalEngine
from scanner.fleet.store import Store
from scanner.fleet.work import Options, knowledge, scan_job
from scanner.model.errors import OutputError

LIMITS = Limits(seconds=3.0, memory=2 << 30)


def apps(folder: Path, *words: str) -> list[Job]:
    folder.mkdir(exist_ok=True)
    for number, word in enumerate(words):
        (folder / f"{number}.apk").write_text(word)
    return [Job(app=str(path)) for path in sorted(folder.iterdir())]


def run(campaign: Path, jobs: list[Job], limits: Limits = LIMITS) -> tuple[Counter[str], Progress]:
    shown: list[Progress] = []
    counts = batch(campaign, jobs, limits).run(shown.append)
    return counts, shown[-1]


def batch(campaign: Path, jobs: list[Job], limits: Limits = LIMITS) -> Batch:
    engine = LocalEngine(Options(), limits, 2, fleet_work.behave)
    return Batch(campaign, jobs, Options(), engine, knowledge="k", total=len(jobs))


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

    with pytest.raises(KeyboardInterrupt):
        batch(tmp_path / "c", jobs, Limits(seconds=30.0, memory=2 << 30)).run(stop)
    counts, progress = run(tmp_path / "c", jobs)
    assert progress.skipped == 1
    assert counts == {"timeout": 1}


def test_a_missing_file_that_arrives_later_is_no_longer_refused(tmp_path: Path) -> None:
    late = Job(app=str(tmp_path / "late.apk"))
    assert run(tmp_path / "c", [late])[0] == {"refused": 1}
    Path(late.app).write_text("good")
    run(tmp_path / "c", [late])
    store = Store.in_folder(tmp_path / "c")
    assert list(store.states("c").values()) == ["done"]
    store.close()


def test_what_another_run_has_is_left_to_it_until_its_claim_lapses(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good")
    run(tmp_path / "c", jobs)
    store = Store.in_folder(tmp_path / "c")
    (key,) = store.states("c")
    with store.engine.begin() as db:
        db.exec_driver_sql("update scans set state = 'timeout'")
    (next((tmp_path / "c" / "results").rglob("*.zst"))).unlink()
    assert store.claim(key, "somebody", LEASE_SECONDS)
    counts, progress = run(tmp_path / "c", jobs)
    assert not counts
    assert progress.elsewhere == 1
    assert store.claim(key, "somebody", -1.0)
    counts, _ = run(tmp_path / "c", jobs)
    assert counts == {"done": 1}
    store.close()


def test_a_full_disk_ends_the_campaign_and_loses_nothing_finished(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "full", "good ")
    with pytest.raises(OutputError, match="No space left"):
        run(tmp_path / "c", jobs)
    store = Store.in_folder(tmp_path / "c")
    states = list(store.states("c").values())
    store.close()
    # "full" is neither refused nor crashed: it was not examined, and is tried again.
    assert states
    assert set(states) == {"done"}
    (tmp_path / "apps" / "1.apk").write_text("good  ")
    counts, progress = run(tmp_path / "c", jobs)
    assert progress.skipped + counts["done"] == 3


def test_a_full_store_ends_the_campaign_with_a_sentence(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", *(f"good{' ' * n}" for n in range(4)))
    one = batch(tmp_path / "c", jobs)
    # The database may not grow beyond what it has: what SQLite says is what a full disk says.
    sa.event.listen(
        one._store.engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA max_page_count = 1").close(),
    )
    one._store.engine.dispose()
    with pytest.raises(OutputError, match="full"):
        one.run(lambda _: None)
    counts, progress = run(tmp_path / "c", jobs)
    assert progress.done == 4
    assert set(counts) <= {"done"}


def test_apps_end_with_a_killed_campaign_and_the_next_run_goes_on(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good", "linger")
    mark = tmp_path / "apps" / "linger"
    code = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[1].split(':');"
        "import test_batch as t; from scanner.fleet.isolate import Limits;"
        "from scanner.fleet.jobs import read_jobs;"
        "t.run(Path(sys.argv[3]), list(read_jobs([Path(sys.argv[2])])), Limits(60.0, 2 << 30))"
    )
    places = ":".join(map(str, (Path(__file__).parent, Path(fleet_work.__file__).parent)))
    # An own process, killed as `kill -9` kills it: while one app is done and one goes on.
    killed = subprocess.Popen(
        [sys.executable, "-c", code, places, str(tmp_path / "apps"), str(tmp_path / "c")],
        cwd=Path(__file__).parents[2],
    )
    try:
        wait_for(lambda: mark.with_suffix(".pid").exists())
        wait_for(lambda: list((tmp_path / "c" / "results").rglob("*.zst")))
    finally:
        killed.kill()
        killed.wait()
    child = int(mark.with_suffix(".pid").read_text())
    wait_for(lambda: not alive(child))
    (tmp_path / "apps" / "1.apk").write_text("good too")
    counts, progress = run(tmp_path / "c", [Job(app=job.app) for job in jobs])
    assert progress.done == 2
    assert set(counts) <= {"done"}


def test_a_quarantined_app_stays_quarantined_unless_asked(tmp_path: Path) -> None:
    jobs = apps(tmp_path / "apps", "good")
    run(tmp_path / "c", jobs)
    (next((tmp_path / "c" / "results").rglob("*.zst"))).unlink()
    store = Store.in_folder(tmp_path / "c")
    with store.engine.begin() as db:
        db.exec_driver_sql("update scans set state = 'quarantined'")
    store.close()
    assert run(tmp_path / "c", jobs)[1].skipped == 1
    engine = LocalEngine(Options(), LIMITS, 2, fleet_work.behave)
    once_more = Batch(
        tmp_path / "c",
        jobs,
        Options(),
        engine,
        knowledge="k",
        again=frozenset({"quarantined"}),
    )
    assert once_more.run(lambda _: None) == {"done": 1}


@pytest.mark.parametrize("workers", [1, 2])
def test_results_do_not_depend_on_order_or_workers(tmp_path: Path, workers: int) -> None:
    fixtures = Path(__file__).parents[1] / "fixtures" / "apps"
    jobs = [Job(app=str(fixtures / name)) for name in ("clean.apk", "dirty.apk")]
    options, know = Options(flow_budget=0.0), knowledge("").digest
    found = []
    for ordered in (jobs, jobs[::-1]):
        folder = tmp_path / str(len(found)) / "c"
        engine = LocalEngine(options, Limits(100.0, 3 << 30), workers, scan_job)
        counts = Batch(folder, ordered, options, engine, knowledge=know).run(lambda _: None)
        assert counts == {"done": 2}
        found.append({p.name: p.read_bytes() for p in (folder / "results").rglob("*.zst")})
    assert found[0] == found[1]


def test_what_a_manifest_says_stands_in_the_store(tmp_path: Path) -> None:
    (job,) = apps(tmp_path / "apps", "hang")
    told = Job(app=job.app, version="3.1", developer="甲公司", store="某商店", category="38")
    run(tmp_path / "c", [told])
    store = Store.in_folder(tmp_path / "c")
    with store.engine.connect() as db:
        row = db.exec_driver_sql("select version, maker, store, category from scans").one()
    store.close()
    assert tuple(row) == ("3.1", "甲公司", "某商店", "38")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().split()[2:3]


def wait_for(come: Callable[[], object]) -> None:
    for _ in range(600):
        if come():
            return
        time.sleep(0.1)
    pytest.fail("did not come")
