"""The flows of one app as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from scanner.model.common import Gap
from scanner.model.static import DataFlow, Location


def flows_document(
    file: str, flows: Sequence[DataFlow], gaps: Sequence[Gap] = ()
) -> dict[str, Any]:
    """Return `{"file", "flows": [...], "gaps": [...]}` of plain values, in the order given."""
    return {
        "file": file,
        "flows": [_flow(flow) for flow in flows],
        "gaps": [{"code": gap.code, "detail": gap.detail.en} for gap in gaps],
    }


def flows_json(file: str, flows: Sequence[DataFlow], gaps: Sequence[Gap] = ()) -> str:
    """Return the document as one line of JSON."""
    return json.dumps(flows_document(file, flows, gaps), ensure_ascii=False)


def _flow(flow: DataFlow) -> dict[str, Any]:
    document: dict[str, Any] = {
        "data_type": flow.data_type,
        "source": {"api": flow.source_api, **_place(flow.source)},
        "sink": {"kind": flow.sink_kind, "api": flow.sink_api, **_place(flow.sink)},
        "path": [{**_place(step.place), "statement": step.statement} for step in flow.path],
        "confidence": flow.confidence,
    }
    if flow.transforms:
        document["transforms"] = list(flow.transforms)
    if flow.host:
        document["host"] = flow.host
    if flow.recipient:
        document["recipient"] = flow.recipient
        document["component"] = flow.component
        document["guard"] = flow.guard
    if flow.assumed:
        document["assumed"] = list(flow.assumed)
    return document


def _place(place: Location) -> dict[str, Any]:
    return {"class": place.cls, "method": place.method + place.descriptor, "offset": place.offset}
