"""What people see: progress on a terminal, problems, tables. rich is imported only when it is used."""

import sys
from collections.abc import Iterable, Sequence
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

import click

from syndicate.errors import Problem

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# Work that ends sooner needs no progress bar.
_PATIENCE_S = 0.7
# A build shows this many problems; 'syndicate check' shows all.
SHOWN_PROBLEMS = 20


class ProgressBar:
    """A progress bar on standard error, if that is a terminal and the work takes longer than a moment."""

    def __init__(self) -> None:
        self._started = monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show how far a piece of work has come."""
        if not sys.stderr.isatty() or monotonic() - self._started < _PATIENCE_S:
            return
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.start()
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total)
        self._bar.update(self._tasks[what], completed=done, total=total)


def _new_bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def show_problems(problems: Sequence[Problem], limit: int | None = None) -> None:
    """Print problems to standard error, one a line."""
    for problem in problems[:limit]:
        click.echo(str(problem), err=True)
    hidden = len(problems) - limit if limit is not None else 0
    if hidden > 0:
        click.echo(f"… and {hidden:,} more; 'syndicate check' lists them all", err=True)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: drawn on a terminal, tab-separated elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*headings, box=box.SIMPLE, header_style="bold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)
