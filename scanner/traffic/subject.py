"""The test device: values that were put on it on purpose, read from `subject.yaml`."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from profiles.model import Knowledge
from profiles.strict_yaml import parse
from scanner.model.base import Doc
from scanner.model.errors import InputError, KnowledgeError

_MAX_BYTES = 4 << 20
_MAX_VALUES = 5_000
_POSITION_TYPES = ("location_precise", "location_coarse", "location_background")
_LATITUDES, _LONGITUDES = 90.0, 180.0

Position = tuple[float, float]


class SubjectFile(Doc):
    """The file as written. `values`: data type -> values; a position is `[latitude, longitude]`
    in WGS-84, everything else text (numbers are taken as their digits).
    """

    values: dict[str, tuple[str | int | Position, ...]]
    name: str = ""
    note: str = ""


class Seed(NamedTuple):
    """One known value: its data type and its text."""

    data_type: str
    text: str


class Subject(NamedTuple):
    """The values of the test device, in the order of the file."""

    name: str
    seeds: tuple[Seed, ...] = ()
    positions: tuple[Position, ...] = ()

    @property
    def data_types(self) -> tuple[str, ...]:
        """Return the data types whose values are known, sorted."""
        types = {seed.data_type for seed in self.seeds}
        return tuple(sorted(types | ({"location_precise"} if self.positions else set())))


NOBODY = Subject("")


def read_subject(path: Path, know: Knowledge) -> Subject:
    """Return the values in a subject file.

    Raises `InputError` naming file and field for an unknown data type, a value of the wrong
    kind, or a file that is no YAML.
    """
    file = _load(path)
    _check_types(file, path.name, know)
    if sum(map(len, file.values.values())) > _MAX_VALUES:
        raise InputError(f"{path.name}: more than {_MAX_VALUES} values", "keep the seeds few")
    seeds: list[Seed] = []
    positions: list[Position] = []
    for data_type, values in file.values.items():
        for value in values:
            if isinstance(value, tuple):
                positions.append(_position(value, data_type, path.name))
            elif str(value).strip():
                seeds.append(Seed(data_type, str(value).strip()))
    return Subject(file.name, tuple(seeds), tuple(positions))


def _load(path: Path) -> SubjectFile:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(
                f"{path.name}: larger than {_MAX_BYTES >> 20} MB", "not a subject file"
            )
        return msgspec.convert(parse(path.read_bytes(), path.name), SubjectFile)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except KnowledgeError as error:
        raise InputError(str(error), error.hint) from error
    except msgspec.ValidationError as error:
        raise InputError(
            f"{path.name}: {error}", "write `values:` as data type -> list of texts in quotes"
        ) from error


def _check_types(file: SubjectFile, name: str, know: Knowledge) -> None:
    for data_type in file.values:
        if data_type not in know.data_types or know.data_types[data_type].group:
            raise InputError(
                f"{name}: values.{data_type}: no such data type",
                "use the ids of data_types.yaml, such as imei, oaid, phone_number",
            )


def _position(value: Position, data_type: str, name: str) -> Position:
    latitude, longitude = value
    if data_type not in _POSITION_TYPES:
        raise InputError(f"{name}: values.{data_type}: a pair of numbers is a position, not this")
    if abs(latitude) > _LATITUDES or abs(longitude) > _LONGITUDES:
        raise InputError(f"{name}: values.{data_type}: write [latitude, longitude] in degrees")
    return latitude, longitude
