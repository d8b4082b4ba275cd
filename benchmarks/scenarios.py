"""What is measured: five situations, the same for both sides.

Hugo and syndicate take turns, because times on a shared machine drift and only neighbours can be
compared.
"""

import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import check
import corpus
import sides
from corpus import Article
from measure import Command, peak_pss_mib, seconds
from report import Row
from sides import Side

T = TypeVar("T")

# What the project holds itself to: at most this share of Hugo's time or memory, and `--help` in at
# most this many times the start of a bare interpreter.
BAR_COLD, BAR_ONE_CHANGED, BAR_NOTHING_CHANGED, BAR_MEMORY, BAR_HELP = 0.35, 0.10, 0.02, 0.25, 8.0
HELP_RUNS = 15
REHEARSAL_ARTICLES = 20
# More than a handful of differences have one cause.
SHOWN_DIFFERENCES = 5
OWN_PROGRAM = (sys.executable, "-m", "syndicate")


class UnequalError(Exception):
    """The two sides did not publish the same entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is compared: how much of which corpus, and which programs."""

    articles: int
    topics: int
    seed: int
    binary: Path
    program: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The corpus and the two sides: all that a measurement needs."""

    folder: Path
    articles: Sequence[Article]
    hugo: Side
    syndicate: Side

    @property
    def pair(self) -> tuple[Side, Side]:
        """Both sides, in the order in which they take turns."""
        return self.hugo, self.syndicate

    def verify(self) -> None:
        """Insist on equal entries in the feeds of both sides."""
        expected = corpus.newest(self.articles, sides.LIMIT)
        found = list(
            islice(
                check.differences(expected, self.hugo.feeds, self.syndicate.feeds),
                SHOWN_DIFFERENCES,
            )
        )
        if found:
            raise UnequalError("the entries of the two sides differ:\n  " + "\n  ".join(found))


# --- preparation --------------------------------------------------------------------------------


def prepare(work: Path, setting: Setting) -> Bench:
    """Write the corpus, unless an earlier run kept it, and lay out both sides."""
    articles = corpus.plan(setting.articles, setting.topics, setting.seed)
    key = f"{setting.articles}-articles-{setting.topics}-topics-seed-{setting.seed}"
    folder = work / f"{key}-v{corpus.VERSION}"
    complete = folder / "corpus.complete"
    if not complete.exists():
        shutil.rmtree(folder / "content", ignore_errors=True)
        corpus.write(folder, articles)
        complete.touch()
    # A run that was killed may have left its change behind.
    corpus.write_one(folder, newest(articles))
    return Bench(
        folder=folder,
        articles=articles,
        hugo=sides.hugo(folder, setting.binary),
        syndicate=sides.syndicate(folder, setting.program),
    )


def rehearse(work: Path, setting: Setting) -> None:
    """Run both sides once on a few articles, unmeasured.

    It finds a broken set-up in a second, and takes from the first measured run what only the first
    run after an installation pays: compiling Python's byte-code, reading programs from the disk.
    """
    bench = prepare(work, replace(setting, articles=REHEARSAL_ARTICLES))
    for side in bench.pair:
        side.clear()
        seconds(side.command)
    bench.verify()


def read_once(bench: Bench) -> None:
    """Read every article, so that the first of the two sides does not wait for the disk alone."""
    for path in (bench.folder / corpus.NEWS).iterdir():
        path.read_bytes()


def clean_up(work: Path) -> None:
    """Remove what was cleared away between the runs."""
    for folder in work.glob(f"*/{sides.CLEARED}"):
        shutil.rmtree(folder, ignore_errors=True)


# --- measurements -------------------------------------------------------------------------------


def cold(bench: Bench, runs: int) -> Row:
    """Build from nothing, and check that both sides built the same."""

    def measure(side: Side) -> float:
        side.clear()
        return seconds(side.command)

    theirs, ours = take_turns(bench.pair, measure, runs)
    bench.verify()
    return hugo_row("cold build", "s", theirs, ours, BAR_COLD)


def one_changed(bench: Bench, runs: int) -> Row:
    """Add a sentence to one article before each pair of builds.

    That the sentence arrives in the feeds of both sides is checked.
    """
    article = newest(bench.articles)
    theirs: list[float] = []
    ours: list[float] = []
    try:
        for number in range(1, runs + 1):
            sentence = f"Change number {number} of the benchmark."
            append(bench.folder / corpus.NEWS / article.file, f"<p>{sentence}</p>")
            for side, times in zip(bench.pair, (theirs, ours), strict=True):
                times.append(seconds(side.command))
                if not check.holds(side.feeds, sentence):
                    raise UnequalError(f"{side.command.name} did not publish the changed article")
    finally:
        corpus.write_one(bench.folder, article)
    return hugo_row("one article changed", "s", theirs, ours, BAR_ONE_CHANGED)


def nothing_changed(bench: Bench, runs: int) -> Row:
    """Build again what was built a moment ago."""
    # The last change was taken back: publish that first, unmeasured.
    for side in bench.pair:
        seconds(side.command)
    theirs, ours = take_turns(bench.pair, lambda side: seconds(side.command), runs)
    return hugo_row("nothing changed", "s", theirs, ours, BAR_NOTHING_CHANGED)


def memory(bench: Bench, runs: int) -> Row:
    """Build from nothing while looking at the memory of all the processes."""

    def measure(side: Side) -> float:
        side.clear()
        return peak_pss_mib(side.command)

    theirs, ours = take_turns(bench.pair, measure, runs)
    return hugo_row("memory of a cold build", "MiB", theirs, ours, BAR_MEMORY)


def help_rows(bench: Bench, program: tuple[str, ...]) -> list[Row]:
    """Compare `--help` with an interpreter that does nothing."""
    commands = {"--help": program}
    script = Path(sysconfig.get_path("scripts")) / "syndicate"
    if program == OWN_PROGRAM:
        commands = {"python -m syndicate --help": program}
        if script.exists():
            commands["syndicate --help"] = (str(script),)
    return [help_row(bench, what, start) for what, start in commands.items()]


def help_row(bench: Bench, what: str, start: tuple[str, ...]) -> Row:
    """Compare one way to ask for help with an interpreter that does nothing."""
    bare = Command(name="python", arguments=(sys.executable, "-c", "pass"), folder=bench.folder)
    command = Command(name=what, arguments=(*start, "--help"), folder=bench.folder)
    theirs, ours = take_turns((bare, command), seconds, HELP_RUNS)
    return Row(
        what=what,
        unit="s",
        baseline="python -c pass",
        theirs=tuple(theirs),
        ours=tuple(ours),
        bar=BAR_HELP,
    )


def take_turns(pair: tuple[T, T], measure: Callable[[T], float], runs: int) -> tuple[list[float], list[float]]:
    """Measure the two in turn, `runs` times each."""
    measured = [(measure(pair[0]), measure(pair[1])) for _ in range(runs)]
    return [first for first, _ in measured], [second for _, second in measured]


def hugo_row(what: str, unit: str, theirs: Sequence[float], ours: Sequence[float], bar: float) -> Row:
    """Return a comparison with Hugo."""
    return Row(what=what, unit=unit, baseline="Hugo", theirs=tuple(theirs), ours=tuple(ours), bar=bar)


def newest(articles: Sequence[Article]) -> Article:
    """Return the article that is changed: it is in all of its feeds, which must be made again."""
    return max(articles, key=lambda article: article.published)


def append(path: Path, text: str) -> None:
    """Add `text` to a file and make its time of modification later than it was."""
    before = path.stat().st_mtime_ns
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
    status = path.stat()
    if status.st_mtime_ns <= before:  # A coarse clock, or articles from the future.
        os.utime(path, ns=(status.st_atime_ns, before + 1_000_000_000))
