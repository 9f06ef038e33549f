"""The campaign's report in a browser, opened from a file: no error, no fetch, the search works."""

from pathlib import Path

import browser
import msgspec
import pytest
import sample

from scanner.fleet.rows import Entry
from scanner.fleet.site import Wanted, write_site
from scanner.fleet.store import Store
from scanner.fleet.survey import Survey

BINARY = browser.find()


@pytest.mark.browser
@pytest.mark.skipif(BINARY is None, reason="no Chromium here")
def test_pages_open_without_errors_and_can_be_searched(tmp_path: Path) -> None:
    store = Store.in_folder(tmp_path / "campaign")
    plain = sample.result()
    store.put(
        Entry(
            key=f"{n}",
            campaign="summer",
            path="x",
            state="done",
            result=msgspec.structs.replace(
                plain, app=msgspec.structs.replace(plain.app, package=f"com.example.app{n}")
            ),
        )
        for n in range(12)
    )
    with store.engine.connect() as db:
        write_site(Survey(db, "summer"), tmp_path / "site", Wanted())
    store.close()
    with browser.chromium(str(BINARY), tmp_path / "profile") as page:
        for path in sorted((tmp_path / "site").rglob("*.html"))[::3]:
            page.open(path)
        page.open(tmp_path / "site" / "apps.html")
        shown = "[...document.querySelectorAll('tbody tr')].filter((row) => !row.hidden).length"
        assert page.js(shown) == 12
        page.js(
            "(() => { const box = document.getElementById('find'); box.value = 'app11';"
            "box.dispatchEvent(new Event('input')); })()"
        )
        for _ in range(10):
            page.settle()
        assert page.js(shown) == 1
        assert "1" in page.js("document.getElementById('shown').textContent")
        # The style is applied: the policy lets our own in.
        assert page.js("getComputedStyle(document.querySelector('main')).maxWidth") == "1180px"
        width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        for name in ("index.html", "trend.html", "notice-miit.html"):
            page.open(tmp_path / "site" / name)
            page.call(
                "Emulation.setDeviceMetricsOverride",
                width=390, height=800, deviceScaleFactor=1, mobile=True,
            )  # fmt: skip
            assert page.js(width), name
        assert page.errors == []
