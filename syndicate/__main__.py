"""`python -m syndicate`, and the command `syndicate`."""

import atexit
import os
import sys

from syndicate.cli import main as cli


def main() -> None:
    """Run the command line and end the process, without the 80 ms in which Python frees what a build has made."""
    code: int | str | None = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code
    atexit._run_exitfuncs()  # what others asked to be done at the end
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 1
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
