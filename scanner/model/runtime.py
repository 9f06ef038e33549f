"""What a test device or a hook tool recorded while the app ran."""

from scanner.model.base import Doc
from scanner.model.common import Confidence, Phase


class RuntimeEvent(Doc):
    """One recorded access, united over repeats. `stack` is innermost first."""

    data_type: str
    action: str
    phase: Phase
    actor: str = ""
    time: str = ""
    count: int = 1
    allowed: bool | None = None
    stack: tuple[str, ...] = ()
    source: str = ""
    permission: str = ""
    confidence: Confidence = "firm"


class RuntimeEvidence(Doc):
    """What the device recorded."""

    logs: tuple[str, ...] = ()
    events: tuple[RuntimeEvent, ...] = ()
