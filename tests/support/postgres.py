"""A PostgreSQL server of our own for a test, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = "/usr/lib/postgresql/*/bin"


def find(name: str) -> str | None:
    """Return the path of a PostgreSQL program, newest version first."""
    places = sorted(Path("/").glob(f"{DEBIAN[1:]}/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server in `folder` and yield its URL."""
    user = None
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = pwd.getpwnam("nobody")
        place = folder
        while place != place.parent and place.owner() == "root":
            place.chmod(place.stat().st_mode | 0o755)
            place = place.parent
        os.chown(folder, user.pw_uid, user.pw_gid)
    how = {"user": user.pw_uid, "group": user.pw_gid} if user else {}
    data = folder / "data"
    subprocess.run(
        [find("initdb"), "-D", data, "-U", "mingcha", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=folder,
        **how,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
    running = subprocess.Popen(
        [find("postgres"), "-D", data, "-p", str(port), "-c", "fsync=off", *where],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **how,
    )
    ready = [find("pg_isready"), "-q", "-t", "1", "-h", "127.0.0.1", "-p", str(port)]
    try:
        for _ in range(200):
            if subprocess.run(ready, check=False).returncode == 0:
                break
            running.poll()
            if running.returncode is not None:
                raise RuntimeError("the server did not start")
        yield f"postgresql://mingcha@127.0.0.1:{port}/postgres"
    finally:
        running.send_signal(signal.SIGINT)  # SIGTERM would wait for every client to leave
        running.wait(30)
