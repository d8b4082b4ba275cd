"""Make tests/golden/expected/ anew: python tests/golden/refresh.py. Read the difference before it is committed.

git diff tests/golden/expected
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GOLDEN = Path(__file__).parent
# A Monday, half an hour after the newsletter's slot.
NOW = "2026-03-30T06:00:00Z"


def make(folder: Path) -> Path:
    """Build the golden site below a folder and cut an issue; returns its output folder."""
    site = folder / "site"
    shutil.copytree(GOLDEN / "site", site)
    command = [sys.executable, "-m", "syndicate", "issue", "cut", "lamplighter", "--now", NOW]
    subprocess.run(command, cwd=site, check=True, stdout=subprocess.DEVNULL)
    return site / "output"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        output = make(Path(temporary))
        shutil.rmtree(GOLDEN / "expected", ignore_errors=True)
        shutil.copytree(output, GOLDEN / "expected")
    sys.stdout.write("tests/golden/expected is made anew; look at 'git diff tests/golden/expected'\n")
