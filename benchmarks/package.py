"""Identity, permissions, label and signers of a package: ours against androguard's.

usage: python benchmarks/package.py [APP_OR_FOLDER ...]

Each figure is a process of its own in the same run, imports included: wall time and peak memory.
"""

import sys
from pathlib import Path

from scan import measure

ROOT = Path(__file__).parent.parent
PEER = """
import sys
from loguru import logger
logger.remove()
from androguard.core.apk import APK
apk = APK(sys.argv[1])
apk.get_app_name(), apk.get_permissions(), [c.sha256_fingerprint for c in apk.get_certificates()]
apk.get_activities(), apk.get_services(), apk.get_receivers(), apk.get_providers()
"""
OURS = """
import sys
from pathlib import Path
from scanner.static.formats import open_package
from scanner.static import identity
package = open_package(Path(sys.argv[1]), lambda _: None)
table, _ = identity.read_tables(package)
manifests = identity.Manifests(package, table)
identity.app_of(package, manifests.base), manifests.permissions(table)
"""
REPEATS = 3


def best(code: str, path: Path) -> tuple[float, float]:
    """Return the smallest time and memory of a few runs."""
    runs = [measure(code, str(path)) for _ in range(REPEATS)]
    return min(r[0] for r in runs), min(r[1] for r in runs)


def main() -> None:
    given = [Path(a) for a in sys.argv[1:]] or [ROOT / "tests" / "fixtures" / "apps"]
    files = [f for g in given for f in (sorted(g.glob("*.apk")) if g.is_dir() else [g])]
    print(f"{'app':40} {'androguard':>18} {'ours':>18} {'faster':>7} {'memory':>7}")
    for path in files:
        (t1, m1), (t2, m2) = best(PEER, path), best(OURS, path)
        print(
            f"{path.name[:40]:40} {t1:8.2f} s {m1:5.0f} MB {t2:8.2f} s {m2:5.0f} MB "
            f"{t1 / t2:6.1f}x {m1 / m2:6.1f}x"
        )


if __name__ == "__main__":
    main()
