"""Penalised logistic regression over sparse rows of named features, with numpy alone."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_MEMORY = 8
_ROUNDS = 200
_SMALL = 1e-6


@dataclass(frozen=True)
class Sparse:
    """Rows of features that are there or not: row i has `columns[starts[i]:starts[i + 1]]`."""

    columns: np.ndarray
    starts: np.ndarray
    width: int

    @property
    def height(self) -> int:
        return len(self.starts) - 1

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """Return the sum of the weights of each row's features."""
        total = np.concatenate([[0.0], np.cumsum(weights[self.columns])])
        return total[self.starts[1:]] - total[self.starts[:-1]]

    def rows(self, which: np.ndarray) -> "Sparse":
        """Return these rows, in this order."""
        sizes = (self.starts[1:] - self.starts[:-1])[which]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        shift = np.repeat(self.starts[:-1][which] - starts[:-1], sizes)
        return Sparse(self.columns[shift + np.arange(starts[-1])], starts, self.width)

    def only(self, kept: np.ndarray) -> "Sparse":
        """Return the rows with these columns only, numbered in their order."""
        number = np.full(self.width, -1)
        number[kept] = np.arange(len(kept))
        columns = number[self.columns]
        there = np.concatenate([[0], np.cumsum(columns >= 0)])
        return Sparse(columns[columns >= 0], there[self.starts], len(kept))

    def beside(self, other: "Sparse") -> "Sparse":
        """Return rows that have the features of both, the other's columns last."""
        sizes = [part.starts[1:] - part.starts[:-1] for part in (self, other)]
        starts = np.concatenate([[0], np.cumsum(sizes[0] + sizes[1])])
        columns = np.empty(starts[-1], dtype=self.columns.dtype)
        for part, first, shift in (
            (self, starts[:-1], 0),
            (other, starts[:-1] + sizes[0], self.width),
        ):
            move = np.repeat(first - part.starts[:-1], part.starts[1:] - part.starts[:-1])
            columns[move + np.arange(len(part.columns))] = part.columns + shift
        return Sparse(columns, starts, self.width + other.width)


class Names:
    """Numbers for names, in order of appearance."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.number: dict[str, int] = {}
        for name in names:
            self.number.setdefault(name, len(self.number))

    def sparse(self, rows: Iterable[Iterable[str]]) -> Sparse:
        """Return rows of names as a matrix; new names get new columns."""
        number, columns, starts = self.number, [], [0]
        for names in rows:
            columns += {number.setdefault(name, len(number)) for name in names}
            starts.append(len(columns))
        return Sparse(np.array(columns, dtype=np.int32), np.array(starts), len(number))


class Loss:
    """The penalised logistic loss and its gradient; the last weight is the bias.

    A row counts `times` times.
    """

    def __init__(self, x: Sparse, y: np.ndarray, penalty: float, times: np.ndarray) -> None:
        self.x, self.y, self.penalty, self.times = x, y, penalty, times
        self.order = np.argsort(x.columns, kind="stable")
        self.row = np.repeat(np.arange(x.height), x.starts[1:] - x.starts[:-1])[self.order]
        counts = np.bincount(x.columns, minlength=x.width)
        self.ends = np.concatenate([[0], np.cumsum(counts)])

    def __call__(self, v: np.ndarray) -> tuple[float, np.ndarray]:
        z = self.x.sums(v) + v[-1]
        d = self.times * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - self.y)
        total = np.concatenate([[0.0], np.cumsum(d[self.row])])
        g = total[self.ends[1:]] - total[self.ends[:-1]]
        value = (self.times * (np.logaddexp(0, z) - self.y * z)).sum()
        value += self.penalty / 2 * (v[:-1] ** 2).sum()
        return float(value), np.append(g + self.penalty * v[:-1], d.sum())


def _direction(g: np.ndarray, steps: list[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """The two-loop recursion of L-BFGS."""
    q, marks = g.copy(), []
    for s, t, r in reversed(steps):
        marks.append(r * (s @ q))
        q -= marks[-1] * t
    if steps:
        s, t, _ = steps[-1]
        q *= (s @ t) / (t @ t)
    else:
        q /= np.linalg.norm(q)
    for (s, t, r), a in zip(steps, reversed(marks), strict=True):
        q += s * (a - r * (t @ q))
    return q


def minimise(loss: Loss, start: np.ndarray) -> np.ndarray:
    """Return the weights of least loss, to a relative gain of a millionth a round."""
    v = start
    f, g = loss(v)
    steps: list[tuple[np.ndarray, np.ndarray, float]] = []
    for _ in range(_ROUNDS):
        q, rate = _direction(g, steps), 1.0
        new = v - q
        f2, g2 = loss(new)
        while f2 > f - 1e-4 * rate * (g @ q) and rate > 1e-8:
            rate /= 2
            new = v - rate * q
            f2, g2 = loss(new)
        s, t = new - v, g2 - g
        if s @ t > 1e-10:
            steps = [*steps, (s, t, 1 / (s @ t))][-_MEMORY:]
        done = f - f2 < _SMALL * max(1.0, abs(f))
        v, f, g = new, f2, g2
        if done:
            break
    return v


def common(x: Sparse, families: np.ndarray, least: int) -> np.ndarray:
    """Return the columns that occur this often, and in two families of rows."""
    seen = np.bincount(x.columns, minlength=x.width)
    home = np.repeat(families.astype(np.int64), x.starts[1:] - x.starts[:-1])
    pairs = np.unique(x.columns * (home.max() + 1) + home) // (home.max() + 1)
    return np.flatnonzero((seen >= least) & (np.bincount(pairs, minlength=x.width) >= 2))


def fit(
    x: Sparse,
    y: np.ndarray,
    families: np.ndarray,
    penalty: float,
    least: int,
    *,
    times: np.ndarray | None = None,
    near: tuple[np.ndarray, int] | None = None,
) -> tuple[np.ndarray, int]:
    """Return whole weights (hundredths) of all columns, and the bias.

    A feature must occur `least` times and in two families; others weigh nothing, nor do weights
    below 0.03. `y` may lie between 0 and 1. A row counts `times` times (once without it). `near`
    is a result that the search begins from.
    """
    kept = common(x, families, least)
    start = np.zeros(len(kept) + 1)
    if near is not None:
        start = np.append(near[0][kept], near[1]) / 100
    times = np.ones(x.height) if times is None else times
    v = minimise(Loss(x.only(kept), y, penalty, times), start)
    weights = np.zeros(x.width)
    weights[kept] = np.where(np.abs(v[:-1]) >= 0.03, np.round(100 * v[:-1]), 0)
    return weights, round(100 * float(v[-1]))
