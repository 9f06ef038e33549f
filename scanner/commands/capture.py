"""`mingcha capture`: record an app's traffic with consent phases."""

from pathlib import Path

import click

from scanner.commands import options


@click.group(invoke_without_command=True)
@click.option("-o", "--output", type=options.FILE, help="Capture folder; an old one goes on.")
@click.option(
    "--mode",
    default="wireguard",
    show_default=True,
    help="wireguard, regular, socks5, or another mitmproxy mode.",
)
@click.option("--listen", default="", help="Address to listen on [default: loopback].")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port [default: free].")
@click.option("--subject", type=options.FILE, help="Known values of the test device (YAML).")
@click.option("--app", default="", help="Package name, for the instructions.")
@click.option("--ca", type=options.FILE, help="Folder of the proxy's own CA.")
@click.option("--phase", default="", help="Phase that holds at the start.")
@click.option("--seconds", type=click.FloatRange(0), default=0.0, help="End by itself after this.")
@options.language
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    output: Path | None,
    mode: str,
    listen: str,
    port: int,
    subject: Path | None,
    app: str,
    ca: Path | None,
    phase: str,
    seconds: float,
    lang: str,
) -> int:
    """Record traffic through mitmproxy into a folder; number keys mark phases, q ends.

    From another terminal: `mingcha capture mark -o FOLDER PHASE`.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'.", ctx)
    from profiles.load import load_knowledge
    from scanner.traffic.capture import CaptureOptions, run_capture

    chosen = CaptureOptions(
        bundle=output,
        mode=mode,
        listen=listen,
        port=port,
        subject=subject,
        app=app,
        ca=ca,
        phase=phase,
        lang=lang,
        seconds=seconds,
    )
    run_capture(chosen, load_knowledge(), show=click.echo)
    return 0


@command.command("mark")
@click.argument("phase")
@click.option("-o", "--output", type=options.FILE, required=True, help="Capture folder.")
def mark_phase(*, phase: str, output: Path) -> int:
    """Begin PHASE in a capture that runs elsewhere."""
    from scanner.traffic.capture import mark

    mark(output, phase)
    return 0
