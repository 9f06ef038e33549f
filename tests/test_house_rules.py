"""Every check is complete: card, module, test, clause, words in both languages."""

import string
from pathlib import Path

import pytest

from checks.api import Card, Check
from checks.registry import GROUPS, load_checks, read_card, verify
from profiles.load import check_ids, load_knowledge
from scanner.model.base import Text
from scanner.model.errors import KnowledgeError

ROOT = Path(__file__).parent.parent
CHECKS = load_checks()
LONGEST = 75
"""Lines of a module: one question fits on one screen and a half."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("group", GROUPS)
def test_each_check_has_card_module_and_test(group: str) -> None:
    cards = {p.stem for p in (ROOT / "checks" / group).glob("*.yaml")}
    modules = {p.stem for p in (ROOT / "checks" / group).glob("*.py")} - {"__init__"}
    tests = {
        p.stem.removeprefix("test_") for p in (ROOT / "tests/checks" / group).glob("test_*.py")
    }
    assert cards == modules == tests


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.card.id)
def test_a_card_is_whole(check: Check) -> None:
    card = check.card
    for text in (card.title, card.rationale, card.limits, card.remediation, card.confirm):
        assert text.zh.strip()
        assert text.en.strip()
        assert any("一" <= c <= "鿿" for c in text.zh)
        assert not any("一" <= c <= "鿿" for c in text.en)
    assert card.messages
    for message in card.messages.values():
        assert placeholders(message.zh) == placeholders(message.en)
    assert card.title.zh[-1] not in "。."


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.card.id)
def test_a_module_is_short_and_documented(check: Check) -> None:
    path = ROOT / "checks" / check.card.group / f"{check.card.id.replace('-', '_')}.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert check.run.__doc__


def test_clauses_and_checks_know_each_other() -> None:
    ids = {check.card.id for check in CHECKS}
    cited = check_ids(load_knowledge())
    assert cited - ids == set(), "clauses cite checks that do not exist"
    assert ids - cited == set(), "checks that no clause cites"


def test_a_profile_overrides_only_checks_that_exist() -> None:
    ids = {check.card.id for check in CHECKS}
    for profile in load_knowledge().profiles.values():
        assert set(profile.severity_overrides) <= ids


def test_no_check_names_a_law() -> None:
    for path in sorted((ROOT / "checks").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "PIPL" not in text, path
        assert "191号" not in text, path


WORDS = Text(zh="字", en="words")


@pytest.mark.parametrize(
    ("changes", "takes"),
    [
        ({"reads": ("static.call",)}, ("static", "know")),
        ({"reads": ("static.calls",)}, ("static", "policy")),
        ({"reads": ("static.calls",)}, ("know",)),
        ({"reads": ("static.calls",), "extra": ("matrix",)}, ("know",)),
        ({"reads": ()}, ("know",)),
        ({"reads": ("app.nothing|static.calls",)}, ("app", "static")),
    ],
)
def test_a_card_that_does_not_fit_its_function_is_refused(
    changes: dict[str, tuple[str, ...]], takes: tuple[str, ...]
) -> None:
    card = Card(
        id="x",
        title=WORDS,
        group="policy",
        severity="low",
        rationale=WORDS,
        limits=WORDS,
        remediation=WORDS,
        confirm=WORDS,
        messages={},
        **changes,  # type: ignore[arg-type]
    )
    with pytest.raises(KnowledgeError):
        verify(card, takes, "card")


@pytest.mark.parametrize("text", [b"", b"id: x", b"id: x\nsurprise: 1", b"id: [", b"id: x\nid: y"])
def test_a_broken_card_is_named(text: bytes) -> None:
    with pytest.raises(KnowledgeError, match=r"some/card\.yaml"):
        read_card(text, "some/card.yaml")
