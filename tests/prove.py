"""Run every test with the long proofs in full, and write what came of them into docs/proofs.md: `make prove`.

python tests/prove.py [ARGUMENTS OF PYTEST…]     only what ran stands in the page then

tests ─► record() ─► a file each in SYNDICATE_PROOFS ─► sums ─► docs/proofs.md
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/proofs.md"
# How often the long proofs try, where CI tries less often.
FULL = {"SYNDICATE_KILLS": "200", "SYNDICATE_LIVES": "10", "SYNDICATE_HISTORIES": "1000"}
BAR = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof by the name under which tests record what came of it; with `bars`, its counts are a histogram."""

    name: str
    title: str
    test: str
    what: str
    bars: bool = False


_KILLED = (
    "`run-due` is killed (SIGKILL, with its workers) before, in and after a slot of two newsletters, alone and two at "
    "once, and run again. Each slot has exactly one issue, and issues, fates and pages are those of an undisturbed "
    "run. Where the kills fell:"
)
PROOFS = (
    Proof(
        name="zones",
        title="Every zone, six cadences, ten years",
        test="tests/properties/test_every_zone.py",
        what="The slots of every zone of the tz database, beside a calculation that shares no code with ours:",
    ),
    Proof(
        name="killed-sqlite",
        title="Killed around a slot, on SQLite",
        test="tests/real/test_killed_slots.py",
        what=_KILLED,
        bars=True,
    ),
    Proof(
        name="killed-postgres",
        title="Killed around a slot, two machines on one PostgreSQL",
        test="tests/real/test_killed_slots.py",
        what=_KILLED,
        bars=True,
    ),
    Proof(
        name="killed-telling",
        title="Killed before people were told",
        test="tests/real/test_telling.py",
        what="Rounds with five events to tell are killed at steps from the first claim to the last, and run again. "
        "Each event is told; what was being sent at the moment of the kill may be told twice:",
    ),
    Proof(
        name="histories",
        title="Histories of articles and issues",
        test="tests/properties/test_histories.py",
        what="Articles come, are back-dated, edited, renamed, hidden, deleted and dated ahead; issues are cut, skipped "
        "and previewed, under limits, pins and restarts. Every article that is eligible reaches every reader of its "
        "topics in exactly one issue, or is dropped by a rule that is named, as an oracle says:",
    ),
    Proof(
        name="lives",
        title="Weeks in the life of a site",
        test="tests/real/test_always_on.py",
        what="Five weeks over the clock changes of Berlin and New York, with hours and days without a round: articles "
        "come, are edited, retracted and dated ahead; drafts are approved, rejected and forgotten. Issues and feeds "
        "are those of an oracle that steps through minutes of UTC:",
    ),
)


def record(name: str, counts: Mapping[str, int]) -> None:
    """Print what came of a proof, or of a part of it, and keep it for the page if one is to be written."""
    sys.stdout.write(f"{name}: {dict(counts)}\n")
    if folder := os.environ.get("SYNDICATE_PROOFS"):
        Path(folder, f"{uuid.uuid4()}.json").write_text(json.dumps({"proof": name, "counts": dict(counts)}), "utf-8")


def recorded(folder: Path) -> dict[str, Counter[str]]:
    """Return the sums of what was recorded of each proof."""
    sums: dict[str, Counter[str]] = {}
    for path in folder.glob("*.json"):
        found = json.loads(path.read_bytes())
        sums.setdefault(found["proof"], Counter()).update(found["counts"])
    return sums


def page(sums: Mapping[str, Mapping[str, int]], facts: Mapping[str, str]) -> str:
    """Return the page."""
    head = [
        "# Proofs",
        "What the long proofs found when they were last run in full. CI runs a share of them at each change, with "
        "fixed and with fresh seeds. To refresh this page, run `make prove`: it runs all of them, and writes the page "
        "if all passed. `python tests/prove.py PYTEST_ARGUMENTS` runs some only.",
        "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]),
    ]
    parts = [_section(proof, sums[proof.name]) for proof in PROOFS if proof.name in sums]
    return "\n\n".join([*head, *parts]) + "\n"


def _section(proof: Proof, counts: Mapping[str, int]) -> str:
    most = max(counts.values(), default=1)
    rows = [
        f"{name:<34} {number:>12,} {'#' * -(-number * BAR // most) if proof.bars else ''}".rstrip()
        for name, number in sorted(counts.items())
    ]
    held_by = f"Held by [{proof.test}](../{proof.test})."
    return "\n\n".join([f"## {proof.title}", proof.what, "\n".join(["```", *rows, "```"]), held_by])


def facts_of(command: str) -> dict[str, str]:
    """Return when, of what and where the proofs were run."""
    commit = _git("rev-parse", "--short", "HEAD") or "unknown"
    changed = " with changes" if _git("status", "--porcelain", "--untracked-files=no") else ""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit + changed,
        "machine": f"{cores} cores, {platform.system()}, Python {platform.python_version()}",
        "command": f"`{command}`",
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    facts = facts_of(
        " ".join(["python tests/prove.py", *arguments]) if arguments else "make prove"
    )  # as of now: the commit may move while it runs
    with tempfile.TemporaryDirectory() as folder:
        environment = {**FULL, **os.environ, "SYNDICATE_PROOFS": folder}
        command = [sys.executable, "-m", "pytest", *(arguments or ["-n", "auto"])]
        if code := subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            return code
        facts["time"] = f"{(time.monotonic() - started) / 60:.0f} min"
        missing = {proof.name for proof in PROOFS} - recorded(Path(folder)).keys()
        if missing and not arguments:
            sys.stderr.write(f"nothing was recorded of: {', '.join(sorted(missing))}\n")
            return 1
        PAGE.write_text(page(recorded(Path(folder)), facts), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is made anew; look at 'git diff {PAGE.relative_to(ROOT)}'\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
