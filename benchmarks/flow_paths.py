"""Data flow: draw reported flows at random and print the code of their ways, to be judged by hand.

usage: python benchmarks/flow_paths.py SHARED --flows FILE --seed N [--count 20] [--only N]
FILE is what `flows.py apps SHARED --save FILE` wrote: the flows of all apps of SHARED/corpus/apk.
Draws without replacement from all of them, none left out beforehand, and prints of each flow the
source, the sink, the reported path and every method on the path, decoded whole; `>` marks the
places of the path. `--only N` prints one of the drawn.
"""

import argparse
import json
import random
from pathlib import Path

from profiles.load import load_knowledge
from scanner.model.progress import silent
from scanner.static.dex.index import DexIndex
from scanner.static.flow.code import FieldRef, Ins, MethodRef
from scanner.static.flow.program import Program
from scanner.static.formats import open_package
from scanner.static.package_side import package_side


def program_of(path: Path) -> Program:
    """Return the code of an app."""
    know = load_knowledge()
    package = open_package(path, silent)
    try:
        facts = package_side(package, know, silent).facts
    finally:
        package.close()
    return Program(DexIndex([(dex.name, dex.data) for dex in facts.dex if not dex.dynamic]))


def text(ins: Ins) -> str:
    """Return an instruction on one line."""
    parts = [f"v{reg}" for reg in ins.regs]
    if isinstance(ins.ref, MethodRef | FieldRef):
        tail = ins.ref[2] if isinstance(ins.ref, MethodRef) else f":{ins.ref[2]}"
        parts.append(f"{ins.ref.cls}->{ins.ref.name}{tail}")
    elif ins.ref is not None:
        parts.append(repr(ins.ref))
    elif ins.name.startswith("const"):
        parts.append(str(ins.literal))
    parts += [f"->{target}" for target in ins.targets]
    return f"{ins.name} {', '.join(parts)}"


def rows_of(program: Program, cls: str, name: str) -> list[int]:
    """Return the methods of a Java class name with a name and descriptor."""
    methods = program.methods(f"L{cls.replace('.', '/')};")
    return [one.number for (own, kind), one in methods.items() if own + kind == name]


def print_method(program: Program, row: int, marked: set[int]) -> None:
    """Print a method; `>` before the offsets of the path."""
    method = program.method(row)
    code = program.code(method)
    print(f"  {method.cls}->{method.name}{method.descriptor}")
    if code is None:
        return
    for at in sorted(code.instructions):
        print(f"   {'>' if at in marked else ' '} {at:5d} {text(code.instructions[at])}")


def show(number: int, flow: dict[str, object], program: Program) -> None:
    """Print one flow with the code of its path."""
    print(f"\n#### {number}: {flow['app']} {flow['data_type']} -> {json.dumps(flow['sink'])}")
    print(f"source {json.dumps(flow['source'])}")
    places: dict[tuple[str, str], set[int]] = {}
    path = flow["path"]
    assert isinstance(path, list)
    for step in path:
        print(f"  {step['class']}.{step['method']}+{step['offset']}: {step['statement']}")
        places.setdefault((step["class"], step["method"]), set()).add(step["offset"])
    for (cls, name), marked in places.items():
        for row in rows_of(program, cls, name):
            code = program.code(program.method(row))
            if code is not None:
                print_method(program, row, marked)


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--flows", type=Path, required=True)
    parser.add_argument("--only", type=int)
    chosen = parser.parse_args()
    flows = json.loads(chosen.flows.read_text("utf-8"))
    drawn = random.Random(chosen.seed).sample(flows, min(chosen.count, len(flows)))
    print(f"{len(flows)} flows, {len(drawn)} drawn with seed {chosen.seed}")
    programs: dict[str, Program] = {}
    for number, flow in enumerate(drawn, 1):
        if chosen.only in (None, number):
            app = str(flow["app"])
            if app not in programs:
                programs[app] = program_of(chosen.shared / "corpus" / "apk" / app)
            show(number, flow, programs[app])


if __name__ == "__main__":
    main()
