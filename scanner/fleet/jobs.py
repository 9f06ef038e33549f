"""Which apps a campaign examines: a folder, a list, or a manifest."""

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from profiles.strict_yaml import parse
from scanner.model.base import Doc
from scanner.model.errors import InputError

SUFFIXES = frozenset({".apk", ".xapk", ".apks", ".apkm", ".aab", ".hap"})
MAX_MANIFEST = 64 * 1024 * 1024
# Column names that authorities and stores use in their own lists.
HEADERS = {
    "应用": "app", "安装包": "app", "文件": "app", "文件名": "app", "路径": "app",
    "类别": "category", "应用类型": "category", "应用类别": "category", "类型": "category",
    "隐私政策": "policy", "政策": "policy", "流量": "traffic", "抓包": "traffic",
    "设备": "subject", "测试设备": "subject", "开发者": "developer", "应用开发者": "developer",
    "运营者": "developer", "应用商店": "store", "应用来源": "store", "来源": "store",
    "版本": "version", "应用版本": "version", "版本号": "version",
}  # fmt: skip
OUTSIDE_HINT = "Only files below the manifest's own folder are read; --anywhere lifts this."


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

    def moved(self, place: Callable[[str], str]) -> "Job":
        """Return the job with every path replaced by what `place` makes of it."""
        return msgspec.structs.replace(
            self,
            app=place(self.app),
            policy=tuple(map(place, self.policy)),
            traffic=tuple(map(place, self.traffic)),
            subject=place(self.subject) if self.subject else "",
        )


def read_jobs(inputs: Sequence[Path], *, anywhere: bool = False) -> tuple[Job, ...]:
    """Return the jobs of all inputs, ordered by path, each app once.

    An input is an app file, a folder (searched to the bottom, links not followed), a `.txt` list
    of paths, or a `.csv`, `.yaml` manifest. Lists and manifests name only files below their own
    folder unless `anywhere`. Raises `InputError` that names file and line, also when an app is
    listed twice with different details.
    """
    jobs: dict[str, tuple[Job, str]] = {}
    for path in inputs:
        for place, job in _read(path, anywhere):
            known, where = jobs.get(job.app, (job, place))
            bare = Job(app=job.app)
            if known not in {job, bare} and job != bare:
                raise InputError(f"{place}: {job.app} stands also in {where}, with other details")
            jobs[job.app] = (job, place) if known == bare else (known, where)
    return tuple(jobs[name][0] for name in sorted(jobs))


def _read(path: Path, anywhere: bool) -> Iterable[tuple[str, Job]]:
    if path.is_dir():
        return ((str(path), Job(app=str(app))) for app in search(path))
    if not path.is_file():
        raise InputError(f"{path}: no such file or folder")
    match path.suffix.lower():
        case ".txt":
            rows: Iterable[tuple[str, object]] = _listed(path)
        case ".csv":
            rows = read_table(path, HEADERS)
        case ".yaml" | ".yml":
            rows = _yaml(path)
        case _:
            return ((str(path), Job(app=str(path))),)
    return (
        (f"{path.name}: {place}", _job(path, place, fields, anywhere)) for place, fields in rows
    )


def search(folder: Path) -> Iterator[Path]:
    """Yield the app files below `folder`; links are not followed."""
    for path in folder.rglob("*"):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink():
            yield path


def _text(path: Path) -> str:
    """Return a list's text: UTF-8, or what spreadsheets write in China, GB18030."""
    try:
        if path.stat().st_size > MAX_MANIFEST:
            raise InputError(f"{path.name}: larger than {MAX_MANIFEST} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name}: {error.strerror or error}") from error
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name}: neither UTF-8 nor GB18030", "Save it as UTF-8.")


def _listed(path: Path) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
        name = line.strip()
        if name and not name.startswith("#"):
            yield f"line {number}", {"app": name}


def read_table(path: Path, headers: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (place, fields) for every row of a CSV file, its columns renamed by `headers`.

    Raises `InputError` that names file and line.
    """
    text = _text(path)
    head = text.split("\n", 1)[0]
    tabs = "\t" in head and "," not in head
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",", strict=True)
    try:
        plain = [name.strip().lower() for name in next(rows, [])]
        names = [headers.get(name, name) for name in plain]
        for row in rows:
            place = f"line {rows.line_num}"
            if len(row) > len(names):
                raise InputError(f"{path.name}: {place}: more values than columns")
            fields = {
                name: value.strip() for name, value in zip(names, row, strict=False)
                if name and value.strip()
            }  # fmt: skip
            if fields:
                yield place, fields
    except csv.Error as error:
        raise InputError(f"{path.name}: line {rows.line_num}: {error}") from error


def _yaml(path: Path) -> Iterator[tuple[str, object]]:
    content = parse(_text(path).encode(), path.name)
    entries = content.get("apps") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise InputError(f"{path.name}: a manifest is a list of apps")
    for number, entry in enumerate(entries, 1):
        yield f"entry {number}", entry


def _job(path: Path, place: str, fields: object, anywhere: bool) -> Job:
    """Return one job with its paths made relative to the manifest."""
    if isinstance(fields, dict):
        split = {
            name: [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]
            if name in {"policy", "traffic"} and isinstance(value, str)
            else value
            for name, value in fields.items()
        }  # fmt: skip
    else:
        split = {}
    try:
        job = msgspec.convert(split, Job)
    except msgspec.ValidationError as error:
        raise InputError(f"{path.name}: {place}: {error}") from error

    def below(name: str) -> str:
        plain = os.path.normpath(name)
        outside = Path(plain).is_absolute() or plain.split(os.sep, 1)[0] == ".."
        if "\0" in name or (outside and not anywhere):
            raise InputError(f"{path.name}: {place}: {name!r} lies outside", OUTSIDE_HINT)
        return str(path.parent / plain)

    return job.moved(below)


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
