"""`mingcha doctor`: whether this installation works, and what it cannot do here."""

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata

import click
import msgspec

from scanner.commands import options
from scanner.model.base import Text, same

OURS = ("scanner", "checks", "profiles", "reports")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MARK = {True: "ok  ", False: "FAIL", None: "note"}


class Answer(msgspec.Struct, frozen=True):
    """One line of the examination. `ok` is None for something optional that is absent."""

    ok: bool | None
    text: Text


@click.command()
@options.language
def command(lang: str) -> int:
    """Examine this installation. Exit code 2 when something needed is broken."""
    answers = [answer for probe in PROBES for answer in probe()]
    for answer in answers:
        click.echo(f"{MARK[answer.ok]}  {answer.text.zh if lang == 'zh' else answer.text.en}")
    return 2 if any(answer.ok is False for answer in answers) else 0


def _python() -> Iterator[Answer]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Answer(sys.version_info >= (3, 11), same(f"Python {version}"))


def _libraries() -> Iterator[Answer]:
    for module, package in (
        ("androguard.core.apk", "androguard"),
        ("mitmproxy.io", "mitmproxy"),
        ("numpy", "numpy"),
        ("lxml.html", "lxml"),
        ("ahocorasick_rs", "ahocorasick-rs"),
    ):
        try:
            importlib.import_module(module)
        except ImportError as error:
            reason = Text(
                zh=f"{package} 无法导入：{error}", en=f"{package} cannot be imported: {error}"
            )
            yield Answer(False, reason)
        else:
            yield Answer(True, same(f"{package} {metadata.version(package)}"))


def _collisions() -> Iterator[Answer]:
    """Another distribution that ships a package of our name would overwrite our files."""
    owners = metadata.packages_distributions()
    for name in OURS:
        others = sorted(set(owners.get(name, ())) - {"mingcha"})
        if others:
            found = ", ".join(others)
            yield Answer(
                False,
                Text(
                    zh=f"{found} 也安装了名为 {name} 的包；请为明察使用独立的虚拟环境。",
                    en=f"{found} installs a package {name} too; give Mingcha its own environment.",
                ),
            )


def _knowledge() -> Iterator[Answer]:
    from profiles.load import load_knowledge
    from scanner.model.errors import KnowledgeError

    try:
        know = load_knowledge()
    except KnowledgeError as error:
        yield Answer(
            False, Text(zh=f"知识库无法加载：{error}", en=f"the knowledge is broken: {error}")
        )
        return
    counts = (len(know.sdks), len(know.apis), len(know.permissions), len(know.regulations))
    yield Answer(
        True,
        Text(
            zh="知识库 {} ：SDK {}，接口 {}，权限 {}，规范 {}".format(know.digest[:12], *counts),
            en="knowledge {}: {} SDKs, {} APIs, {} permissions, {} regulations".format(
                know.digest[:12], *counts
            ),
        ),
    )


def _optional() -> Iterator[Answer]:
    browser = next((name for name in BROWSERS if shutil.which(name)), None)
    yield Answer(
        True if browser else None,
        Text(zh="Chromium：可导出 PDF", en="Chromium: PDF export works")
        if browser
        else Text(zh="未安装 Chromium：不能导出 PDF", en="no Chromium: no PDF export"),
    )
    tshark = shutil.which("tshark")
    yield Answer(
        True if tshark else None,
        Text(zh="tshark：可用密钥日志解密 pcap", en="tshark: pcap with a key log can be decrypted")
        if tshark
        else Text(zh="未安装 tshark：pcap 只读元数据", en="no tshark: pcap gives metadata only"),
    )


PROBES: tuple[Callable[[], Iterator[Answer]], ...] = (
    _python,
    _libraries,
    _collisions,
    _knowledge,
    _optional,
)
