"""What a worker does for one app: scan it and leave the result on disk."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.fleet.jobs import Job
from scanner.fleet.store import packed, unpacked
from scanner.model.result import Result
from scanner.output import write_file

SUFFIX = ".json.zst"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every app of a campaign."""

    profile: str = "cn"
    as_of: str = ""
    rules: str = ""
    flow_budget: float = 30.0

    def fingerprint(self) -> str:
        """Return the options as text that is equal when they are."""
        return msgspec.json.encode(self, order="deterministic").decode()


@cache
def knowledge(rules: str) -> Knowledge:
    """Return the knowledge with the user's own `rules` folder (empty: none), read once."""
    return load_knowledge(Path(rules) if rules else None)


def scan_job(job: Job, options: Options, target: str, tell: Callable[[str], None]) -> None:
    """Scan one app and write the compressed result to `target`, whole or not at all."""
    from scanner.pipeline import Judgement, Request, gather, judge  # noqa: PLC0415 - heavy

    know = knowledge(options.rules)
    request = Request(
        app=Path(job.app),
        policies=tuple(Path(name) for name in job.policy),
        traffic=tuple(Path(name) for name in job.traffic),
        subject=Path(job.subject) if job.subject else None,
        flow_budget=options.flow_budget,
        processes=1,  # the other cores have apps of their own, and the limits hold for one process
    )
    evidence = gather(request, know, tell)
    tell("judging")
    how = Judgement(profile=options.profile, category=job.category, as_of=options.as_of)
    write_result(Path(target), judge(evidence, know, how))


def write_result(path: Path, result: Result) -> None:
    """Write a result as zstd-compressed JSON, whole or not at all."""
    write_file(path, packed(result))


def read_result(path: Path) -> Result:
    """Read a result written by `write_result`. Raises `ValueError` when it is damaged."""
    try:
        return unpacked(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
