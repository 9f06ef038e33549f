"""`mingcha.yaml`: the options of a scan, kept beside the app."""

from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from profiles.strict_yaml import parse
from scanner.model.base import Doc
from scanner.model.errors import InputError

NAME = "mingcha.yaml"
MAX_BYTES = 1 << 20


class Gate(Doc):
    """When a scan fails."""

    fail_on: str | None = None
    min_coverage: int | None = None
    baseline: str | None = None
    fail_on_drift: bool | None = None
    waivers: str | None = None


class Config(Doc):
    """The fields of mingcha.yaml. Paths are relative to the file."""

    app: str | None = None
    policy: tuple[str, ...] = ()
    traffic: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()
    subject: str | None = None
    phases: str | None = None
    mapping: str | None = None
    category: str | None = None
    profile: str | None = None
    rules: str | None = None
    data_safety: str | None = None
    lang: str | None = None
    output: str | None = None
    formats: str | None = None
    gate: Gate = Gate()


def read_config(path: Path) -> Config:
    """Return the configuration. Raises `InputError` that names file and field."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name}: larger than {MAX_BYTES} bytes")
        content = parse(path.read_bytes(), path.name)
        return msgspec.convert(content or {}, Config)
    except (OSError, msgspec.ValidationError) as error:
        raise InputError(f"{path.name}: {error}", "See docs/cli.md for the fields.") from error


def find_config(given: Path | None, app: Path | None) -> Path | None:
    """Return the configuration to use: the given one, or the one beside the app, or none."""
    if given is not None:
        return given
    folder = Path() if app is None else app if app.is_dir() else app.parent
    beside = folder / NAME
    return beside if beside.is_file() else None


def apply_config(ctx: click.Context, values: dict[str, Any], given: Path | None) -> dict[str, Any]:
    """Return `values` with what mingcha.yaml says wherever the command line says nothing."""
    path = find_config(given, values["app"])
    if path is None:
        return values
    config, folder = read_config(path), path.parent

    def inside(name: str | None) -> Path | None:
        return None if name is None else folder / name

    said = {
        "app": inside(config.app),
        "policies": tuple(folder / name for name in config.policy) or None,
        "traffic": tuple(folder / name for name in config.traffic) or None,
        "runtime": tuple(folder / name for name in config.runtime) or None,
        "subject": inside(config.subject),
        "phases": inside(config.phases),
        "mapping": inside(config.mapping),
        "category": config.category,
        "profile": config.profile,
        "rules": inside(config.rules),
        "data_safety": inside(config.data_safety),
        "lang": config.lang,
        "output": inside(config.output),
        "formats": config.formats,
        "fail_on": config.gate.fail_on,
        "min_coverage": config.gate.min_coverage,
        "baseline": inside(config.gate.baseline),
        "fail_on_drift": config.gate.fail_on_drift,
        "waivers": inside(config.gate.waivers),
    }
    unset = {ParameterSource.DEFAULT, None}
    fresh = {
        name: value
        for name, value in said.items()
        if value is not None and name in values and ctx.get_parameter_source(name) in unset
    }
    if values["app"] is not None:
        fresh.pop("app", None)
    return {**values, **fresh}
