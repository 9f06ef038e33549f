"""Print an HTML report as PDF with a Chromium that is installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from scanner.model.errors import InputError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
SECONDS = 240


def find_browser() -> str | None:
    """Return the Chromium to print with: $MINGCHA_CHROMIUM, or one on the path, or None."""
    given = os.environ.get("MINGCHA_CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def print_pdf(page: bytes) -> bytes:
    """Return an HTML page as PDF (A4). Raises `InputError` without a working Chromium."""
    browser = find_browser()
    if browser is None:
        raise InputError(
            "no Chromium was found to print the PDF with",
            "Install chromium, or open the HTML report and print it from any browser.",
        )
    with tempfile.TemporaryDirectory(prefix="mingcha-pdf-") as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_bytes(page)
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
            "--disable-background-networking",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses to run as root with its sandbox
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - a fixed command on a file of ours
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise InputError(
                f"{browser} could not print the report: {type(error).__name__}",
                "Open the HTML report and print it from a browser.",
            ) from error
