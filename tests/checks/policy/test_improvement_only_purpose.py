"""Purposes that serve nobody but the operator."""

import made
import pytest
from judge import hits, one

NAME = "improvement-only-purpose"


@pytest.mark.parametrize(
    "purpose",
    [
        "为了提升您的用户体验",
        "用于改善我们的产品和服务",
        "从而改进我们的产品、服务或营销计划",
        "用于向您推送活动内容",
        "用于研发新产品",
    ],
)
def test_nothing_but_improvement_is_for_review(purpose: str) -> None:
    hit = one(NAME, policy=made.policy(made.statement("birth_date", purpose=purpose)))
    assert (hit.subject, hit.confidence) == ("birth_date", "tentative")
    assert hit.evidence == ("policy/statements/0",)


@pytest.mark.parametrize(
    "purpose",
    [
        "",
        "用于登录",
        "用以改善及优化您的服务体验并保障您的账号安全",
        "为了给您提供全方位的运动体验",
        "用于身份验证、使用体验调研及优化服务",
        "用于推送订单进度",
    ],
)
def test_an_aim_of_the_user_is_no_hit(purpose: str) -> None:
    assert hits(NAME, policy=made.policy(made.statement("birth_date", purpose=purpose))) == []


def test_another_purpose_elsewhere_lifts_it() -> None:
    better, login = "为了提升您的用户体验", "用于登录"
    said = made.policy(
        made.statement("birth_date", "email", purpose=better),
        made.statement("email", purpose=login),
    )
    assert one(NAME, policy=said).subject == "birth_date"


def test_technical_data_is_left_out() -> None:
    said = made.statement("device_model_os", purpose="为了提升您的用户体验")
    assert hits(NAME, policy=made.policy(said)) == []


@pytest.mark.parametrize("changes", [{"actor": "third_party"}, {"polarity": "negative"}])
def test_others_and_denials_are_left_out(changes: dict[str, str]) -> None:
    said = made.statement("birth_date", **{"purpose": "为了提升您的用户体验", **changes})
    assert hits(NAME, policy=made.policy(said)) == []
