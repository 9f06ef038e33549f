"""How long a Chromium takes to open the pages of a campaign's report.

python benchmarks/fleet_open.py SITE
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent / "tests" / "support")
import browser  # noqa: E402

RUNS = 5


def main() -> None:
    site = Path(sys.argv[1])
    binary = browser.find()
    if binary is None:
        sys.exit("no Chromium here")
    largest = sorted(site.rglob("*.html"), key=lambda path: -path.stat().st_size)[:4]
    with tempfile.TemporaryDirectory() as profile, browser.chromium(binary, Path(profile)) as page:
        for path in (site / "index.html", site / "apps.html", *largest):
            times = []
            for _ in range(RUNS):
                start = time.perf_counter()
                page.open(path)
                page.js("document.body.offsetHeight")
                times.append(time.perf_counter() - start)
            size = path.stat().st_size // 1024
            print(f"{path.relative_to(site)}: {size} KB, best of {RUNS} {min(times):.2f} s")
        print(f"errors: {page.errors}")


if __name__ == "__main__":
    main()
