"""Build hook: put the compiled form of the knowledge, and the demo, into the wheel."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The demo lies beside the tests that use it; `mingcha demo` finds it there in a checkout.
DEMO = {
    "tests/fixtures/apps/dirty.apk": "scanner/demo/app.apk",
    "tests/fixtures/traffic/dirty.mitm": "scanner/demo/traffic.mitm",
    "tests/fixtures/traffic/subject.yaml": "scanner/demo/subject.yaml",
    "tests/fixtures/policies/dirty.html": "scanner/demo/policy.html",
}


class CompileKnowledge(BuildHookInterface):  # type: ignore[type-arg]
    """Compile profiles/*.yaml once, so that no installation parses them at its first start."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the compiled form to a temporary folder and add it to the wheel.

        An editable installation gets none: its YAML changes, and the user's cache follows it.
        Raises `KnowledgeError` when the knowledge is broken, so that no such wheel exists.
        """
        if version == "editable":
            return
        for name, place in DEMO.items():
            build_data["force_include"][str(Path(self.root) / name)] = place
        sys.path.insert(0, self.root)
        try:
            from profiles import compiled, load, sources  # noqa: PLC0415 - not on the path before
        finally:
            sys.path.remove(self.root)
        files = sources.read_folder(sources.HERE, "")
        content = sources.digest(files)
        data = compiled.encode(sources.compiled_key(content), load.build(files, content))
        self._folder = tempfile.TemporaryDirectory(prefix="mingcha-build-")
        path = Path(self._folder.name) / compiled.BUILT_IN.name
        path.write_bytes(data)
        build_data["force_include"][str(path)] = f"profiles/{compiled.BUILT_IN.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()
