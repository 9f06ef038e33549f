"""A campaign's report: every link leads somewhere, nothing runs, hostile names stay names."""

import html
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import openpyxl
import pytest
import sample
from click.testing import CliRunner

from reports.campaign_report import Site, slug, words
from scanner.cli import cli
from scanner.fleet import site as site_module
from scanner.fleet import survey as survey_module
from scanner.fleet.overview import grounds, overview
from scanner.fleet.repeats import repeats
from scanner.fleet.rows import Entry
from scanner.fleet.site import Wanted, write_site
from scanner.fleet.store import Store
from scanner.fleet.survey import Survey
from scanner.fleet.trends import Ground
from scanner.model.base import same
from scanner.model.errors import InputError
from scanner.model.result import Outcome, Result

EVIL = "<script>alert(1)</script>\"'&\u202e=cmd()"


def app(number: int, **changes: object) -> Result:
    plain = sample.result(label=f"应用{number}")
    base = msgspec.structs.replace(plain.app, package=f"com.example.app{number:03}")
    return msgspec.structs.replace(
        plain, app=msgspec.structs.replace(base, **changes) if changes else base
    )


def caused(number: int, version: str) -> Result:
    """Return an app in which an SDK of some version does the wrong thing."""
    plain = app(number)
    (sdk,) = plain.sdks
    finding = sample.finding(number, actor="umeng", title=same("Finding"))
    return msgspec.structs.replace(
        plain, sdks=(msgspec.structs.replace(sdk, version=version),), findings=(finding,)
    )


def entries(count: int, campaign: str = "summer", maker: str = "甲公司") -> Iterator[Entry]:
    for n in range(count):
        yield Entry(
            key=f"{campaign}{n}",
            campaign=campaign,
            path=f"{n}.apk",
            state="done",
            developer=maker,
            store="某商店",
            finished="2026-11-20T08:00:00+00:00",
            result=app(n),
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.in_folder(tmp_path / "campaign")
    yield opened
    opened.close()


def build(store: Store, folder: Path, name: str = "summer", **wanted: object) -> dict[str, str]:
    """Write a site and return its pages by path."""
    with store.engine.connect() as db:
        earlier = grounds(store.engine, store.campaigns(), name)
        count = write_site(Survey(db, name), folder, Wanted(**wanted), earlier=earlier)
    paths = [path for path in folder.rglob("*") if path.is_file()]
    assert count == len(paths)
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in paths
        if path.suffix == ".html"
    }


