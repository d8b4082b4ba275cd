"""Measure syndicate against Hugo on the same articles, in one run, and print the ratios.

    rehearse on 20 articles | write the corpus | cold | check the entries
                            | one article changed | nothing changed | memory | --help | table

No ratio makes the run fail; entries that differ do (status 1), and so does a command that fails or
is missing (status 2).
"""

import argparse
import json
import os
import platform
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import corpus
import scenarios
import sides
from measure import Command, CommandError, can_measure_memory, output
from report import Row, as_json, table
from scenarios import Bench, Setting, UnequalError
from sides import MissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for."""

    articles: int
    topics: int
    seed: int
    runs: int
    work: Path | None
    json: Path | None
    program: tuple[str, ...]


def run(options: Options, work: Path) -> None:
    """Measure everything and report it."""
    setting = Setting(
        articles=options.articles,
        topics=options.topics,
        seed=options.seed,
        binary=sides.hugo_binary(),
        program=options.program,
    )
    say("rehearsing on a few articles")
    scenarios.rehearse(work, setting)
    say(f"preparing {options.articles} articles")
    bench = scenarios.prepare(work, setting)
    about = describe(setting, bench)
    try:
        rows = measure(bench, options)
    finally:
        scenarios.clean_up(work)
    print_report(about, rows)
    if options.json:
        options.json.write_text(json.dumps(as_json(about, rows), indent=2) + "\n", encoding="utf-8")


def measure(bench: Bench, options: Options) -> list[Row]:
    """Return the rows of the table, measured in an order in which each finds what it needs."""
    scenarios.read_once(bench)
    rows = []
    for scenario in (
        scenarios.cold,
        scenarios.one_changed,
        scenarios.nothing_changed,
        scenarios.memory,
    ):
        if scenario is scenarios.memory and not can_measure_memory():
            say("leaving out memory: this system does not report PSS")
            continue
        say(f"measuring {options.runs} pairs: {scenario.__name__.replace('_', ' ')}")
        rows.append(scenario(bench, options.runs))
    say(f"measuring {scenarios.HELP_RUNS} pairs: --help")
    return rows + scenarios.help_rows(bench, options.program)


def describe(setting: Setting, bench: Bench) -> dict[str, str | int]:
    """Return what was compared, and on what."""
    sizes = [path.stat().st_size for path in (bench.folder / corpus.NEWS).iterdir()]
    return {
        "hugo": version("Hugo", (str(setting.binary), "version"), bench.folder, word=1),
        "syndicate": version("syndicate", (*setting.program, "--version"), bench.folder, word=-1),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "cpus": cpu_count(),
        "articles": len(sizes),
        "bytes": sum(sizes),
        "categories": len(corpus.newest(bench.articles, 1)),
        "seed": setting.seed,
    }


def version(name: str, arguments: tuple[str, ...], folder: Path, word: int) -> str:
    """Return the word of the command's answer that is the version."""
    try:
        words = output(Command(name=name, arguments=arguments, folder=folder)).split()
    except CommandError:
        words = []
    # Hugo's goes on after a hyphen with the commit that it was built from.
    return words[word].partition("-")[0] if words else "of unknown version"


def cpu_count() -> int:
    """Return the number of processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def print_report(about: dict[str, str | int], rows: Sequence[Row]) -> None:
    """Print what was compared, and the table."""
    print()
    print(f"Hugo {about['hugo']}; syndicate {about['syndicate']}; Python {about['python']}")
    print(f"{about['system']}, {about['cpus']} CPUs")
    print(
        f"{about['articles']} articles, {int(about['bytes']) / 1e6:.1f} MB, "
        f"{about['categories']} categories; RSS and Atom for each, entries equal on both sides"
    )
    print()
    print(table(rows))


def say(message: str) -> None:
    """Tell on standard error what is going on: standard output is for the report."""
    print(f"{message} ...", file=sys.stderr, flush=True)


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure syndicate against Hugo.")
    corpus.add_arguments(parser)
    runs = corpus.whole(1, 1_000)
    parser.add_argument("--runs", type=runs, default=3, help="pairs of runs (default: 3)")
    parser.add_argument("--work", type=Path, help="keep the corpus here, and use it again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every number here")
    parser.add_argument("--syndicate", metavar="COMMAND", help="measure this in its place")
    found = parser.parse_args(arguments)
    return Options(
        articles=found.n,
        topics=found.topics,
        seed=found.seed,
        runs=found.runs,
        work=found.work,
        json=found.json,
        program=tuple(shlex.split(found.syndicate)) if found.syndicate else scenarios.OWN_PROGRAM,
    )


@contextmanager
def work_folder(kept: Path | None) -> Iterator[Path]:
    """Yield the folder to work in: `kept`, or one that is removed at the end."""
    if kept:
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder:
        yield Path(folder).resolve()


def main() -> int:
    """Run the benchmark and return the exit status."""
    options = parse_options()
    try:
        with work_folder(options.work) as work:
            run(options, work)
    except UnequalError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except (CommandError, MissingError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
