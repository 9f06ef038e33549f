"""Two versions of a policy are compared by what they declare, not by their words."""

from types import SimpleNamespace

import msgspec

from scanner.model.policy import Document, PolicyEvidence
from scanner.policy.drift import drift, drift_of_readings, unanswered
from scanner.policy_reading import policy_reading

OLD = "我们会收集您的手机号码。\n我们会收集您的设备型号。\n"
LIST = "# 第三方SDK目录\n1.甲乙统计SDK：IMEI\n2.极光推送SDK：{}\n"


def changes(found):
    return {(c.step, c.data_type, c.before, c.after) for c in found.data}


def test_the_same_policy_has_not_drifted(reader, whole):
    policy = reader.file(whole)
    found = drift(policy, policy)
    assert found.same_text
    assert not found


def test_polish_and_order_are_no_change(reader):
    old = reader.file(OLD)
    new = reader.file("一、我们将收集您的设备型号。\n当您注册时，我们需要收集您的手机号码。\n")
    found = drift(old, new)
    assert not found.same_text
    assert not found


def test_declared_newly_no_longer_and_denied(reader):
    old = reader.file(OLD)
    new = reader.file("我们不会收集您的手机号码。\n我们会收集您的IMEI。\n")
    found = drift(old, new)
    assert ("added", "imei", "", "positive") in changes(found)
    assert ("changed", "phone_number", "positive", "negative") in changes(found)
    assert any(c.step == "removed" and c.before == "positive" for c in found.data)
    assert next(c.quote for c in found.data if c.data_type == "imei") in "我们会收集您的IMEI"


def test_umbrella_words_are_no_fact(reader):
    assert not drift(reader.file(OLD), reader.file(OLD + "我们不会出售您的个人信息。\n"))


def test_third_parties_and_their_data(reader):
    old = reader.file(LIST.format("IMEI"))
    new = reader.file(LIST.format("IMEI、IMSI") + "3.丙丁广告API：IMSI\n")
    steps = {(p.step, p.name): (p.before, p.after) for p in drift(old, new).parties}
    assert steps == {
        ("changed", "极光推送SDK"): ("imei", "imei imsi"),
        ("added", "丙丁广告API"): ("", "imsi"),
    }


def test_elements_and_the_stance_on_export(reader, whole):
    old = reader.file(whole)
    new = reader.file(whole.replace("注销", "联系") + "\n我们会将您的个人信息传输至境外。\n")
    found = drift(old, new)
    assert {"E13.cancel"} <= {e.id for e in found.elements}
    assert found.stance == (old.cross_border.stance, "declared")


def test_results_carry_enough_to_compare(reader):
    old, new = reader.file(OLD), reader.file(OLD + "我们会收集您的IMEI。\n")
    direct = drift(old, new)
    carried = drift_of_readings(reading(old), reading(new))
    assert direct == carried
    assert changes(carried) == {("added", "imei", "", "positive")}


def test_a_reading_that_was_cut_says_so(reader):
    old = reading(reader.file(OLD))
    cut = msgspec.structs.replace(old, statements=old.statements[:1], omitted=1)
    assert not drift_of_readings(old, cut).whole


def test_new_behaviour_the_policy_does_not_answer(reader):
    added = [("imei", "app"), ("imsi", "app"), ("imei", "jpush")]
    silent = drift(reader.file(OLD), reader.file(OLD))
    assert set(unanswered(added, silent)) == set(added)
    told = drift(
        reader.file(OLD), reader.file(OLD + "我们会收集您的IMEI。\n" + LIST.format("IMEI"))
    )
    assert unanswered(added, told) == (("imsi", "app"),)
    withdrawn = drift(reader.file(OLD + "我们会收集您的IMEI。\n"), reader.file(OLD))
    assert ("imei", "app") in unanswered(added, withdrawn)


def test_empty_policies(reader):
    nothing = PolicyEvidence(documents=(Document(name="x", sha256="0", chars=0, format="txt"),))
    assert not drift(nothing, nothing)
    assert drift(nothing, reader.file(OLD)).data


def reading(policy):
    made = policy_reading(SimpleNamespace(policy=policy))
    assert made is not None
    return made
