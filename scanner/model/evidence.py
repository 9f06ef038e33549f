"""What was observed. Gatherers write it; checks read it; nothing changes it."""

from scanner.model.base import Doc
from scanner.model.common import Gap, Input
from scanner.model.policy import PolicyEvidence
from scanner.model.runtime import RuntimeEvidence
from scanner.model.static import App, StaticEvidence
from scanner.model.traffic import TrafficEvidence

SCHEMA = "mingcha.evidence/1"


class Tool(Doc):
    """Who made a document: version, and the digest of the knowledge it used."""

    version: str
    knowledge: str
    python: str = ""


class Evidence(Doc, tag_field="schema", tag=SCHEMA):
    """The one immutable document between gathering and checking."""

    tool: Tool
    inputs: tuple[Input, ...]
    app: App
    static: StaticEvidence | None = None
    traffic: TrafficEvidence | None = None
    runtime: RuntimeEvidence | None = None
    policy: PolicyEvidence | None = None
    gaps: tuple[Gap, ...] = ()
