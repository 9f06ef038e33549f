"""A page is fetched once, from the web only, and never without being asked."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.cli import run
from scanner.model.errors import InputError
from scanner.policy.fetch import fetch

PAGE = (Path(__file__).parent.parent / "fixtures" / "policies" / "clean.html").read_bytes()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
            return
        if self.path != "/privacy":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_saved_under_a_name_of_ours(site: str, tmp_path: Path) -> None:
    path = fetch(f"{site}/privacy", tmp_path)
    assert path.parent == tmp_path
    assert path.read_bytes() == PAGE


@pytest.mark.parametrize("page", ["/missing", "/away"])
def test_what_is_not_there_is_one_sentence(site: str, page: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be fetched"):
        fetch(site + page, tmp_path)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://x/y", "privacy.html", "http://"])
def test_only_the_web_is_fetched(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a web address"):
        fetch(url, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_scan_reads_the_page_it_was_told_to(site: str, tmp_path: Path) -> None:
    app = Path(__file__).parent.parent / "fixtures" / "apps" / "clean.apk"
    arguments = ["scan", str(app), "-q", "--flow-budget", "0", "-o", str(tmp_path)]
    assert run([*arguments, "--policy-url", f"{site}/privacy"]) == 0
    assert "127.0.0.1-" in (tmp_path / "result.json").read_text()
