"""The list of installed apps."""

import made
from judge import hits, one

NAME = "app-list-collection"


def test_untold_is_low_and_weighs_more_when_seen() -> None:
    code = made.static(calls=(made.call("installed_apps"),))
    assert one(NAME, static=code, policy=made.policy()).severity == "low"
    seen = made.traffic(made.sighting("installed_apps"))
    assert one(NAME, static=made.static(), traffic=seen, policy=made.policy()).severity == "medium"


def test_told_is_a_note() -> None:
    code = made.static(calls=(made.call("installed_apps"),))
    hit = one(NAME, static=code, policy=made.policy(made.statement("installed_apps")))
    assert (hit.message, hit.severity) == ("told", "info")


def test_before_consent_is_said_so() -> None:
    code = made.static(calls=(made.call("installed_apps", reach=made.reach(before=True)),))
    assert one(NAME, static=code).message == "early"


def test_early_needs_a_site_that_reads_the_list_early() -> None:
    """What a library asks at start says nothing of the list that a button reads."""
    early = made.call("installed_apps", reach=made.reach(before=True), confidence="tentative")
    code = made.static(calls=(early, made.call("installed_apps", place=made.place(method="later"))))
    hit = one(NAME, static=code)
    assert (hit.message, hit.confidence) == ("unknown", "firm")


def test_questions_about_single_apps_are_a_note() -> None:
    single = made.call("installed_apps", reach=made.reach(before=True), confidence="tentative")
    hit = one(NAME, static=made.static(calls=(single,)), policy=made.policy())
    assert (hit.message, hit.severity, hit.confidence) == ("single", "info", "tentative")


def test_a_list_that_nobody_known_reads_is_no_question_about_single_apps() -> None:
    """Who reads it is not known; that it is read is."""
    code = made.static(calls=(made.call("installed_apps", "pkg:(obfuscated)"),))
    hit = one(NAME, static=code, policy=made.policy())
    assert (hit.message, hit.severity, hit.confidence) == ("untold", "low", "tentative")


def test_other_data_is_no_hit() -> None:
    assert hits(NAME, static=made.static(calls=(made.call(),))) == []


def test_the_behaviour_alone_is_tentative() -> None:
    code = made.static(behaviours=(made.behaviour("package-listing"),))
    assert one(NAME, static=code).confidence == "tentative"


def test_without_a_policy_nothing_is_said_of_it() -> None:
    hit = one(NAME, static=made.static(calls=(made.call("installed_apps"),)))
    assert (hit.message, hit.severity) == ("unknown", "info")
