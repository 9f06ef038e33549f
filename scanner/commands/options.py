"""Options that several commands share."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from scanner.model.common import CONFIDENCES, SEVERITIES
from scanner.model.errors import InputError
from scanner.pipeline import Judgement, Request

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
LANGUAGES = ("zh", "en")


def stack(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return one decorator that applies all `options`, first on top of the help."""

    def apply(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


quiet = click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
language = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Report language."
)
as_json = click.option("--json", "json_", is_flag=True, help="Print JSON.")

inputs = stack(
    click.option("--policy", "policies", type=FILE, multiple=True, help="Privacy policy file."),
    click.option("--policy-url", "policy_urls", multiple=True, help="Fetch this policy page."),
    click.option("--traffic", type=FILE, multiple=True, help="Capture: .mitm, .har, .pcap."),
    click.option("--runtime", type=FILE, multiple=True, help="Log of a device or a hook tool."),
    click.option("--subject", type=FILE, help="Known values of the test device (YAML)."),
    click.option("--phases", type=FILE, help="Times of the consent phases (YAML)."),
    click.option("--geoip", type=FILE, help="Country database (.mmdb) to consult as well."),
    click.option("--mapping", type=FILE, help="R8/ProGuard mapping.txt."),
    click.option(
        "--flow-budget",
        type=click.FloatRange(0, 3600),
        default=30.0,
        show_default=True,
        help="Seconds for data-flow analysis; 0 turns it off.",
    ),
    click.option("--cross-check", is_flag=True, help="Have androguard read the package as well."),
    click.option("--no-embedded-policy", is_flag=True, help="Ignore policy texts inside the app."),
)

judging = stack(
    click.option(
        "--profile",
        default="cn",
        show_default=True,
        help="Rules to judge by: a name, or a folder with rules of your own.",
    ),
    click.option("--rules", type=FILE, help="Folder with knowledge of your own."),
    click.option("--category", default="", help="App category: number 1-39, id or name."),
    click.option("--pack", "packs", multiple=True, help="Optional rules as well, such as drafts."),
    click.option("--as-of", default="", help="Judge as on this date (YYYY-MM-DD)."),
    click.option(
        "--data-safety", type=FILE, help="Data safety form exported by Google Play (CSV)."
    ),
    click.option(
        "--export-facts", "facts", multiple=True, help="Fact about data export, NAME=VALUE."
    ),
)

gating = stack(
    click.option(
        "--fail-on",
        type=click.Choice([*SEVERITIES, "never"]),
        default="high",
        show_default=True,
        help="Lowest severity that fails the gate.",
    ),
    click.option(
        "--min-confidence",
        type=click.Choice(CONFIDENCES),
        default="firm",
        show_default=True,
        help="Least certain finding that fails the gate.",
    ),
    click.option(
        "--min-coverage",
        type=click.IntRange(0, 100),
        default=0,
        show_default=True,
        help="Least share of clauses examined, in percent.",
    ),
)

accepted = stack(
    click.option(
        "--baseline", type=FILE, help="Earlier result.json: only what is new fails the gate."
    ),
    click.option(
        "--fail-on-drift",
        is_flag=True,
        help="Fail when the app does something that is neither in --baseline nor in the policy.",
    ),
    click.option("--waivers", type=FILE, help="Accepted findings (YAML)."),
)


def request_from(app: Path, values: dict[str, Any]) -> Request:
    """Return the request that the `inputs` options describe. Raises `InputError`."""
    request = Request(
        app=app,
        policies=tuple(values["policies"]),
        policy_urls=tuple(values["policy_urls"]),
        traffic=tuple(values["traffic"]),
        runtime=tuple(values["runtime"]),
        subject=values["subject"],
        phases=values["phases"],
        geoip=values["geoip"],
        mapping=values["mapping"],
        flow_budget=values["flow_budget"],
        cross_check=values["cross_check"],
        embedded_policy=not values["no_embedded_policy"],
    )
    for path in request.files():
        if not path.exists():
            raise InputError(f"{path}: no such file")
    return request


def judgement_from(values: dict[str, Any], profile: str) -> Judgement:
    """Return the judgement that the `judging` options describe, by the profile found for them.

    Raises `InputError`.
    """
    facts: dict[str, str] = {}
    for item in values["facts"]:
        name, equals, value = item.partition("=")
        if not equals:
            raise InputError(f"--export-facts {item!r} is not NAME=VALUE")
        facts[name.strip()] = value.strip()
    if values["as_of"]:
        try:
            date.fromisoformat(values["as_of"])
        except ValueError as error:
            raise InputError(f"--as-of {values['as_of']!r}: {error}") from error
    return Judgement(
        profile=profile,
        category=values["category"],
        as_of=values["as_of"],
        export_facts=facts,
        packs=tuple(values["packs"]),
        data_safety=values["data_safety"],
    )
