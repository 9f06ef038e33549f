"""Which apps a campaign examines: a folder, a list, or a manifest."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from profiles.strict_yaml import parse
from scanner.model.base import Doc
from scanner.model.errors import InputError

SUFFIXES = frozenset({".apk", ".xapk", ".apks", ".apkm", ".aab", ".hap"})
MAX_MANIFEST = 64 * 1024 * 1024


class Job(Doc):
    """One app of a campaign and what is known about it besides the file.

    Paths are relative to the manifest that names them. `policy` and `traffic` are separated by
    `;` in a CSV manifest.
    """

    app: str
    policy: tuple[str, ...] = ()
    traffic: tuple[str, ...] = ()
    subject: str = ""
    category: str = ""
    developer: str = ""
    store: str = ""
    version: str = ""

    def files(self) -> tuple[Path, ...]:
        """Return every input file, in fixed order."""
        names = (self.app, *self.policy, *self.traffic, self.subject)
        return tuple(Path(name) for name in names if name)


def read_jobs(inputs: Sequence[Path]) -> tuple[Job, ...]:
    """Return the jobs of all inputs, ordered by path, each app once.

    An input is an app file, a folder (searched to the bottom, links not followed), a `.txt` list
    of paths, or a `.csv`, `.yaml` manifest. Raises `InputError` that names file and line.
    """
    jobs: dict[str, Job] = {}
    for path in inputs:
        for job in _read(path):
            jobs.setdefault(job.app, job)
    return tuple(jobs[name] for name in sorted(jobs))


def _read(path: Path) -> Iterable[Job]:
    if path.is_dir():
        return (Job(app=str(app)) for app in _search(path))
    if not path.is_file():
        raise InputError(f"{path}: no such file or folder")
    match path.suffix.lower():
        case ".txt":
            return _listed(path)
        case ".csv":
            return _table(path)
        case ".yaml" | ".yml":
            return _yaml(path)
        case _:
            return (Job(app=str(path)),)


def _search(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink():
            yield path


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_MANIFEST:
        raise InputError(f"{path.name}: larger than {MAX_MANIFEST} bytes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: {error}", "Manifests and lists are UTF-8.") from error


def _listed(path: Path) -> Iterator[Job]:
    for line in _text(path).splitlines():
        name = line.strip()
        if name and not name.startswith("#"):
            yield Job(app=str(path.parent / name))


def _table(path: Path) -> Iterator[Job]:
    rows = csv.DictReader(_text(path).splitlines())
    for number, row in enumerate(rows, 2):
        fields = {name.strip(): value for name, value in row.items() if name and value}
        yield _job(path, f"line {number}", fields)


def _yaml(path: Path) -> Iterator[Job]:
    content = parse(_text(path).encode(), path.name)
    entries = content.get("apps") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise InputError(f"{path.name}: a manifest is a list of apps")
    for number, entry in enumerate(entries, 1):
        yield _job(path, f"entry {number}", entry)


def _job(path: Path, place: str, fields: object) -> Job:
    """Return one job with its paths made relative to the manifest."""
    if isinstance(fields, dict):
        split = {
            name: value.split(";") if name in {"policy", "traffic"} and isinstance(value, str)
            else value
            for name, value in fields.items()
        }  # fmt: skip
    else:
        split = {}
    try:
        job = msgspec.convert(split, Job)
    except msgspec.ValidationError as error:
        raise InputError(f"{path.name}: {place}: {error}") from error
    inside = path.parent
    return msgspec.structs.replace(
        job,
        app=str(inside / job.app),
        policy=tuple(str(inside / name.strip()) for name in job.policy if name.strip()),
        traffic=tuple(str(inside / name.strip()) for name in job.traffic if name.strip()),
        subject=str(inside / job.subject) if job.subject else "",
    )


def job_key(job: Job, knowledge: str, options: str) -> str:
    """Return the identity of a piece of work: same key, same result.

    It covers the content of every input, the knowledge digest, and the options, and not where
    the files lie. Raises `InputError` when a file cannot be read.
    """
    digest = hashlib.sha256(f"{knowledge}\0{options}\0{job.category}\0".encode())
    for path in job.files():
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}") from error
    return digest.hexdigest()
