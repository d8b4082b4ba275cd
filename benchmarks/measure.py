"""Run a command and measure it: the seconds on the wall, or the peak of its memory.

The two are measured in separate runs, because looking at memory every few milliseconds slows down
what is looked at.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

# A peak that lasts for less than this may be missed: on both sides alike.
SAMPLE_EVERY_S = 0.02
# Settings of whoever runs the benchmark that would change what is compared. The last is Python's:
# a tool that may not keep its byte-code would be compiled anew in each run.
FOREIGN_PREFIXES = ("HUGO_", "SYNDICATE_")
FOREIGN = frozenset({"PYTHONDONTWRITEBYTECODE"})


class CommandError(Exception):
    """A command could not be run, or ended with another status than 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, and where."""

    name: str
    arguments: tuple[str, ...]
    folder: Path


def seconds(command: Command) -> float:
    """Run `command` to its end and return how long it took, in seconds of wall-clock time."""
    started = time.perf_counter()
    with _running(command) as process:
        process.wait()
        return time.perf_counter() - started


def output(command: Command) -> str:
    """Run `command` to its end and return what it wrote to its standard output."""
    try:
        done = subprocess.run(
            command.arguments,
            cwd=command.folder,
            env=environment(os.environ),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandError(f"{command.name}: {error}") from error
    return done.stdout


def peak_pss_mib(command: Command) -> float:
    """Run `command` to its end and return the peak of its memory, in MiB.

    It is the proportional set size (PSS) summed over the process and all of its descendants: a page
    that several of them share counts once, so that neither threads nor worker processes are
    favoured.
    """
    peak = 0
    with _running(command) as process:
        while process.poll() is None:
            started = time.perf_counter()
            peak = max(peak, sum(_pss_kib(pid) for pid in _tree(process.pid)))
            time.sleep(max(0.0, SAMPLE_EVERY_S - (time.perf_counter() - started)))
    return peak / 1024


def can_measure_memory() -> bool:
    """Tell whether this system reports PSS and the children of a process: a recent Linux does."""
    return Path("/proc/self/smaps_rollup").exists() and _children_file(os.getpid()).exists()


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a measured command sees."""
    return {
        name: value
        for name, value in inherited.items()
        if not name.startswith(FOREIGN_PREFIXES) and name not in FOREIGN
    }


@contextmanager
def _running(command: Command) -> Iterator[subprocess.Popen[bytes]]:
    """Start `command`, and insist on its status being 0 once the caller has waited for it."""
    with TemporaryFile() as log:
        try:
            process = subprocess.Popen(
                command.arguments,
                cwd=command.folder,
                env=environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        except OSError as error:
            raise CommandError(f"{command.name}: {error}") from error
        try:
            yield process
        finally:
            process.kill()  # Does nothing to a process that has ended.
            process.wait()
        if process.returncode != 0:
            raise CommandError(_failure(command, process.returncode, log))


def _failure(command: Command, status: int, log: IO[bytes]) -> str:
    log.seek(0)
    written = log.read().decode(errors="replace").strip() or "(it wrote nothing)"
    line = " ".join(command.arguments)
    return f"{command.name} ended with status {status}: {line}\n{written[-2000:]}"


def _tree(pid: int) -> Iterator[int]:
    """Yield `pid` and all of its descendants."""
    yield pid
    try:
        tasks = [task.name for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # It ended since it was listed.
        return
    for task in tasks:
        try:
            children = _children_file(pid, task).read_bytes()
        except OSError:
            continue
        for child in children.split():
            yield from _tree(int(child))


def _children_file(pid: int, task: str | None = None) -> Path:
    return Path(f"/proc/{pid}/task/{task or pid}/children")


def _pss_kib(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
    except OSError:  # It ended since it was listed.
        return 0
    for line in rollup.splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1])
    return 0
