"""Compare every call edge and string reference with androguard's, app by app.

    python benchmarks/static_oracle.py FOLDER...

Takes minutes: androguard needs up to a minute per large app. Exits with 1 at the first difference.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from tests.static.test_dex_oracle import compare, dex_files  # noqa: E402


def main() -> int:
    """Compare all packages below the folders."""
    apps = sorted(p for folder in sys.argv[1:] for p in Path(folder).rglob("*.apk"))
    print("| app | dex MB | call edges | string references | seconds |\n|---|---|---|---|---|")
    for app in apps:
        files = dex_files(app)
        size = sum(len(data) for _, data in files) / 1e6
        start = time.perf_counter()
        try:
            edges, strings = compare(files)
        except AssertionError as error:
            print(f"| {app.name} | {size:.1f} | DIFFERS: {str(error)[:300]} |")
            return 1
        took = time.perf_counter() - start
        print(f"| {app.name} | {size:.1f} | {edges:,} | {strings:,} | {took:.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
