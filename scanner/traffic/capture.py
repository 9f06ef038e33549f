"""`mingcha capture`: record traffic with the phases of consent, and `mark` them from elsewhere."""

import hashlib
import json
import platform
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

from profiles.load import table
from profiles.model import Knowledge
from scanner import __version__
from scanner.model.base import Text
from scanner.model.common import Phase
from scanner.model.errors import InputError, OutputError
from scanner.traffic.guide import CaptureGuide, for_app, qr, render
from scanner.traffic.keys import Keys
from scanner.traffic.proxy import Proxy
from scanner.traffic.recorder import FLOWS, MARKS, Recorder
from scanner.traffic.subject import read_subject

_TICK = 0.2
_WIREGUARD_PORT = 51820
_CA_FILE = "mitmproxy-ca-cert.pem"
_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z0-9_]+)+")
_NO_ROUTE = ("192.0.2.1", 9)
"""An address for documentation: asking for the way to it sends nothing."""
SUBJECT_COPY = "subject.yaml"


class CaptureOptions(NamedTuple):
    """What to record and how. `listen` "" means loopback, or the address towards the network in
    WireGuard mode; `port` 0 takes a free one (WireGuard: 51820); `ca` the folder of the proxy's own
    certificate authority, by default in the bundle; `seconds` ends the capture by itself.
    """

    bundle: Path
    mode: str = "wireguard"
    listen: str = ""
    port: int = 0
    subject: Path | None = None
    app: str = ""
    ca: Path | None = None
    phase: str = ""
    lang: str = "zh"
    seconds: float = 0.0
    mitmproxy: dict[str, Any] = {}  # noqa: RUF012 - never changed


class Session:
    """A capture that is running."""

    def __init__(self, options: CaptureOptions, know: Knowledge) -> None:
        """Check the options. Raises `InputError`."""
        self.options = options
        self.kind = options.mode.partition(":")[0].partition("@")[0]
        self._know = know
        self._guide = table(know, "capture_guide", CaptureGuide)
        self.ca = options.ca or options.bundle / "ca"
        if options.phase:
            check_phase(options.phase)
        if options.app and not _PACKAGE.fullmatch(options.app):
            raise InputError(f"{options.app!r} is no package name", "such as com.vendor.app")
        if options.subject is not None:
            read_subject(options.subject, know)
        about = {"mode": options.mode, "app": options.app, "tool": f"mingcha {__version__}"}
        self.recorder = Recorder(
            options.bundle, about={**about, "python": platform.python_version()}
        )
        self.proxy = self._proxy()

    def _proxy(self) -> Proxy:
        mode, options = self.options.mode, self.options
        host, port = options.listen or "127.0.0.1", options.port
        if self.kind == "wireguard":
            host = options.listen or address_towards_network()
            port = port or _WIREGUARD_PORT
            if mode == "wireguard":
                mode = f"wireguard:{self.ca / 'wireguard.json'}"
        return Proxy(
            mode, self.ca, [self.recorder], host=host, port=port, options=options.mitmproxy
        )

    def start(self) -> "Session":
        """Open the bundle and start the proxy. Raises `InputError` or `OutputError`."""
        try:
            self.options.bundle.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.options.subject is not None:
                copy = self.options.bundle / SUBJECT_COPY
                copy.write_bytes(self.options.subject.read_bytes())
                copy.chmod(0o600)
        except OSError as error:
            raise OutputError(f"cannot write to {self.options.bundle}: {error.strerror}") from error
        self.proxy.start()
        if self.options.phase:
            self.recorder.mark(self.options.phase, "option")
        return self

    def stop(self) -> int:
        """Stop, and return how many flows were recorded."""
        self.proxy.stop()
        self.recorder.done()
        return self.recorder.written

    def introduction(self) -> str:
        """Return what to tell the tester: how to connect, and what the mode cannot see."""
        host, port = self.proxy.addresses[0][:2]
        certificate = self.ca / _CA_FILE
        values = {
            "host": host,
            "port": str(port),
            "ca": str(certificate),
            "hash": subject_hash(certificate),
            "bundle": str(self.options.bundle),
        }
        parts = [
            self.say("listening", values),
            "",
            render(self._guide, self.kind, self.options.lang, values),
        ]
        config = for_app(self.proxy.client_config(), self.options.app)
        if config:
            parts += ["", config.strip(), "", qr(config)]
        keys = " ".join(
            f"{number}={self._phase_word(phase)}"
            for number, phase in enumerate(self._guide.phases, 1)
        )
        parts += ["", f"{self.say('keys', values)} {keys}  {self.say('quit', values)}"]
        parts += [self.say("mark", values), self.say("unmarked", values)]
        return "\n".join(parts)

    def say(self, name: str, values: dict[str, str]) -> str:
        """Return a sentence of the guide in the chosen language."""
        text = self._guide.headings[name]
        return (text.zh if self.options.lang == "zh" else text.en).format_map(values)

    def _phase_word(self, phase: str) -> str:
        text = self._know.words.get(f"phase.{phase}", Text(zh=phase, en=phase))
        return text.zh if self.options.lang == "zh" else text.en

    def key(self, pressed: str) -> str:
        """Act on a key; returns the phase that began, `quit`, or ""."""
        if pressed in ("q", "Q", "\x03", "\x04"):
            return "quit"
        if pressed.isdigit() and 1 <= int(pressed) <= len(self._guide.phases):
            phase = self._guide.phases[int(pressed) - 1]
            self.recorder.mark(phase, "key")
            return phase
        return ""


