"""`mingcha explain`: from a check, a clause or a finding to its derivation."""

from pathlib import Path

import click

from profiles.model import Clause, Knowledge
from scanner.commands import options
from scanner.model.base import Text
from scanner.model.errors import InputError
from scanner.model.result import Finding, Result


@click.command()
@click.argument("name")
@click.option("--result", type=options.FILE, help="result.json that holds the finding.")
@options.language
def command(name: str, result: Path | None, lang: str) -> int:
    """Explain NAME: a check id, a clause (`cn-191:3.1`), or a finding id of a result.json."""
    from profiles.load import load_knowledge

    lines = _finding(name, result) or _check(name) or _clause(name, load_knowledge())
    if not lines:
        hint = "Give --result for a finding id; `mingcha profiles show` lists clauses."
        raise InputError(f"nothing is called {name!r}", hint)
    for line in lines:
        click.echo(line.zh if lang == "zh" else line.en)
    return 0


def _both(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def _field(zh: str, en: str, text: Text) -> Text:
    return _both(f"{zh}：{text.zh}", f"{en}: {text.en}")


def _finding(name: str, path: Path | None) -> list[Text]:
    from scanner.bundle import read_document

    if path is None:
        return []
    result = read_document(path, Result)
    found = next((one for one in result.findings if one.id.startswith(name)), None)
    return [] if found is None else _describe(found, result)


def _describe(finding: Finding, result: Result) -> list[Text]:
    """Return the finding's derivation, from bytes to clause."""
    lines = [
        _both(f"{finding.id}  {finding.message.zh}", f"{finding.id}  {finding.message.en}"),
        _both(
            f"检查 {finding.check} · {finding.severity} · {finding.confidence}",
            f"check {finding.check} · {finding.severity} · {finding.confidence}",
        ),
        _both(f"安装包 SHA-256 {result.app.sha256}", f"package SHA-256 {result.app.sha256}"),
    ]
    for item in finding.evidence:
        lines.append(_both(f"- {item.title.zh}  [{item.ref}]", f"- {item.title.en}  [{item.ref}]"))
        lines += [_both(f"    {line.zh}", f"    {line.en}") for line in item.lines]
        if item.uri:
            lines.append(_both(f"    {item.uri}", f"    {item.uri}"))
    clauses = ", ".join(finding.clauses)
    return [
        *lines,
        _both(f"条款：{clauses}", f"clauses: {clauses}"),
        _field("整改", "what to change", finding.remediation),
        _field("复核", "how to confirm", finding.confirm),
        _field("局限", "limits", finding.limits),
    ]


def _check(name: str) -> list[Text]:
    from checks.registry import load_checks

    card = next((check.card for check in load_checks() if check.card.id == name), None)
    if card is None:
        return []
    reads = ", ".join((*card.reads, *card.also))
    return [
        _both(f"{card.id}  {card.title.zh}", f"{card.id}  {card.title.en}"),
        _field("理由", "why", card.rationale),
        _both(f"读取的证据：{reads}", f"evidence read: {reads}"),
        _field("局限", "limits", card.limits),
        _field("整改", "what to change", card.remediation),
        _field("复核", "how to confirm", card.confirm),
    ]


def _clause(name: str, know: Knowledge) -> list[Text]:
    """Return the clauses called `regulation:clause`, or `clause` in any regulation."""
    lines: list[Text] = []
    for regulation in know.regulations.values():
        for clause in regulation.clauses:
            if name in {clause.id, f"{regulation.id}:{clause.id}"}:
                lines += [regulation.title, *_clause_lines(clause, know)]
    return lines


def _clause_lines(clause: Clause, know: Knowledge) -> list[Text]:
    lines = [
        _both(f"{clause.id}  {clause.title.zh}", f"{clause.id}  {clause.title.en}"),
        _both(f"方式：{clause.coverage}", f"coverage: {clause.coverage}"),
        _both(f"检查项：{', '.join(clause.checks)}", f"checks: {', '.join(clause.checks)}"),
        _field("人工检测", "by hand", clause.tester),
    ]
    for name in clause.law:
        if name in know.laws:
            law = know.laws[name]
            lines.append(
                _both(
                    f"{law.law.zh} {law.article}：{law.gist.zh}",
                    f"{law.law.en} {law.article}: {law.gist.en}",
                )
            )
    return lines
