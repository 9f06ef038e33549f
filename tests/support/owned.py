"""Classes that call each other and read an IMEI: for tests of who owns a place."""

from scanner.static.facts import ComponentFact
from tests.support.dex_made import (
    Class,
    Units,
    cls,
    invoke_static,
    invoke_virtual,
    method,
    return_void,
)

MAIN = ComponentFact(kind="activity", name="app.demo.Main", exported=True, launcher=True)
IMEI = invoke_virtual(
    "Landroid/telephony/TelephonyManager;", "getDeviceId", "()Ljava/lang/String;", 0
)


def step(name: str, *body: Units) -> Class:
    """Return a class with a static method `go` that does this."""
    return cls(name, [method("go", "()V", [*body, return_void()], static=True)])


def to(name: str) -> Units:
    """Return a call of such a method."""
    return invoke_static(name, "go", "()V")
