"""Every code that evidence can carry has words in both languages."""

import re
from pathlib import Path

import pytest

from profiles.load import load_knowledge, table
from profiles.model import Knowledge
from scanner.runtime.meaning import RuntimeTable
from scanner.traffic.words import Lost, layer_text, losses, traffic_words

_LOSE = re.compile(r"\.lose\(\s*\"([a-z0-9-]+)\"")
_RULING = re.compile(r"Ruling\([^,()]*(?:\([^()]*\))?[^,()]*, \"([a-z-]+)\"")


@pytest.fixture(scope="module")
def know() -> Knowledge:
    return load_knowledge()


def codes(folder: Path, pattern: re.Pattern[str]) -> set[str]:
    """Return the codes that the sources of a room use; every call must name one."""
    return {
        code
        for path in folder.rglob("*.py")
        for code in pattern.findall(path.read_text(encoding="utf-8"))
    }


def test_losses_have_words(root: Path, know: Knowledge) -> None:
    words = traffic_words(know)
    used = codes(root / "scanner" / "traffic", _LOSE)
    assert len(used) > 15
    assert used == set(words.losses)
    logs = table(know, "runtime_logs", RuntimeTable)
    assert codes(root / "scanner" / "runtime", _LOSE) == set(logs.losses)


def test_reasons_of_verdicts_have_words(root: Path, know: Knowledge) -> None:
    used = codes(root / "scanner" / "traffic", _RULING)
    assert used | {"seen"} == set(traffic_words(know).reasons)


def test_no_loss_is_said_in_free_words(root: Path) -> None:
    for path in (root / "scanner").rglob("*.py"):
        assert not re.search(r"\.lose\(\s*f?\"[^\"]* ", path.read_text(encoding="utf-8")), path


def test_chinese_words_are_chinese(know: Knowledge) -> None:
    words = traffic_words(know)
    for group in (words.losses, words.reasons, words.verdicts, words.limits):
        for code, text in group.items():
            assert re.search(r"[\u4e00-\u9fff]", text.zh), code
            assert not re.search(r"[\u4e00-\u9fff]", text.en), code


def test_losses_keep_their_detail_and_count(know: Knowledge) -> None:
    (loss,) = losses(traffic_words(know), {Lost("bad-entry", "TypeError"): 3}, 12)
    assert (loss.code, loss.count) == ("bad-entry", 3)
    assert loss.text.zh == "无法解析的 HAR 记录（TypeError）"
    assert loss.text.en == "HAR entries that cannot be interpreted (TypeError)"


def test_layers_without_words_stand_as_they_are(know: Knowledge) -> None:
    text = layer_text(traffic_words(know), ("gzip", "reversed", "md5"))
    assert (text.zh, text.en) == ("gzip → 倒序 → md5", "gzip → reversed → md5")
