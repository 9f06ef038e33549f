"""Command line. Each command lives in its own module and is imported only when it is used."""

import importlib
import logging
import sys

import click

from scanner import __version__
from scanner.model.errors import MingchaError

# name -> (module, one line of help). The help stands here so that `mingcha --help` imports nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "scan": ("scan", "Scan one app: gather evidence, judge it, write the reports."),
    "gather": ("gather", "Gather evidence into a bundle, without judging."),
    "check": ("check", "Judge a bundle and write result.json."),
    "report": ("report", "Render a result.json: HTML, SARIF, JUnit, XLSX, DOCX, PDF …"),
    "policy": ("policy", "Show what a privacy policy declares."),
    "traffic": ("traffic", "Show what a capture holds."),
    "calls": ("calls", "List the places in the code that reach personal data."),
    "flows": ("flows", "List data flows from personal data to where it leaves."),
    "capture": ("capture", "Record an app's traffic with consent phases."),
    "inventory": ("inventory", "Draft the app's own lists of data, permissions and SDKs."),
    "notice": ("notice", "Draft the annex table of a notice: MIIT, CVERC, CAC."),
    "init": ("init", "Write a mingcha.yaml for a folder."),
    "seal": ("seal", "Pack a case with a manifest of SHA-256 and SM3."),
    "verify": ("verify", "Check a sealed case; name every changed byte's file."),
    "diff": ("diff", "Compare two results: new, fixed, still open."),
    "batch": ("batch", "Scan many apps, each under hard limits; resumes."),
    "watch": ("watch", "Scan what arrives in a folder, once, by one or many watchers."),
    "campaign": ("campaign", "Write a campaign's report: a site of static pages and XLSX."),
    "trends": ("trends", "Warn early: SDKs, hosts, findings that are new or rising."),
    "sample": ("sample", "Draw apps and testers by a published seed; verify a draw."),
    "export": ("export", "Write a campaign's tables as Parquet."),
    "query": ("query", "Ask a campaign which apps contain, send, fail or got worse."),
    "worksheet": ("worksheet", "Write the questions that a tester must answer by hand."),
    "sdks": ("sdks", "List, show and match SDKs; suggest entries for unknown ones."),
    "explain": ("explain", "Explain a check, a clause or a finding."),
    "profiles": ("profiles", "List, show and validate the rules and the knowledge."),
    "doctor": ("doctor", "Say whether this installation works."),
    "demo": ("demo", "Scan the bundled demo app."),
}

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


class Commands(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"scanner.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mingcha")
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what went wrong inside.")
def cli(*, verbose: bool) -> None:
    """Mingcha compares what an Android app does with what it declares and what the rules allow."""
    level = logging.DEBUG if verbose else logging.CRITICAL
    logging.basicConfig(level=logging.CRITICAL)
    for name in ("scanner", "checks", "profiles", "reports"):
        logging.getLogger(name).setLevel(level)


def main() -> None:
    """Run the command line and exit with the documented code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code (see docs/cli.md)."""
    try:
        code = cli.main(args=arguments, prog_name="mingcha", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("mingcha: interrupted; nothing was written", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return EXIT_BAD_INPUT
    except MingchaError as error:
        click.echo(f"mingcha: {error}", err=True)
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        return EXIT_BAD_INPUT
    except BrokenPipeError:
        # The reader of our output went away (`mingcha ... | head`): not a fault of the scan.
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
