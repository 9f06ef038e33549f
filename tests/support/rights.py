"""What every check of a missing right must do, whatever the right."""

from typing import Any

import made
from judge import hits, one


class MissingRight:
    """The cases of one check; a subclass names the check and its element."""

    check: str
    element: str

    def said(self, found: str, value: str = "", **changes: Any) -> Any:
        return made.policy(elements=(made.element(self.element, found, value=value, **changes),))

    def test_nowhere_fails(self) -> None:
        hit = one(self.check, policy=self.said("not_found"), static=made.static())
        assert (hit.message, hit.outcome, hit.severity) == ("missing", None, "medium")

    def test_told_with_a_way_is_no_hit(self) -> None:
        assert hits(self.check, policy=self.said("present", "设置-隐私")) == []

    def test_told_without_a_way_is_half(self) -> None:
        assert one(self.check, policy=self.said("present")).message == "no_way"

    def test_a_hint_is_no_hit(self) -> None:
        assert hits(self.check, policy=self.said("probable")) == []

    def test_a_thin_text_stays_tentative(self) -> None:
        policy = self.said("not_found", confidence="tentative")
        assert one(self.check, policy=policy).confidence == "tentative"


class RightWithScreen(MissingRight):
    """A right that a screen of the app may offer as well."""

    screen: str

    def test_a_screen_is_half(self) -> None:
        code = made.static(ui=(made.ui(self.screen),))
        hit = one(self.check, policy=self.said("not_found"), static=code)
        assert (hit.message, hit.outcome, hit.severity) == ("screen_only", "review", "low")
