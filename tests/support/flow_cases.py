"""Run the Java cases of `tests/fixtures/flows/blind`, each as an app of its own.

A case is a top-level class `<Name>Leak` or `<Name>Clean`; its nested components, receivers and
services are in the manifest, unless a comment of the file says otherwise:

    // manifest Case.Nested [exported] [disabled] [actions=a,b] [authority=x]
                                     [permission=p]
    // unlisted Case.Nested          // application Case.Nested
    // layout method                 // flows Case N (how many leaks a case has, 1 if not said)
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from profiles.load import load_knowledge
from profiles.model import Knowledge
from scanner.model.static import DataFlow
from scanner.static.dex.index import DexIndex
from scanner.static.facts import ComponentFact, IntentFilter, PackageFacts
from scanner.static.flow import find_flows
from scanner.static.flow.program import Program

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "flows" / "blind"
KINDS = {
    "Landroid/app/Activity;": "activity",
    "Landroid/app/ListActivity;": "activity",
    "Landroid/app/Service;": "service",
    "Landroid/app/IntentService;": "service",
    "Landroid/app/job/JobService;": "service",
    "Landroid/content/BroadcastReceiver;": "receiver",
    "Landroid/content/ContentProvider;": "provider",
}
PASSWORD = 4711


@dataclass(frozen=True)
class Case:
    """One case of a batch and the number of leaks it has."""

    batch: str
    name: str
    leaks: int


class Batch:
    """The cases of one file."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self.name = name
        self.text = (folder / f"{name}.java").read_text("utf-8")
        data = (folder / f"{name}.dex").read_bytes()
        self.index = DexIndex([("classes.dex", data)])
        self.program = Program(self.index)
        kinds = (self.index.class_name(k) for k in self.index.classes.type.tolist())
        self.classes = sorted(kinds)
        said = dict(re.findall(r"// flows (\w+) (\d+)", self.text))
        tops = [c.rpartition(".")[2] for c in self.classes if "$" not in c]
        self.cases = [
            Case(name, one, int(said.get(one, one.endswith("Leak"))))
            for one in tops
            if one.endswith(("Leak", "Clean"))
        ]

    def kind(self, cls: str) -> str:
        """Return the kind of component that a class is, empty for none."""
        descriptor = f"L{cls.replace('.', '/')};"
        for one in self.program.ancestors(descriptor):
            if one in KINDS:
                return KINDS[one]
        return ""

    def facts(self, case: str) -> PackageFacts:
        """Return the manifest of a case."""
        said = {
            name: (word, rest.split())
            for word, name, rest in re.findall(
                r"// (manifest|unlisted|application) ([\w.]+)(.*)", self.text
            )
        }
        components, application = [], ""
        for cls in self.classes:
            own = cls.rpartition(".")[2]
            if own.split("$")[0] != case:
                continue
            word, rest = said.get(own.replace("$", "."), ("", []))
            kind = self.kind(cls)
            if word == "application":
                application = cls
            if kind and word != "unlisted":
                components.append(component(kind, cls, rest, main=own == case))
        return PackageFacts(
            package="fx",
            application_class=application,
            components=tuple(components),
            layout_callbacks=tuple(re.findall(r"// layout (\w+)", self.text)),
            password_views=(PASSWORD,),
        )

    def run(self, case: str, *, implicit: bool = False) -> tuple[DataFlow, ...]:
        """Return the flows of a case."""
        return find_flows(self.index, self.facts(case), knowledge(), implicit=implicit).flows


def component(kind: str, cls: str, rest: list[str], *, main: bool) -> ComponentFact:
    """Return a component of the manifest."""
    options = dict(word.split("=") for word in rest if "=" in word)
    filters = ()
    if "actions" in options:
        filters = (IntentFilter(actions=tuple(options["actions"].split(","))),)
    return ComponentFact(
        kind=kind,  # type: ignore[arg-type]
        name=cls,
        exported=main or "exported" in rest,
        enabled="disabled" not in rest,
        permission=options.get("permission", ""),
        filters=filters,
        authorities=tuple(options.get("authority", "").split()),
        launcher=main,
    )


@functools.cache
def knowledge() -> Knowledge:
    """Return the knowledge, loaded once."""
    return load_knowledge()


@functools.cache
def batch(name: str) -> Batch:
    """Return a batch, read once."""
    return Batch(name)


def batches() -> list[str]:
    """Return the names of all batches."""
    return sorted(path.stem for path in FOLDER.glob("*.java"))
