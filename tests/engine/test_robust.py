"""Whatever evidence holds, no check crashes, and the result survives its own encoding."""

from typing import Any

import made
import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judge import KNOW

from checks.api import Context
from checks.registry import load_checks
from scanner.engine import evaluate
from scanner.model.common import Phase
from scanner.model.policy import Readability
from scanner.model.result import Outcome, Result
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import Component, LibraryMatch, ManifestFlags

TYPES = st.sampled_from(
    ["imei", "location_precise", "clipboard", "installed_apps", "nothing_known", ""]
)
ACTORS = st.sampled_from(["app", "umeng-common", "okhttp3", "pkg:x.y", "host:a.example", "?", ""])
PHASES: st.SearchStrategy[Phase] = st.sampled_from(
    ["unknown", "before_consent", "refused", "background"]
)
WORDS = st.text(max_size=8)
REACH = st.builds(
    made.reach,
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
    st.booleans(),
)
UI = ["privacy-prompt", "refuse-button", "default-ticked-consent", "unheard-of"]
KINDS = ["auto-start", "trust-all-tls", "package-listing", "permission-burst", "unheard-of"]


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


STATIC = st.builds(
    made.static,
    calls=many(st.builds(made.call, TYPES, ACTORS, reach=REACH)),
    flows=many(st.builds(made.flow, TYPES, ACTORS, sink_kind=WORDS, transforms=many(WORDS))),
    sdks=many(st.builds(made.sdk, ACTORS, initialised_before_consent=st.booleans())),
    libraries=many(st.builds(LibraryMatch, library=ACTORS)),
    ui=many(st.sampled_from(UI).map(made.ui)),
    behaviours=many(st.builds(made.behaviour, st.sampled_from(KINDS), actor=ACTORS, detail=WORDS)),
    permissions=many(
        st.builds(
            made.permission,
            st.sampled_from(["CAMERA", "x.y.Z", "ACCESS_BACKGROUND_LOCATION"]),
            declared=st.booleans(),
            used_by=many(ACTORS),
            requested_at=many(st.just(made.place())),
        )
    ),
    components=many(
        st.builds(
            Component, kind=st.just("service"), name=WORDS, exported=st.booleans(), permission=WORDS
        )
    ),
    manifest=st.builds(ManifestFlags, allow_backup=st.sampled_from([True, False, None])),
)
TRAFFIC = many(
    st.builds(
        made.sighting,
        TYPES,
        ACTORS,
        PHASES,
        st.sampled_from(["a.example", "b.example"]),
        side=st.sampled_from(["request", "response"]),
        how=st.sampled_from(["seed", "seed-hash", "key"]),
        first=st.sampled_from(["", "2026-11-01T00:00:00Z", "yesterday"]),
        last=st.sampled_from(["", "2026-11-01T00:00:09Z", "x"]),
        count=st.integers(0, 1000),
        cleartext=st.booleans(),
        confidence=st.sampled_from(["certain", "firm", "tentative"]),
    )
).map(
    lambda seen: made.traffic(
        *(msgspec.structs.replace(s, id=str(n)) for n, s in enumerate(seen)),
        destinations=(made.host("a.example", outside=None), made.host("b.example", outside=True)),
    )
)
POLICY = st.builds(
    lambda statements, **fields: made.policy(*statements, **fields),
    many(
        st.builds(
            made.statement,
            TYPES,
            actor=ACTORS,
            action=st.sampled_from(["collect", "share", "transfer_abroad"]),
            polarity=st.sampled_from(["positive", "negative", "conditional"]),
        )
    ),
    sdks=many(st.builds(made.row, WORDS, ACTORS, purpose=WORDS, data_types=many(TYPES))),
    elements=many(
        st.builds(
            made.element,
            st.sampled_from(["E01", "E14", "E15", "E19", "E13.cancel", "E99"]),
            st.sampled_from(["present", "probable", "not_found"]),
            value=WORDS,
        )
    ),
    cross_border=st.builds(made.export, st.sampled_from(["none", "denied", "declared"])),
    readability=st.builds(Readability, chars=st.integers(0, 99999)),
)
RUNTIME = st.builds(
    RuntimeEvidence,
    events=many(st.builds(made.event, TYPES, PHASES, actor=ACTORS, count=st.integers(0, 99))),
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    static=st.none() | STATIC,
    traffic=st.none() | TRAFFIC,
    policy=st.none() | POLICY,
    runtime=st.none() | RUNTIME,
    category=st.sampled_from(["", "utility", "no_such_category"]),
)
def test_no_check_crashes(category: str, **parts: Any) -> None:
    evidence = made.evidence(**parts)
    context = Context(category=category if category in KNOW.categories else "")
    result = evaluate(evidence, load_checks(), KNOW.profiles["cn"], KNOW, context)
    broken = [c for c in result.checks if c.outcome is Outcome.ERROR]
    assert [(c.id, c.reason) for c in broken] == []
    assert msgspec.json.decode(msgspec.json.encode(result), type=Result) == result
