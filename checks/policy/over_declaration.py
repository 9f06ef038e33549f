"""Data that the policy declares and nothing shows."""

from collections.abc import Iterator

from checks.api import Hit
from checks.judging import strength
from checks.names import join, type_name
from profiles.model import Knowledge
from scanner.model.common import APP
from scanner.model.matrix import Matrix


def run(matrix: Matrix, know: Knowledge) -> Iterator[Hit]:
    """Yield one hit that names the declared types an interface could yield and nobody uses."""
    readable = {t for api in know.apis.values() for t in (api.data_type, *api.also)}
    used = {cell.data_type for cell in matrix.cells if strength(cell) is not None}
    unseen = [
        cell
        for cell in matrix.cells
        if cell.actor == APP
        and cell.declared == "clear"
        and cell.reachable is False
        and cell.data_type in readable - used
    ]
    if unseen:
        yield Hit(
            subject="app",
            message="found",
            args={"data": join(type_name(know, cell.data_type) for cell in unseen)},
            evidence=(*(cell.nearest for cell in unseen[:4] if cell.nearest), "absence/behaviour/"),
            confidence="tentative",
        )
