"""A PostgreSQL of the tests' own: small, private, reached by a socket, gone when they end."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

# Where Debian and others put what is not on the path.
_FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt/postgresql")
# It refuses to run as root.
_USER = "postgres"
# A server whose data may be lost needs no wait for its disk.
_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=30")
_START_S = 30
PASSWORD = "sesame/+ 🍵"
"""That of the role 'locked', the only one that is asked for one."""
_RULES = "local all locked scram-sha-256\nlocal all all trust\n"


def postgres_folder() -> Path | None:
    """Return the folder of initdb and postgres, the newest if there are several."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    places = [place for folder in _FOLDERS for place in Path(folder).glob("*/bin/initdb")]
    return max((place.parent for place in places), key=lambda place: place.parent.name.zfill(9), default=None)


class Server:
    """A running server whose socket lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def url(self, database: str, role: str = _USER) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.folder), safe='')}"

    def new_database(self, options: str = "") -> str:
        """Make an empty database and return its address."""
        name = f"ledger{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
        return self.url(name)


@contextmanager
def running(binaries: Path) -> Iterator[Server]:
    """Run a server of a new, empty cluster."""
    folder = Path(tempfile.mkdtemp(prefix="synd-pg-", dir="/tmp"))  # short: the path of a socket has 107 bytes
    prefix = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, _USER)
    data = folder / "data"
    initdb = [binaries / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    if _version(binaries) >= 15:  # an order of words that is not that of their bytes, as most servers have it
        initdb += ["--locale-provider=icu", "--icu-locale=en"]
    settings = [word for setting in (*_SETTINGS, f"unix_socket_directories={folder}") for word in ("-c", setting)]
    process = None
    try:
        subprocess.run([*prefix, *map(str, initdb)], check=True, capture_output=True, cwd="/tmp")
        (data / "pg_hba.conf").write_text(_RULES)
        command = [*prefix, str(binaries / "postgres"), "-D", str(data), *settings]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/tmp")
        server = Server(folder)
        _wait_for(server, process)
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE locked SUPERUSER LOGIN PASSWORD '{PASSWORD}'".encode())
        yield server
    finally:
        if process:
            _stop(process, data)
        shutil.rmtree(folder, ignore_errors=True)


def _version(binaries: Path) -> int:
    said = subprocess.run([binaries / "initdb", "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"\d+", said)[0])


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > ends:
                raise AssertionError((server.folder / "log").read_text("utf-8", "replace")) from None
            time.sleep(0.05)
        else:
            return


def _stop(process: "subprocess.Popen[bytes]", data: Path) -> None:
    """Ask the server to end without waiting for its clients; its own number stands in its folder."""
    try:
        os.kill(int((data / "postmaster.pid").read_text().splitlines()[0]), 3)  # SIGQUIT: at once
    except (OSError, ValueError):
        process.kill()
    process.wait(_START_S)
