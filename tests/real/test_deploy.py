"""What deploy/ has: the systemd unit is right, and the Dockerfile's steps make a server that is healthy."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import yaml
from support import CONFIG, REPO, Site, needs

pytestmark = [pytest.mark.real, pytest.mark.skipif(os.name != "posix", reason="systemd and Docker are for POSIX")]
DEPLOY = REPO / "deploy"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    needs(shutil.which("systemd-analyze"), "install Debian's systemd")
    # The program that it starts is not here: another one stands in its place, so that only that is not judged.
    unit = (DEPLOY / "syndicate.service").read_text("utf-8")
    (tmp_path / "syndicate.service").write_text(unit.replace("/srv/syndicate/venv/bin/syndicate", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "syndicate.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "syndicate" in line]
    assert (done.returncode, said) == (0, [])


def test_the_unit_gives_a_round_time_to_end() -> None:
    unit = (DEPLOY / "syndicate.service").read_text("utf-8")
    found = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert found is not None
    assert int(found[1]) > 20


def steps() -> list[tuple[str, str]]:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word]


def test_the_steps_of_the_dockerfile_make_a_healthy_server(tmp_path: Path) -> None:
    """In an empty folder, without Docker: its paths are moved below the folder, and its user is ours."""
    venv, source = tmp_path / "venv", tmp_path / "source"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    site = Site(tmp_path / "site", {**CONFIG, "output": {"url": "http://localhost:8000/"}})
    site.article("a.md", title="Kettles")
    environment = {**os.environ, "PATH": f"{venv / 'bin'}:{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)

    def moved(text: str) -> str:
        return text.replace("/usr/src/syndicate", str(source)).replace("/site", str(site.root))

    done = []
    for word, rest in steps():
        if word == "COPY":
            ignored = shutil.ignore_patterns(".*", "output", "tests", "__pycache__", "node_modules")
            shutil.copytree(REPO, moved(rest.split()[1]), ignore=ignored)
        elif word == "RUN" and "useradd" not in rest:
            command = moved(rest.partition(" && chown")[0])
            subprocess.run(["sh", "-ec", command], env=environment, check=True, cwd=tmp_path)
        done.append(word)
    assert {"COPY", "RUN", "USER", "HEALTHCHECK", "CMD"} <= set(done)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    by_word = dict(steps())
    command = [part.replace("8000", port).replace("0.0.0.0", "127.0.0.1") for part in json.loads(by_word["CMD"])]
    check = [part.replace("8000", port) for part in json.loads(by_word["HEALTHCHECK"].removeprefix("CMD "))]
    with (tmp_path / "said").open("wb") as said:
        server = subprocess.Popen(command, cwd=site.root, env=environment, stdout=said, stderr=said)
    try:
        end = time.monotonic() + 60
        while subprocess.run(check, env=environment, capture_output=True, check=False).returncode != 0:
            assert time.monotonic() < end, (tmp_path / "said").read_text("utf-8")
            time.sleep(0.2)
        while not (site.output / "all/rss.xml").exists():
            assert time.monotonic() < end, (tmp_path / "said").read_text("utf-8")
            time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    finally:
        server.kill()
        server.wait()


def test_the_compose_file_keeps_state_and_gives_no_rights() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["syndicate"]
    places = [volume.split(":")[1] for volume in service["volumes"]]
    assert {"/site/output", "/site/.syndicate"} <= set(places)
    assert [volume for volume in service["volumes"] if volume.startswith("./") and not volume.endswith(":ro")] == []
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_the_image_has_the_python_that_the_project_asks_for() -> None:
    asked = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    (image,) = (rest for word, rest in steps() if word == "FROM")
    assert asked == f">={image.removeprefix('python:').removesuffix('-slim')}"
