"""Real packages: declared permissions, signers and packers are right, and nothing breaks."""

import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from scanner.model.errors import InputError
from scanner.static.container import Archive
from scanner.static.container_source import FileSource
from scanner.static.gather import gather_static
from scanner.static.gathering import StaticGathering
from scanner.static.signing import read_signers
from tests.support.knowledge import knowledge

pytestmark = pytest.mark.corpus

ALIKE_STEP = 12
"""Of hundreds of packages made alike one in so many is read here; `benchmarks/corpus_run.py`
reads all of them.
"""
HANG = 20


@cache
def gathered(path: Path) -> StaticGathering:
    return gather_static(path, knowledge(), flow_budget=0)


def test_declared_permissions_equal_aapt(corpus: Path) -> None:
    rows = (corpus / "oracle" / "aapt_permissions.tsv").read_text("utf-8").splitlines()[1:]
    assert len(rows) == 15
    for row in rows:
        name, _, words = row.partition("\t")
        found = gathered(corpus / "apk" / name).static.permissions
        assert {p.name for p in found if p.declared} == set(words.split()), name


def test_identity_equals_the_manifest_of_the_corpus(corpus: Path) -> None:
    rows = (corpus / "apk" / "manifest.tsv").read_text("utf-8").splitlines()
    head = rows[0].split("\t")
    for row in rows[1:]:
        expected = dict(zip(head, row.split("\t"), strict=False))
        found = gathered(corpus / "apk" / expected["path"])
        assert found.app.sha256 == expected["sha256"]
        assert found.app.package == expected["package"]
        assert found.app.version_name == expected["version"]
        assert str(found.app.target_sdk) == expected["target_sdk"]
        assert found.static.code.dex_files == int(expected["n_dex"])


def test_packed_and_unpacked_build_of_one_app(corpus: Path) -> None:
    packed = gathered(corpus / "apk" / "app-release_legu_signed_zipalign.apk")
    assert [(p.packer, p.confidence) for p in packed.static.packers] == [
        ("tencent-legu", "certain")
    ]
    blocked = {b for g in packed.gaps if g.code == "packed-code" for b in g.blocks}
    assert {"static.calls", "static.sdks", "static.endpoints"} <= blocked
    unpacked = gathered(corpus / "apk" / "life-app-release-unpacked.apk")
    assert unpacked.static.packers == ()
    assert not {g.code for g in unpacked.gaps} & {"packed-code", "missing-code"}


def test_no_other_app_of_the_corpus_is_packed(corpus: Path) -> None:
    for path in sorted((corpus / "apk").glob("*.apk")):
        if "legu" not in path.name:
            found = gathered(path)
            assert "packed-code" not in {g.code for g in found.gaps}, path.name


def test_every_odd_file_gives_a_result_or_one_sentence(corpus: Path) -> None:
    files = [p for folder in ("apk", "apk_odd") for p in sorted((corpus / folder).rglob("*"))]
    alike = [p for p in files if p.parent.name == "apksig"]
    files = [p for p in files if p.parent.name != "apksig" or "empty" in p.name]
    files += alike[::ALIKE_STEP] + sorted((corpus / "droidbench").rglob("*.apk"))[::ALIKE_STEP]
    outcomes: Counter[str] = Counter()
    for path in (p for p in files if p.is_file()):
        began = time.monotonic()
        try:
            found = gathered(path)
            outcomes["result"] += 1
            assert "code-failed" not in {g.code for g in found.gaps}, path.name
        except InputError as error:
            sentence = str(error)
            assert "\n" not in sentence
            assert path.name in sentence
            outcomes["refused"] += 1
            assert path.suffix != ".apk" or path.name in REFUSED, sentence
        assert time.monotonic() - began < HANG, path.name
    assert outcomes["result"] > 130


REFUSED = {
    "CertChain.apk",
    "empty-unsigned.apk",
    "multidex.apk",
    "v1-only-empty.apk",
    "v2-only-empty.apk",
    "v3-only-empty.apk",
}
"""Files of the corpus that hold no manifest at all."""


def test_signers_equal_androguard_on_signed_samples(corpus: Path) -> None:
    from loguru import logger  # noqa: PLC0415 - comes with androguard

    logger.remove()
    from androguard.core.apk import APK  # noqa: PLC0415 - slow to import

    for path in sorted((corpus / "apk").glob("*.apk")):
        source = FileSource(path)
        ours = {s.sha256 for s in read_signers(Archive(source))}
        source.close()
        theirs = {c.sha256_fingerprint.replace(" ", "") for c in APK(str(path)).get_certificates()}
        assert ours == {t.lower() for t in theirs}, path.name
