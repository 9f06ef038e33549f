"""What is left for the tester: a worksheet from a result, and its answers merged back."""

from collections.abc import Iterable

import msgspec

from scanner.model.base import Doc, Text
from scanner.model.errors import InputError
from scanner.model.result import ClauseResult, Outcome, Result, Summary, TesterAnswer
from scanner.summary import clause_counts, examined

SCHEMA = "mingcha.worksheet/1"
ANSWERS = ("", "fail", "review", "pass", "not_applicable")

DISPUTED = Text(
    zh="机器证据与检测人员的判断不一致：{who} 于 {when} 判为“{outcome}”。"
    "证据仍然有效，须由另一人复核。",
    en="Machine evidence and tester disagree: {who} judged “{outcome}” on {when}. The evidence"
    " stands; a second person must decide.",
)
ANSWERED = Text(zh="由 {who} 于 {when} 判断：{note}", en="judged by {who} on {when}: {note}")
WORDS = {
    Outcome.FAIL: Text(zh="不符合", en="fail"),
    Outcome.REVIEW: Text(zh="待确认", en="review"),
    Outcome.PASS: Text(zh="符合", en="pass"),
    Outcome.NOT_APPLICABLE: Text(zh="不适用", en="not applicable"),
}


class Reply(Doc):
    """What the tester fills in. `outcome`: fail, review, pass, not_applicable, or "" = open."""

    outcome: str = ""
    who: str = ""
    when: str = ""
    note: str = ""
    screenshot: str = ""
    screenshot_sha256: str = ""


class Item(Doc):
    """One question: the clause, what to do on the device, what the machine found so far."""

    regulation: str
    clause: str
    title: str
    coverage: str
    machine: str
    do: str
    found: tuple[str, ...] = ()
    answer: Reply = Reply()


class Worksheet(Doc):
    """The questions of one result. `sha256` is the app's: answers belong to one package."""

    schema: str
    package: str
    version: str
    sha256: str
    items: tuple[Item, ...]


def worksheet(result: Result, lang: str = "zh") -> Worksheet:
    """Return the questions that a person must answer: manual and partial clauses, and whatever
    the machine could not decide.
    """
    return Worksheet(
        schema=SCHEMA,
        package=result.app.package,
        version=result.app.version_name,
        sha256=result.app.sha256,
        items=tuple(_item(c, result, lang) for c in result.clauses if needs_person(c)),
    )


def needs_person(clause: ClauseResult) -> bool:
    """Tell whether a clause is not fully answered by the machine."""
    undecided = (Outcome.REVIEW, Outcome.NOT_ASSESSED, Outcome.ERROR)
    return clause.coverage != "automatic" or clause.outcome in undecided


def _item(clause: ClauseResult, result: Result, lang: str) -> Item:
    messages = [f.message for f in result.findings if f.id in clause.findings]
    found = messages or ([clause.reason] if clause.reason is not None else [])
    given = clause.answer
    return Item(
        regulation=clause.regulation,
        clause=clause.clause,
        title=_say(clause.title, lang),
        coverage=clause.coverage,
        machine=(clause.machine or clause.outcome).value,
        do=_say(clause.tester, lang) if clause.tester is not None else "",
        found=tuple(_say(text, lang) for text in found[:10]),
        answer=Reply()
        if given is None
        else Reply(
            outcome=given.outcome.value,
            who=given.who,
            when=given.when,
            note=given.note,
            screenshot=given.screenshot,
            screenshot_sha256=given.screenshot_sha256,
        ),
    )


def _say(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en


def merge(result: Result, sheet: Worksheet) -> Result:
    """Return the result with the tester's answers.

    Where the machine found nothing to accuse, the answer decides. Where it found a failure, an
    answer to the contrary is kept beside it, marked as disputed, and does not change the
    outcome. Raises `InputError` for answers of another package, to unknown clauses, or without
    name and date.
    """
    if sheet.sha256 != result.app.sha256:
        raise InputError(
            "the worksheet belongs to another package", "make a new one from this result"
        )
    known = {(clause.regulation, clause.clause) for clause in result.clauses}
    replies = {(i.regulation, i.clause): i.answer for i in sheet.items if i.answer.outcome}
    unknown = sorted(set(replies) - known)
    if unknown:
        raise InputError(f"the worksheet answers an unknown clause: {':'.join(unknown[0])}")
    clauses = tuple(
        _answered(clause, replies.get((clause.regulation, clause.clause)))
        for clause in result.clauses
    )
    return msgspec.structs.replace(result, clauses=clauses, summary=_summary(result, clauses))


def _summary(result: Result, clauses: Iterable[ClauseResult]) -> Summary:
    kept = tuple(clauses)
    return msgspec.structs.replace(
        result.summary, clauses=clause_counts(kept), examined=examined(kept)
    )


def _answered(clause: ClauseResult, reply: Reply | None) -> ClauseResult:
    if reply is None:
        return clause
    answer = _checked(clause, reply)
    machine = clause.machine or clause.outcome
    disputed = machine is Outcome.FAIL and answer.outcome is not Outcome.FAIL
    said = WORDS[answer.outcome]
    values: dict[str, str | Text] = {
        "who": answer.who,
        "when": answer.when,
        "outcome": said,
        "note": answer.note or said,
    }
    return msgspec.structs.replace(
        clause,
        outcome=machine if disputed else answer.outcome,
        examined=True,
        reason=(DISPUTED if disputed else ANSWERED).fill(values),
        answer=answer,
        machine=machine,
        disputed=disputed,
    )


def _checked(clause: ClauseResult, reply: Reply) -> TesterAnswer:
    """Return the answer. Raises `InputError` when something that a signature needs is missing."""
    place = f"worksheet, clause {clause.regulation}:{clause.clause}"
    if reply.outcome not in ANSWERS:
        raise InputError(f"{place}: {reply.outcome!r} is no outcome", ", ".join(ANSWERS[1:]))
    if not reply.who.strip() or not reply.when.strip():
        raise InputError(f"{place}: an answer needs `who` and `when`")
    if reply.outcome in ("pass", "not_applicable") and not reply.note.strip():
        raise InputError(f"{place}: {reply.outcome} needs a `note` on what was seen")
    return TesterAnswer(
        outcome=Outcome(reply.outcome),
        who=reply.who.strip(),
        when=reply.when.strip(),
        note=reply.note.strip(),
        screenshot=reply.screenshot,
        screenshot_sha256=reply.screenshot_sha256,
    )
