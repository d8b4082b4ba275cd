"""Telling people: a real command, and a real web server."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from syndicate.adapters.notify import post, run_command

NOTICE = {"event": "issue-held", "text": "issue 1 of tea 🍵 is held", "site": "S", "number": 1}


class Hook(BaseHTTPRequestHandler):
    """Answers with the number that the path says, and keeps what came."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.headers["Content-Type"], body))  # type: ignore[attr-defined]  # set below
        self.send_response(int(self.path[1:]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.came = []  # type: ignore[attr-defined]  # what its handler appends to
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address(hook: HTTPServer, status: int) -> str:
    return f"http://127.0.0.1:{hook.server_port}/{status}"


def test_a_command_gets_the_notice_in_its_folder(tmp_path: Path) -> None:
    script = "import sys; open('told', 'wb').write(sys.stdin.buffer.read())"
    assert run_command(f'"{sys.executable}" -c "{script}"', str(tmp_path), NOTICE) is None
    assert json.loads((tmp_path / "told").read_bytes()) == NOTICE


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("false", "the command ended with exit code 1"),
        ("./no-such-program", "the command can't be run: No such file or directory"),
        ("'", "the command can't be run: No closing quotation"),
    ],
)
def test_a_command_that_fails_is_told(tmp_path: Path, command: str, why: str) -> None:
    assert run_command(command, str(tmp_path), NOTICE) == why


def test_a_command_is_no_shell(tmp_path: Path) -> None:
    assert run_command("true; touch here", str(tmp_path), NOTICE) == (
        "the command can't be run: No such file or directory"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_never_reads_its_input_is_no_matter(tmp_path: Path) -> None:
    assert run_command("true", str(tmp_path), {"text": "x" * 10_000_000}) is None


def test_a_webhook_gets_the_notice(hook: HTTPServer) -> None:
    assert post(address(hook, 204), NOTICE) is None
    ((kind, body),) = hook.came  # type: ignore[attr-defined]  # set above
    assert (kind, json.loads(body)) == ("application/json", NOTICE)


@pytest.mark.parametrize("status", [302, 404, 503])
def test_a_webhook_that_does_not_take_it_is_told(hook: HTTPServer, status: int) -> None:
    assert post(address(hook, status), NOTICE) == f"the webhook answered {status}"


def test_a_webhook_that_is_not_there_is_told_without_its_address() -> None:
    assert post("http://127.0.0.1:9/secret-token", NOTICE) == "the webhook can't be reached (NewConnectionError)"
