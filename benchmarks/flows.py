"""Data flow: score on DroidBench, and time, memory and flows per real app.

usage: python benchmarks/flows.py droidbench SHARED [--implicit] [--out predictions.jsonl]
       python benchmarks/flows.py apps SHARED [--processes N] [--save FILE]
SHARED is the folder of shared material; each app runs in a process of its own, two at a time. The
peer is FlowDroid's own recorded result on the same apps by the same counting (see the scorer).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from profiles.load import load_knowledge
from scanner.static.flow.app import flows_of
from scanner.static.flow.report import flows_document

FLOWDROID_F1 = 0.826
BATCH = 4


def document(path: str, implicit: bool, budget: float) -> dict[str, object]:
    know = load_knowledge()
    start = time.monotonic()
    found = flows_of(Path(path), know, implicit=implicit, budget_seconds=budget)
    done = flows_document(found.file, found.result.flows, found.result.gaps)
    done["seconds"] = round(time.monotonic() - start, 2)
    done["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return done


def droidbench(shared: Path, implicit: bool, out: Path) -> None:
    root = shared / "corpus" / "droidbench"
    files = sorted(str(p) for p in root.glob("*/*.apk"))
    start = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        jobs = pool.map(
            document, files, [implicit] * len(files), [30.0] * len(files), chunksize=BATCH
        )
        lines = [json.dumps(one, ensure_ascii=False) for one in jobs]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(files)} apps in {time.monotonic() - start:.1f} s, two processes")
    scorer = shared / "tools" / "score_droidbench.py"
    done = subprocess.run(
        [sys.executable, str(scorer), str(root / "expected.tsv"), str(out), "--list"],
        check=True,
        capture_output=True,
        text=True,
    )
    print(done.stdout)
    f1 = float(done.stdout.rsplit("F1", 1)[1].split()[0])
    print(f"F1 {f1:.3f}, ratio to FlowDroid's {FLOWDROID_F1}: {f1 / FLOWDROID_F1:.2f}")


def one_app(path: Path, budget: float) -> tuple[str, list[dict[str, object]]]:
    command = [sys.executable, "-m", "scanner.cli", "flows", str(path), "--json", "-q"]
    start = time.monotonic()
    with subprocess.Popen(
        [*command, "--flow-budget", str(budget)], stdout=subprocess.PIPE
    ) as child:
        output = child.communicate()[0] if child.stdout is None else child.stdout.read()
        used = os.wait4(child.pid, 0)[2]
        child.returncode = 0
    one = json.loads(output or '{"flows": [], "gaps": [{"code": "failed"}]}')
    gaps = ",".join(gap["code"] for gap in one["gaps"])
    line = (
        f"{path.name:44s} {time.monotonic() - start:8.1f} "
        f"{used.ru_utime + used.ru_stime:6.1f} {used.ru_maxrss // 1024:6} "
        f"{len(one['flows']):6}  {gaps}"
    )
    return line, [{"app": path.name, **flow} for flow in one["flows"]]


def apps(shared: Path, budget: float, processes: int, save: Path | None) -> None:
    print(f"{'app':44s} {'seconds':>8s} {'CPU':>6s} {'MB':>6s} {'flows':>6s}  gaps")
    paths = sorted((shared / "corpus" / "apk").glob("*.apk"))
    flows: list[dict[str, object]] = []
    with ThreadPoolExecutor(processes) as pool:
        for line, found in pool.map(lambda path: one_app(path, budget), paths):
            print(line, flush=True)
            flows += found
    if save is not None:
        save.write_text(json.dumps(flows), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("droidbench", "apps"))
    parser.add_argument("shared", type=Path)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--budget", type=float, default=25.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--save", type=Path, help="write the flows of apps, for flow_paths.py")
    parser.add_argument("--out", type=Path, default=Path("predictions.jsonl"))
    chosen = parser.parse_args()
    if chosen.what == "droidbench":
        droidbench(chosen.shared, chosen.implicit, chosen.out)
    else:
        apps(chosen.shared, chosen.budget, chosen.processes, chosen.save)


if __name__ == "__main__":
    main()
