"""The static room's entry: one package in, what can be read without running it out."""

from pathlib import Path

from profiles.model import Knowledge
from scanner.model.progress import Tell, silent
from scanner.static.formats import open_package
from scanner.static.gather_code import CodeOptions, with_code, without_code
from scanner.static.gathering import StaticGathering, inputs_of, sorted_gaps
from scanner.static.package import Package
from scanner.static.package_side import read_opening
from scanner.static.sides import Sides


def gather_static(
    path: Path,
    know: Knowledge,
    *,
    mapping: Path | None = None,
    flow_budget: float = 30.0,
    processes: int = 0,
    tell: Tell = silent,
) -> StaticGathering:
    """Read a package: APK, XAPK, APKS, APKM, folder of splits, AAB, HarmonyOS HAP or APP.

    `mapping` is an R8 or ProGuard mapping; `flow_budget` the seconds that data-flow analysis may
    take (0 = none); `processes` how many share the work (1, 2, or 0 = see `scanner.static.cores`),
    which changes nothing in what is found. Raises `InputError` when the file is no package;
    whatever else is wrong with it becomes a Gap.
    """
    package = open_package(path, tell)
    try:
        return _gather(package, know, CodeOptions(mapping, flow_budget), processes, tell)
    finally:
        package.close()


def _gather(
    package: Package, know: Knowledge, options: CodeOptions, processes: int, tell: Tell
) -> StaticGathering:
    if package.harmony:
        from scanner.static.gather_harmony import gather_harmony  # noqa: PLC0415 - rarely needed

        return gather_harmony(package, know, tell)
    with Sides(read_opening(package, tell), know, tell, processes) as sides:
        evidence, gaps = with_code(sides, options) if sides.dex else without_code(sides.whole())
        side = sides.whole()
    gaps += [gap for archive in package.archives for gap in archive.gaps()]
    return StaticGathering(
        app=side.app,
        static=evidence,
        gaps=sorted_gaps([*side.gaps, *gaps]),
        inputs=inputs_of(package, options.mapping),
        policy_texts=tuple((found.fact.place, found.data) for found in side.policies),
    )
