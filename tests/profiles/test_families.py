"""Which SDKs a policy speaks of."""

import pytest

from profiles.families import covered, kin
from profiles.load import build
from profiles.model import Knowledge
from profiles.sources import Source
from scanner.model.errors import KnowledgeError

TEXT = """
sdks:
- {id: map, name: &n {zh: 图, en: Map}, vendor: &v {name: {zh: 甲, en: A}}, category: other,
   packages: [com.a.map], policy_names: [甲图SDK]}
- {id: location, name: *n, vendor: *v, category: other, packages: [com.a.loc],
   policy_names: [甲图SDK], named_with: [map]}
- {id: push, name: *n, vendor: *v, category: push, packages: [com.a.push], policy_names: [推]}
- {id: root, name: *n, vendor: *v, category: other, packages: [com.a], fallback: true}
- {id: other, name: *n, vendor: {name: {zh: 乙, en: B}}, category: other, packages: [com.b]}
"""


@pytest.fixture
def know() -> Knowledge:
    return build([Source("x.yaml", TEXT.encode())], "d")


def test_a_part_is_named_with_its_product_not_the_other_way(know: Knowledge) -> None:
    assert covered(know, {"map"}) == {"map", "location", "root"}
    assert covered(know, {"location"}) == {"location", "root"}
    assert covered(know, {"other"}) == {"other"}
    assert covered(know, set()) == frozenset()


def test_a_name_that_two_share_speaks_for_both(know: Knowledge) -> None:
    assert covered(know, set(), ["使用甲图sdk定位"]) == {"map", "location", "root"}
    assert covered(know, set(), ["推送"]) == frozenset()


def test_unknown_actors_pass_through(know: Knowledge) -> None:
    assert covered(know, {"name:某公司"}) == {"name:某公司"}


def test_kin_is_one_way(know: Knowledge) -> None:
    assert kin(know, "location") == {"location", "map"}
    assert kin(know, "map") == {"map"}
    assert kin(know, "root") == {"root", "map", "location", "push"}
    assert kin(know, "app") == {"app"}


def test_named_with_must_exist() -> None:
    with pytest.raises(KnowledgeError, match="named_with"):
        build([Source("x.yaml", TEXT.replace("[map]}", "[mapp]}").encode())], "d")
