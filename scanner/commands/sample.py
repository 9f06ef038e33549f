"""`mingcha sample`: draw apps and testers so that anyone can verify the draw."""

from contextlib import closing
from pathlib import Path

import click

from scanner.commands import options
from scanner.commands.query import open_store
from scanner.fleet.draw import Item, Plan, digest, draw, rate, verify
from scanner.model.errors import InputError


@click.group()
def command() -> None:
    """Draw apps, and testers for them, by a published seed (双随机、一公开).

    `digest` what is to be published before the seed is known, `draw`, and `verify` a record.
    """


testers_option = click.option("--testers", type=options.FILE, help="Testers (CSV: id, excludes).")


@command.command("digest")
@click.argument("population", type=options.FILE)
@testers_option
def digest_command(population: Path, testers: Path | None) -> int:
    """Print the digest of POPULATION (CSV) and testers: publish it before drawing the seed."""
    from scanner.fleet.draw_files import read_items, read_testers

    click.echo(digest(read_items(population), read_testers(testers) if testers else ()))
    return 0


@command.command("draw")
@click.argument("population", type=options.FILE, required=False)
@testers_option
@click.option("--campaign", type=options.FILE, help="Take the apps of this campaign folder.")
@click.option("--store", default="", help="Database URL of the campaign.")
@click.option("--name", default="", help="Campaign in the store [default: the latest].")
@click.option("--seed", required=True, help="The published seed.")
@click.option("--rate", "rates", multiple=True, required=True, help="GRADE=RATE, such as high=50%.")
@click.option(
    "--testers-per-app",
    type=click.IntRange(1, 20),
    default=2,
    show_default=True,
    help="Testers for each app.",
)
@click.option(
    "--at-least",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Fewest apps of a grade whose rate is not 0.",
)
@click.option("-o", "--output", type=options.FILE, required=True, help="Folder for the record.")
def draw_command(
    *,
    population: Path | None,
    testers: Path | None,
    campaign: Path | None,
    store: str,
    name: str,
    seed: str,
    rates: tuple[str, ...],
    testers_per_app: int,
    at_least: int,
    output: Path,
) -> int:
    """Draw from POPULATION (CSV: id, name, grade, category, history, developer) or a campaign.

    Writes sample.json, which holds everything needed to verify the draw, and sample.csv.
    """
    from scanner.fleet.draw_files import read_items, read_testers, record_files
    from scanner.output import write_files

    wanted = dict(map(_split, rates))
    plan = Plan(seed=seed, rates=wanted, testers_per_app=testers_per_app, at_least=at_least)
    items = read_items(population) if population else _from_store(campaign, store, name)
    record = draw(plan, items, read_testers(testers) if testers else ())
    write_files(output, record_files(record))
    for stratum in record.strata:
        about = " / ".join(filter(None, (stratum.grade, stratum.category, stratum.history)))
        click.echo(f"{about}: {stratum.drawn} of {stratum.size}")
    click.echo(f"{len(record.drawn)} of {len(items)} drawn; population {record.population_digest}")
    return 0


@command.command("verify")
@click.argument("record", type=options.FILE)
@click.option("--population", type=options.FILE, help="The list as it was published (CSV).")
@testers_option
@click.option("--seed", default="", help="The seed as it was published.")
def verify_command(record: Path, population: Path | None, testers: Path | None, seed: str) -> int:
    """Draw again from RECORD (sample.json) and compare. Exit code 0 when everything follows from
    the seed and the population, 1 when something does not.
    """
    from scanner.fleet.draw_files import read_items, read_record, read_testers

    held = read_record(record)
    wrong = list(verify(held))
    if seed and seed != held.plan.seed:
        wrong.append(f"the record was drawn with the seed {held.plan.seed!r}")
    if population is not None:
        people = read_testers(testers) if testers else held.testers
        if digest(read_items(population), people) != held.population_digest:
            wrong.append("the population in the record is not the published one")
    for line in wrong:
        click.echo(line)
    click.echo(f"{len(wrong)} differences" if wrong else "verified")
    return 1 if wrong else 0


def _from_store(campaign: Path | None, store: str, name: str) -> tuple[Item, ...]:
    from scanner.fleet.draw_files import items_of

    with closing(open_store(campaign, store)) as opened:
        known = opened.campaigns()
        if not known or (name and name not in known):
            raise InputError(f"no campaign {name!r} in the store", f"Known: {', '.join(known)}.")
        return items_of(opened.engine, name or known[-1])


def _split(text: str) -> tuple[str, str]:
    grade, equals, share = text.partition("=")
    if not equals:
        raise InputError(f"--rate {text!r} is not GRADE=RATE")
    rate(share.strip())
    return grade.strip(), share.strip()
