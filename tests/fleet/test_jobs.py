"""Manifests are read strictly, and a job's key follows its content."""

from pathlib import Path

import msgspec
import pytest

from scanner.fleet.jobs import Job, job_key, read_jobs
from scanner.model.errors import InputError, MingchaError


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_spreadsheets_of_an_authority_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes(
        "序号,应用,应用开发者,应用来源,版本号,隐私政策\r\n"
        ",x.apk,某公司,某商店,3.1,a.html；b.html\r\n".encode(encoding)
    )
    (job,) = read_jobs([tmp_path / "t.csv"])
    assert (job.developer, job.store, job.version) == ("某公司", "某商店", "3.1")
    assert [Path(name).name for name in job.policy] == ["a.html", "b.html"]


def test_tabs_separate_as_well(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("app\tdeveloper\nx.apk\tExample, Ltd\n")
    (job,) = read_jobs([tmp_path / "t.csv"])
    assert job.developer == "Example, Ltd"


@pytest.mark.parametrize("content", [b"app\n\xff\xff\n", b'app\n"x.apk', b"app\nx.apk,y\n"])
def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(MingchaError, match=r"t\.csv"):
        read_jobs([tmp_path / "t.csv"])


@pytest.mark.parametrize("name", ["../x.apk", "/etc/passwd", "a/../../x.apk", "x\0y.apk"])
def test_a_manifest_names_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "t.yaml").write_text(msgspec.json.encode([{"app": name}]).decode())
    with pytest.raises(InputError, match="entry 1"):
        read_jobs([tmp_path / "t.yaml"])
    (tmp_path / "t.txt").write_text(f"{name}\n")
    with pytest.raises(InputError, match="line 1"):
        read_jobs([tmp_path / "t.txt"])


def test_the_user_may_lift_that(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("/apps/x.apk\n../y.apk\n")
    names = {job.app for job in read_jobs([tmp_path / "t.txt"], anywhere=True)}
    assert names == {"/apps/x.apk", str(tmp_path / "../y.apk")}


def test_the_same_app_twice_is_one_and_must_not_differ(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("app,category\nx.apk,38\nx.apk,38\n./x.apk,\n")
    (tmp_path / "x.apk").write_bytes(b"")
    (job,) = read_jobs([tmp_path, table])
    assert job.category == "38"
    assert read_jobs([table, tmp_path]) == (job,)
    table.write_text("app,category\nx.apk,38\nx.apk,7\n")
    with pytest.raises(InputError, match=r"line 3.*line 2"):
        read_jobs([table])


def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    rows = "\n".join(f"{n:06}.apk,{n % 39 + 1},开发者{n % 900}" for n in range(100_000))
    (tmp_path / "t.csv").write_text(f"应用,类别,开发者\n{rows}\n")
    jobs = read_jobs([tmp_path / "t.csv"])
    assert len(jobs) == 100_000
    assert jobs[77].developer == "开发者77"


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
