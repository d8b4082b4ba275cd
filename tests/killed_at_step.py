"""Run syndicate and kill it at its Nth step: `python killed_at_step.py N COUNT_FILE ARGUMENTS…`.

A step is a call in the modules that cut issues, keep the ledger, write the output folder and tell
people, or a statement that the database is given. With N at 0 nothing is killed, and COUNT_FILE is told
at which step the first slot was claimed, and how many steps there were.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from syndicate.cli.main import main

WATCHED = (
    "services/rounds",
    "services/issues",
    "adapters/ledger",
    "adapters/output",
    "adapters/atomic",
    "newsletters/",
    "syndicate/telling",
    "adapters/notify",
)
STATEMENTS = ("execute", "executemany", "commit")


class Countdown:
    """Counts steps and kills this process at the one it was told."""

    def __init__(self, last: int) -> None:
        self.steps, self.last, self.claim = 0, last, 0

    def __call__(self, frame: FrameType, event: str, what: Any) -> None:
        if event == "call":
            path = frame.f_code.co_filename.replace(os.sep, "/")
            watched = "/syndicate/" in path and any(part in path for part in WATCHED)
            watched = watched or ("/psycopg/" in path and frame.f_code.co_name in STATEMENTS)
            if frame.f_code.co_name == "claim_slot":
                self.claim = self.claim or self.steps
        else:
            watched = event == "c_call" and what.__name__ in STATEMENTS and "sqlite3" in repr(what)
        if watched:
            self.steps += 1
            if self.steps == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    countdown, count_file = Countdown(int(sys.argv[1])), Path(sys.argv[2])
    sys.argv[1:] = sys.argv[3:]
    sys.setprofile(countdown)
    try:
        main()
    finally:
        sys.setprofile(None)
        count_file.write_text(f"{countdown.claim} {countdown.steps}")
