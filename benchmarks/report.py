"""The results: rows of paired measurements, as a table for people and as JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

_HEADINGS = ("what", "compared with", "its median", "syndicate", "ratio", "bar", "runs")
_PRECISION = {"s": 3, "MiB": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison: the n-th value of each side comes from the n-th pair of runs."""

    what: str
    unit: str
    baseline: str
    theirs: tuple[float, ...]
    ours: tuple[float, ...]
    bar: float

    @property
    def ratio(self) -> float:
        """The median of the ratios of the pairs.

        Not the ratio of the medians: on a shared machine the two runs of one pair see the same
        weather, two runs of different pairs need not.
        """
        return median(mine / other for mine, other in zip(self.ours, self.theirs, strict=True))

    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        digits = _PRECISION[self.unit]
        return (
            self.what,
            self.baseline,
            f"{median(self.theirs):.{digits}f} {self.unit}",
            f"{median(self.ours):.{digits}f} {self.unit}",
            f"{self.ratio:.3f}",
            f"{self.bar:g}",
            str(len(self.ours)),
        )


def table(rows: Sequence[Row]) -> str:
    """Return the rows under their headings: words to the left, numbers to the right."""
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(cells, widths) for cells in lines)


def as_json(about: Mapping[str, str | int], rows: Sequence[Row]) -> dict[str, object]:
    """Return everything that was measured, and where."""
    return {
        "about": dict(about),
        "rows": [
            {
                **asdict(row),
                "median_theirs": median(row.theirs),
                "median_ours": median(row.ours),
                "ratio": row.ratio,
            }
            for row in rows
        ],
    }


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    texts = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join(texts + numbers)
