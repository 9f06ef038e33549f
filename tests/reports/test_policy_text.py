"""The summary of a policy in the terminal."""

import made
import pytest

from reports.policy_text import PolicyText
from reports.terminal import columns
from scanner.model.base import Text
from scanner.model.policy import CrossBorder, PolicyEvidence, Quote, SdkRow

NAMES = {
    "phone_number": Text(zh="电话号码", en="phone number"),
    "imei": Text(zh="IMEI", en="IMEI"),
    "push": Text(zh="某推送", en="Some Push"),
}


def quote(text: str) -> Quote:
    return Quote(document="p.txt", start=0, end=len(text), text=text)


def policy() -> PolicyEvidence:
    evidence = made.policy(
        made.statement("imei", actor="push"),
        made.statement("phone_number", "imei"),
        made.statement("imei", polarity="negative", action="share"),
        elements=(made.element("E07", "present"), made.element("E13.delete", "not_found")),
    )
    row = SdkRow(name="Push\x1b[31m", sdk="push", place=quote("Push"), data_types=("imei",))
    other = SdkRow(name="甲", company="有限公司" * 20, place=quote("甲"))
    border = CrossBorder(stance="denied", quotes=(quote("我们不会向境外提供\n" * 30),))
    return PolicyEvidence(
        documents=evidence.documents,
        statements=evidence.statements,
        sdks=(row, other),
        elements=evidence.elements,
        cross_border=border,
    )


def lines(lang: str) -> list[str]:
    return PolicyText(policy(), NAMES, lang).render("p.txt").splitlines()


def test_the_app_comes_first_and_each_actor_for_itself() -> None:
    text = lines("zh")
    at = text.index("声明处理的信息")
    assert text[at + 1 : at + 4] == [
        "  本应用 · 收集: IMEI；电话号码",
        "  本应用 · 共享（否认）: IMEI",
        "  某推送 · 收集: IMEI",
    ]


def test_what_is_missing_comes_first() -> None:
    text = lines("en")
    at = text.index("What a policy must say")
    assert text[at + 1].split()[:3] == ["not", "found", "E13.delete"]
    assert text[at + 2].split()[:2] == ["present", "E07"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_fits_and_steers_no_terminal(lang: str) -> None:
    for line in lines(lang):
        assert columns(line) <= 80
        assert line.isprintable()


def test_third_parties_without_data_say_so() -> None:
    assert any("not in the catalogue" in line for line in lines("en"))
    assert "no kind of data named" in "\n".join(lines("en"))


def test_the_words_of_a_language_stand_alone() -> None:
    ours = [line for line in lines("en") if not set(line) & set("甲我们不会向境外提供原文片段")]
    assert len(ours) > 8
    assert set("".join(ours)) - set(map(chr, range(128))) <= set("·�")
