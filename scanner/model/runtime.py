"""What a test device or a hook tool recorded while the app ran."""

from scanner.model.base import Doc
from scanner.model.common import Confidence, Phase


class RuntimeEvent(Doc):
    """One recorded access, united over repeats. `stack` is innermost first.

    `data_type` "" = what was accessed is not known; `time` the first one, ISO 8601 (UTC where the
    log names its zone, the phone's clock otherwise). `allowed` False = the system denied it.
    """

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


class NetworkUse(Doc):
    """Bytes that the system counted for a uid: `state` is `foreground` or `background`."""

    uid: str
    state: str
    sent: int
    received: int
    source: str = ""


class RuntimeEvidence(Doc):
    """What the device recorded."""

    logs: tuple[str, ...] = ()
    events: tuple[RuntimeEvent, ...] = ()
    network: tuple[NetworkUse, ...] = ()
