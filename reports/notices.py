"""The table forms of notices: which apps have which problems, in the words of the authority.

A draft for a person. It holds only what failed and was not waived; who is named, and whether at
all, is no decision of a machine.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from reports.pages import Page, Table
from reports.words import LOADER, Words
from scanner.model.campaign import Form
from scanner.model.result import ClauseResult, Outcome, Result

NUMERALS = "一二三四五六七八九"
MAX_NUMERAL = 99


@cache
def forms() -> dict[str, Form]:
    """Return the known forms by id."""
    content = files("reports").joinpath("forms.yaml").read_text(encoding="utf-8")
    rows = yaml.load(content, LOADER)  # noqa: S506 - a safe loader
    return {name: msgspec.convert({"id": name, **row}, Form) for name, row in rows.items()}


def notice(results: Sequence[Result], form_id: str, lang: str) -> Page:
    """Return the notice about one app or many. Raises `KeyError` for an unknown form."""
    form = forms()[form_id]
    words = Words(results[0], lang)
    apps = [(result, _problems(result, form)) for result in results]
    body = _table(apps, form, words) if form.shape == "table" else _issues(apps, form, words)
    blank = words.t("notice.blank")
    return Page(
        title=words.say(form.title),
        lang=lang,
        notes=(words.t("form.draft", who=words.say(form.who), blank=blank),),
        tables=(*body, _samples(results, words)),
    )


def _problems(result: Result, form: Form) -> list[ClauseResult]:
    """Return the clauses of the form's regulation that failed on a finding nobody waived."""
    standing = {f.id for f in result.findings if f.outcome is Outcome.FAIL and not f.waived}
    return [
        c
        for c in result.clauses
        if c.regulation == form.regulation
        and c.outcome is Outcome.FAIL
        and (standing.intersection(c.findings) or c.answer is not None)
    ]


def _table(
    apps: list[tuple[Result, list[ClauseResult]]], form: Form, words: Words
) -> tuple[Table, ...]:
    rows: list[tuple[str, ...]] = []
    for result, problems in apps:
        if problems:
            names = [words.say(clause.title) for clause in problems]
            rows.append(
                tuple(_cell(key, len(rows) + 1, result, names, words) for key in form.columns)
            )
    head = tuple(words.t(key) for key in form.columns)
    return (_filled(Table(title=words.say(form.who), head=head, rows=tuple(rows)), words),)


def _cell(key: str, number: int, result: Result, problems: list[str], words: Words) -> str:
    app = result.app
    known = {
        "notice.no": str(number),
        "form.app_name": app.label or app.package,
        "form.app_version": app.version_name or words.t("notice.blank"),
        "form.app_category": words.say(result.category.name),
        "form.problems": words.t("semicolon").join(dict.fromkeys(problems)),
    }
    return known.get(key, words.t("notice.blank"))


def _issues(
    apps: list[tuple[Result, list[ClauseResult]]], form: Form, words: Words
) -> tuple[Table, ...]:
    """Return one numbered section per problem, with the apps that have it."""
    by_clause: dict[str, tuple[str, list[Result]]] = {}
    for result, problems in apps:
        for clause in problems:
            title = words.say(clause.title)
            by_clause.setdefault(clause.clause, (title, []))[1].append(result)
    sections = [
        Table(
            title=f"{_numeral(number, words)}{title}",
            rows=((words.t("form.apps", n=len(found)) + _named(found, words),),),
        )
        for number, (title, found) in enumerate((by_clause[name] for name in sorted(by_clause)), 1)
    ]
    nothing = Table(title=words.say(form.who), rows=())
    return tuple(sections) or (_filled(nothing, words),)


def _named(found: list[Result], words: Words) -> str:
    """Return the apps as a notice names them: 《name》 with version and store."""
    return words.t("comma").join(
        words.t(
            "form.named",
            name=result.app.label or result.app.package,
            version=result.app.version_name or words.t("notice.blank"),
            store=words.t("notice.blank"),
        )
        for result in found
    )


def _numeral(number: int, words: Words) -> str:
    """Return the number of a section as notices count: 一、 to 九十九、, or 1. in English."""
    if words.lang != "zh" or number > MAX_NUMERAL:
        return f"{number}. "
    tens, ones = divmod(number, 10)
    if not tens:
        return f"{NUMERALS[ones - 1]}、"
    head = "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return f"{head}{NUMERALS[ones - 1] if ones else ''}、"


def _samples(results: Sequence[Result], words: Words) -> Table:
    """Return which sample each line is about, and how much of it was examined."""
    rows = []
    for number, result in enumerate(results, 1):
        app = result.app
        examined = sum(clause.examined for clause in result.clauses)
        share = f"{examined}/{len(result.clauses)}"
        rows.append(
            (
                str(number),
                app.label or app.package,
                app.package,
                app.version_name,
                app.sha256,
                share,
            )
        )
    keys = (
        "notice.no",
        "form.app_name",
        "notice.package",
        "form.app_version",
        "digest",
        "form.examined",
    )
    return Table(
        title=words.t("form.samples"), head=tuple(words.t(key) for key in keys), rows=tuple(rows)
    )


def _filled(table: Table, words: Words) -> Table:
    """Return the table, or one line that says that there is nothing to list."""
    if table.rows:
        return table
    return Table(title=table.title, rows=((words.t("form.none"),),))