def run_capture(
    options: CaptureOptions,
    know: Knowledge,
    *,
    show: Callable[[str], None] = print,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Record until `q`, Ctrl-C, the time is over, or `stop()` says so; returns the flows recorded.

    `show` prints text for the tester. Raises `InputError` when the proxy cannot start.
    """
    session = Session(options, know).start()
    began = time.monotonic()
    try:
        show(session.introduction())
        with Keys() as keys:
            while session.proxy.alive and not stop():
                session.recorder.poll()
                done = session.key(keys.read(_TICK))
                if done == "quit":
                    break
                if done:
                    show(f"{time.strftime('%H:%M:%S')} {session._phase_word(done)}")  # noqa: SLF001 - same module
                if options.seconds and time.monotonic() - began >= options.seconds:
                    break
    except KeyboardInterrupt:
        pass
    finally:
        flows = session.stop()
    show(session.say("ended", {"flows": str(flows), "bundle": str(options.bundle)}))
    return flows


def mark(bundle: Path, phase: str, *, by: str = "mark", at: float | None = None) -> None:
    """Begin a phase in a capture that another process records. Raises `InputError`."""
    check_phase(phase)
    if not (bundle / FLOWS).exists():
        raise InputError(f"{bundle}: no capture is recorded here", "give the folder with -o")
    row = {"phase": phase, "time": time.time() if at is None else at, "by": by}
    try:
        # one short write to a file opened for appending is not mixed with others
        with (bundle / MARKS).open("ab") as file:
            file.write(json.dumps(row).encode() + b"\n")
    except OSError as error:
        raise OutputError(f"cannot write to {bundle}: {error.strerror}") from error


def check_phase(phase: str) -> None:
    """Raise `InputError` for a word that is no phase."""
    known = [name for name in get_args(Phase) if name not in ("boundary", "unknown")]
    if phase not in known:
        raise InputError(f"there is no phase {phase!r}", f"Phases: {', '.join(known)}.")


def address_towards_network() -> str:
    """Return this computer's address on the way to other networks, loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NO_ROUTE)
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def subject_hash(certificate: Path) -> str:
    """Return the name under which Android's system store looks for a certificate
    (`openssl x509 -subject_hash_old`), "" when there is no certificate.
    """
    from cryptography import x509  # noqa: PLC0415 - comes with mitmproxy

    try:
        content = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError):
        return ""
    digest = hashlib.md5(content.subject.public_bytes(), usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"
