"""Manifests are read strictly, and a job's key follows its content."""

from pathlib import Path

import pytest

from scanner.fleet.jobs import Job, job_key, read_jobs
from scanner.model.errors import MingchaError


def test_a_folder_is_searched_for_apps_only(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/x.apk", "y.XAPK", "z.txt", "readme.md"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [Path(job.app).name for job in read_jobs([tmp_path])]
    assert found == ["x.apk", "y.XAPK"]


def test_a_list_a_table_and_a_manifest(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# apps\na.apk\n\nb.apk\n")
    (tmp_path / "table.csv").write_text(
        "app,category,policy,developer\nc.apk,38,p.html; q.html,某公司\n"
    )
    (tmp_path / "apps.yaml").write_text(
        "apps:\n- {app: d.apk, traffic: [t.mitm]}\n- {app: a.apk}\n"
    )
    jobs = read_jobs([tmp_path / "list.txt", tmp_path / "table.csv", tmp_path / "apps.yaml"])
    assert [Path(job.app).name for job in jobs] == ["a.apk", "b.apk", "c.apk", "d.apk"]
    table = jobs[2]
    assert [Path(name).name for name in table.policy] == ["p.html", "q.html"]
    assert (table.category, table.developer) == ("38", "某公司")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("t.csv", "app,colour\nx.apk,red\n", "line 2.*colour"),
        ("t.csv", "category\n38\n", "line 2.*app"),
        ("t.yaml", "apps: 3", "list of apps"),
        ("t.yaml", "- [1]", "entry 1"),
        ("t.yaml", "{", "t.yaml"),
    ],
)
def test_a_bad_manifest_is_refused(tmp_path: Path, name: str, content: str, complaint: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(MingchaError, match=complaint):
        read_jobs([tmp_path / name])


def test_a_manifest_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("app,developer\nx.apk,某公司\n".encode("gb18030"))
    with pytest.raises(MingchaError, match=r"t\.csv"):
        read_jobs([tmp_path / "t.csv"])


def test_the_key_follows_content_and_options_not_the_place(tmp_path: Path) -> None:
    one, two = tmp_path / "1.apk", tmp_path / "2.apk"
    one.write_bytes(b"same")
    two.write_bytes(b"same")
    key = job_key(Job(app=str(one)), "k", "o")
    assert key == job_key(Job(app=str(two)), "k", "o")
    assert key != job_key(Job(app=str(one)), "k2", "o")
    assert key != job_key(Job(app=str(one)), "k", "o2")
    assert key != job_key(Job(app=str(one), category="38"), "k", "o")
    two.write_bytes(b"other")
    assert key != job_key(Job(app=str(two)), "k", "o")
