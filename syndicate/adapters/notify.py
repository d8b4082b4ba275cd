"""Telling people: a command that gets the notice on standard input, or a webhook that gets it in a POST."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import urllib3
from urllib3.util import Retry, Timeout

from syndicate import __version__

_TIMEOUT_S = 30
_HTTP_TIMEOUT = Timeout(connect=5.0, read=10.0)
_RETRIES = Retry(total=2, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504), allowed_methods=None,
                 redirect=0, raise_on_status=False, respect_retry_after_header=False)  # fmt: skip
_SUCCESS = range(200, 300)


def run_command(command: str, folder: str, notice: Mapping[str, Any]) -> str | None:
    """Run a command in a folder with the notice as JSON on its input; returns why it failed, if it did."""
    try:
        code = _run(shlex.split(command), folder, json.dumps(notice, ensure_ascii=False).encode())
    except subprocess.TimeoutExpired:
        return f"the command took more than {_TIMEOUT_S} s"
    except (OSError, ValueError) as error:
        return f"the command can't be run: {getattr(error, 'strerror', None) or error}"
    return None if code == 0 else f"the command ended with exit code {code}"


def _run(words: list[str], folder: str, data: bytes) -> int:
    """Run a command to its end; one that takes too long is killed with all that it started, as when we are to end."""
    with subprocess.Popen(  # noqa: S603 - the command is the operator's own
        words,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.communicate(data, timeout=_TIMEOUT_S)
        except BaseException:
            _kill(process)
            raise
    return process.returncode


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def post(url: str, notice: Mapping[str, Any]) -> str | None:
    """Send a notice to a webhook; returns why it failed, if it did, without the address: it may be a secret."""
    pool = urllib3.PoolManager(
        timeout=_HTTP_TIMEOUT, retries=_RETRIES, headers={"User-Agent": f"syndicate/{__version__}"}
    )
    try:
        answer = pool.request("POST", url, json=dict(notice))
    except urllib3.exceptions.HTTPError as error:
        cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason else error
        return f"the webhook can't be reached ({type(cause).__name__})"
    return None if answer.status in _SUCCESS else f"the webhook answered {answer.status}"
