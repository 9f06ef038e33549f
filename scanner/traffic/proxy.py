"""mitmproxy inside this process: its own thread, its own loop, started and stopped from outside."""

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scanner.model.errors import InputError

_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


class Proxy:
    """One running proxy. Only one per process at a time: mitmproxy keeps global state."""

    def __init__(
        self,
        mode: str,
        confdir: Path,
        addons: Sequence[object],
        *,
        host: str = "127.0.0.1",
        port: int | None = None,
        options: dict[str, Any] | None = None,
    ) -> None:
        """Prepare. `port` None or 0 takes a free one; `options` are mitmproxy's own."""
        self._mode, self._confdir, self._addons = mode, confdir, list(addons)
        self._host, self._port, self._options = host, port or 0, options or {}
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._error: BaseException | None = None
        self.master: Any = None
        self.addresses: list[tuple[str, int]] = []

    def start(self) -> "Proxy":
        """Start and wait until it listens. Raises `InputError` when it cannot."""
        self._confdir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._confdir.chmod(0o700)
        self._thread = threading.Thread(target=self._main, daemon=True, name="mitmproxy")
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or not self.addresses:
            self.stop()
            why = str(self._error) if self._error else "it does not listen"
            raise InputError(
                f"the proxy did not start in mode {self._mode!r}: {why or 'port in use'}",
                "check mode, address and port",
            )
        return self

    def stop(self) -> bool:
        """Stop and wait; True when everything has ended."""
        if self._loop is not None and self.master is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.master.shutdown)
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        return self._thread is None or not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Tell whether the proxy is still running."""
        return self._thread is not None and self._thread.is_alive()

    def client_config(self) -> str:
        """Return the WireGuard configuration for the phone, "" in other modes."""
        for server in self.master.addons.get("proxyserver").servers:
            make = getattr(server, "client_conf", None)
            if make is not None:
                return str(make() or "")
        return ""

    def running(self) -> None:
        """Note where mitmproxy listens (its hook)."""
        servers = self.master.addons.get("proxyserver").servers
        self.addresses = [
            (str(address[0]), int(address[1]))
            for server in servers
            for address in server.listen_addrs
        ]
        self._ready.set()

    def _main(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as error:  # noqa: BLE001 - a port in use arrives as SystemExit
            self._error = error
        finally:
            self._ready.set()

    async def _run(self) -> None:
        from mitmproxy import options  # noqa: PLC0415 - 0.6 s, only for a capture
        from mitmproxy.tools.dump import DumpMaster  # noqa: PLC0415

        settings = options.Options(
            listen_host=self._host,
            listen_port=self._port,
            mode=[self._mode],
            confdir=str(self._confdir),
        )
        self.master = DumpMaster(settings, with_termlog=False, with_dumper=False)
        self._loop = asyncio.get_running_loop()
        self.master.options.update(stream_large_bodies="8m", **self._options)
        self.master.addons.add(*self._addons, self)
        await self.master.run()
        # connections that are still open end as cancelled tasks, which is no news
        self._loop.set_exception_handler(lambda _loop, _context: None)
