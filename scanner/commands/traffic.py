"""`mingcha traffic`: what captures hold, on their own."""

from pathlib import Path

import click

from scanner.commands import options
from scanner.console import progress


@click.command()
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@click.option("--subject", type=options.FILE, help="Known values of the test device (YAML).")
@click.option("--phases", type=options.FILE, help="Times of the consent phases (YAML).")
@click.option("--geoip", type=options.FILE, help="Country database (.mmdb) to consult as well.")
@click.option("--rules", type=options.FILE, help="Folder with knowledge of your own.")
@options.as_json
@options.language
@options.quiet
def command(
    *,
    files: tuple[Path, ...],
    subject: Path | None,
    phases: Path | None,
    geoip: Path | None,
    rules: Path | None,
    json_: bool,
    lang: str,
    quiet: bool,
) -> int:
    """Read captures: .mitm, HAR, pcap, PCAPdroid CSV. Lists exchanges, personal data,
    destinations, and what could not be read.
    """
    from checks.names import actor_name
    from profiles.load import load_knowledge
    from reports.traffic_text import TrafficText
    from scanner.traffic.gather import gather_traffic
    from scanner.traffic.report import to_json
    from scanner.traffic.words import report_names

    know = load_knowledge(rules)
    with progress(quiet) as tell:
        seen = gather_traffic(files, know, subject=subject, phases=phases, geoip=geoip, tell=tell)
    if json_:
        click.echo(to_json(seen), nl=False)
        return 0
    names = report_names(know) | {name: kind.name for name, kind in know.data_types.items()}
    actors = {s.actor for s in seen.traffic.sightings} | {e.actor for e in seen.traffic.exchanges}
    names |= {actor: actor_name(know, actor) for actor in actors}
    click.echo(TrafficText(names, lang).render(seen.traffic, seen.gaps), nl=False)
    return 0
