"""Make tests/golden/expected/ and issues/ anew: python tests/golden/refresh.py. Read the difference first.

git diff tests/golden
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


def make_issues(folder: Path) -> None:
    """Write an issue of each design and language into a folder."""
    from golden.designs import files

    folder.mkdir(exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(GOLDEN.parent))
    with tempfile.TemporaryDirectory() as temporary:
        output = make(Path(temporary))
        shutil.rmtree(GOLDEN / "expected", ignore_errors=True)
        shutil.copytree(output, GOLDEN / "expected")
    shutil.rmtree(GOLDEN / "issues", ignore_errors=True)
    make_issues(GOLDEN / "issues")
    sys.stdout.write("tests/golden/expected and issues are made anew; look at 'git diff tests/golden'\n")