class Links(HTMLParser):
    """What a page refers to, and what in it could run or be fetched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.odd: list[str] = []
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.hrefs.append(value or "")
            elif name in {"src", "style", "srcset"} or name.startswith("on") or name == "href":
                self.odd.append(f"{tag} {name}")
        self.scripts += tag == "script"


def test_every_link_leads_to_a_page_and_nothing_else_is_fetched(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_module, "PORTION", 3)
    monkeypatch.setattr(site_module, "PORTION", 3)
    store.put(entries(5, "spring"))
    store.put(entries(8))
    store.put([Entry(key="x", campaign="summer", path="x.apk", state="timeout", detail="over 9 s")])
    pages = build(store, tmp_path / "site", full=True)
    for name, page in pages.items():
        links = Links(page)
        assert not links.odd, name
        for href in links.hrefs:
            target, _, _ = href.partition("#")
            assert not target or (tmp_path / "site" / name).parent.joinpath(target).is_file(), (
                name,
                href,
            )
        assert "default-src 'none'" in html.unescape(page)
    assert {"apps.html", "apps-2.html", "apps-3.html"} <= pages.keys()
    assert "第 2 页，共 3 页" in pages["apps-2.html"]


def test_the_numbers_are_those_of_the_store(store: Store) -> None:
    store.put(entries(4))
    clean = msgspec.structs.replace(sample.result(()), app=app(9).app)
    review = msgspec.structs.replace(app(8), findings=(sample.finding(outcome=Outcome.REVIEW),))
    store.put(
        Entry(key=f"k{n}", campaign="summer", path="x", state="done", result=result)
        for n, result in enumerate((clean, review))
    )
    # A second version of an app does not count twice, and the later one counts.
    later = msgspec.structs.replace(clean, app=app(0, version_name="2.0").app)
    store.put(
        [Entry(key="l", campaign="summer", path="x", state="done", finished="2027", result=later)]
    )
    store.put([Entry(key="t", campaign="summer", path="t", state="crash")])
    with store.engine.connect() as db:
        o = overview(Survey(db, "summer"))
    assert (o.apps, o.scans, o.states) == (6, 7, {"done": 7, "crash": 1})
    assert o.standing == {"fail": 3, "review": 1, "pass": 2}
    (issue,) = o.issues
    assert (issue.id, issue.apps, issue.fails, issue.reviews) == (
        "collection-before-consent", 4, 3, 1,
    )  # fmt: skip
    assert o.core["collection"] == {"fail": 6}
    assert o.parts == {"static": 6}


def test_a_cause_is_one_version_of_one_sdk_in_several_apps(store: Store) -> None:
    versions = ["9.1", "9.1", "9.1", "9.2", "9.2", "9.3"]
    store.put(
        Entry(key=f"{n}", campaign="c", path="x", state="done", result=caused(n, version))
        for n, version in enumerate(versions)
    )
    with store.engine.connect() as db:
        causes = Survey(db, "c").causes()
    assert [(c.actor, c.version, c.apps, c.data) for c in causes] == [
        ("umeng", "9.1", 3, ((same("IMEI"), 3),)),
        ("umeng", "9.2", 2, ((same("IMEI"), 2),)),
    ]
    assert causes[0].examples == tuple(f"com.example.app{n:03}" for n in range(3))
    said = Site("c", "zh", "1").cause(causes[0])
    assert said == "Umeng 9.1：同意前收集"
    assert Site("c", "zh", "1").concerned(causes[0]) == "IMEI 3"


def test_repeat_offenders_and_the_trend(store: Store, tmp_path: Path) -> None:
    store.put(entries(3, "spring"))
    store.put(entries(2, "summer"))
    clean = msgspec.structs.replace(sample.result(()), app=app(2).app)
    store.put(
        [Entry(key="m", campaign="summer", path="x", state="done", finished="2027", result=clean)]
    )
    with store.engine.connect() as db:
        survey = Survey(db, "summer")
        earlier = grounds(store.engine, store.campaigns(), "summer")
        o = overview(survey, earlier)
    found = repeats([*earlier, Ground(store.engine, "summer")], 9)
    assert [r.package for r in found] == ["com.example.app000", "com.example.app001"]
    assert found[0].where == ("spring 1.2", "summer 1.2")
    assert [(p.name, p.apps, p.failing) for p in o.past] == [("spring", 3, 3), ("summer", 3, 2)]
    assert o.moved is not None
    assert (o.moved.apps, o.moved.fresh, o.moved.gone, o.moved.still) == (3, 0, 1, 2)
    assert "不再出现 1 项" in build(store, tmp_path / "site")["trend.html"]


def test_notices_hold_failures_only_in_the_form_of_the_authority(
    store: Store, tmp_path: Path
) -> None:
    def result(number: int, outcome: Outcome) -> Result:
        plain = app(number)
        clause = msgspec.structs.replace(
            plain.clauses[0], regulation="miit-issues", clause="collect", outcome=outcome,
            title=same("违规收集个人信息"),
        )  # fmt: skip
        return msgspec.structs.replace(plain, clauses=(clause,))

    store.put(
        Entry(
            key=f"{n}", campaign="summer", path="x", state="done", developer="甲公司",
            store="某商店", result=result(n, outcome),
        )
        for n, outcome in enumerate((Outcome.FAIL, Outcome.REVIEW, Outcome.NOT_ASSESSED))
    )  # fmt: skip
    pages = build(store, tmp_path / "site")
    page = re.sub(r"<[^>]+>", " ", pages["notice-miit.html"])
    for word in ("序号", "应用来源", "应用0", "甲公司", "某商店", "1.2", "违规收集个人信息"):
        assert word in page
    assert "应用1" not in page
    assert "应用2" not in page
    book = openpyxl.load_workbook(tmp_path / "site" / "campaign.xlsx", read_only=True)
    rows = list(book["附件：存在问题的应用软件名单"].values)
    assert rows[1:] == [("1", "应用0", "甲公司", "某商店", "1.2", "违规收集个人信息")]


def test_a_developer_who_is_only_a_certificate_is_not_named_in_a_notice(store: Store) -> None:
    site = Site("c", "zh", "1")
    shown = "C=CN, O=自称的公司, CN=x"
    assert site.maker("signer:" + "12" * 32, shown) == "自称的公司 [121212121212]"
    assert site.maker("signer:" + "12" * 32, "") == "121212121212"
    assert site.maker("甲公司", "甲公司") == "甲公司"


def test_hostile_names_stay_names(store: Store, tmp_path: Path) -> None:
    result = app(0, label=EVIL, version_name=EVIL, package="../../../etc/" + EVIL)
    store.put(
        [
            Entry(
                key="k", campaign=EVIL, path=EVIL, state="done", developer=EVIL, store=EVIL,
                result=result,
            ),
            Entry(key="j", campaign=EVIL, path=EVIL, state="crash", detail=EVIL),
        ]
    )  # fmt: skip
    pages = build(store, tmp_path / "site", EVIL)
    inside = {path.relative_to(tmp_path / "site").parts for path in tmp_path.rglob("*.html")}
    assert all(len(parts) <= 2 for parts in inside)
    for name, page in pages.items():
        assert "<script>alert" not in page, name
        assert "\u202e" not in page, name
        assert Links(page).scripts == 1, name
    book = openpyxl.load_workbook(tmp_path / "site" / "campaign.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_names_make_files_that_neither_lead_out_nor_meet(tmp_path: Path) -> None:
    ids = [
        "cn-191:3.1",
        "cn-191-3-1",
        "cn-191.3:1",
        "umeng",
        "Umeng",
        "../x",
        "",
        "signer:ab",
        "应用",
    ]
    made = [slug(name) for name in ids]
    assert len({name.lower() for name in made}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in made)


def test_without_pages_of_apps_nothing_links_to_them(store: Store, tmp_path: Path) -> None:
    store.put(entries(3))
    pages = build(store, tmp_path / "site", app_pages=False, lang="en")
    assert not [name for name in pages if name.startswith("app/")]
    assert not [page for page in pages.values() if 'href="app/' in page or "../app/" in page]
    assert "3 apps" in pages["index.html"]


def test_an_empty_campaign_has_a_report_too(store: Store, tmp_path: Path) -> None:
    store.put([Entry(key="t", campaign="summer", path="t.apk", state="timeout", detail="over")])
    pages = build(store, tmp_path / "site")
    assert "t.apk" in pages["unexamined.html"]
    assert "没有。" in pages["apps.html"]


def test_an_earlier_site_is_replaced_and_nothing_else(store: Store, tmp_path: Path) -> None:
    store.put(entries(2))
    first = build(store, tmp_path / "site")
    store.forget("summer1")
    second = build(store, tmp_path / "site")
    assert len(second) < len(first)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="not empty"):
        build(store, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["campaign", "mine", "site"]


def test_the_same_store_gives_the_same_pages(store: Store, tmp_path: Path) -> None:
    store.put(entries(3))
    assert build(store, tmp_path / "one") == build(store, tmp_path / "two")


def test_every_word_exists_in_both_languages() -> None:
    for key, text in words().items():
        assert text.zh.strip(), key
        assert text.en.strip(), key
        assert not any("一" <= c <= "鿿" for c in text.en), key
        fields = [set(re.findall(r"\{(\w+)\}", said)) for said in (text.zh, text.en)]
        assert fields[0] == fields[1], key


def test_the_command_writes_it(store: Store, tmp_path: Path) -> None:
    store.put(entries(2))
    where = ["campaign", str(tmp_path / "campaign"), "-o", str(tmp_path / "site"), "--lang", "en"]
    ran = CliRunner().invoke(cli, where, catch_exceptions=False)
    assert "index.html" in ran.output
    assert "Campaign report: summer" in (tmp_path / "site" / "index.html").read_text()
    assert io.BytesIO((tmp_path / "site" / "campaign.xlsx").read_bytes()).read(2) == b"PK"
