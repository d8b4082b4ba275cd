"""304 answers per second on one core: syndicate serve, Starlette's StaticFiles and nginx on the same files, in one run.

    python benchmarks/serve.py [--seconds 5] [--rounds 3] [--requests 1000000]

The server is bound to core 0 and wrk to the last one. Needs wrk and nginx (Debian has both).
"""

import argparse
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORES = sorted(os.sched_getaffinity(0))
STATIC = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
app = Starlette(routes=[Mount("/", StaticFiles(directory="output"))])
uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="uvloop", access_log=False, log_level="error")
"""
NGINX = """daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error; events {{}}
http {{ access_log off; types {{ application/rss+xml xml; }}
server {{ listen 127.0.0.1:{port}; root {folder}/output; keepalive_requests 1000000000; }} }}
"""


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start(name: str, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server on core 0 and wait until it answers."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        ("user root; " if os.geteuid() == 0 else "") + NGINX.format(folder=folder, port=port)
    )
    command = {
        "syndicate": [sys.executable, "-m", "syndicate", "serve", "--no-build", "--port", str(port)],
        "StaticFiles": [sys.executable, "-c", STATIC, str(port)],
        "nginx": ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
    }[name]
    process = subprocess.Popen(
        ["taskset", "-c", str(CORES[0]), *command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process, port
        except ConnectionError:
            time.sleep(0.05)
    raise SystemExit(f"{name} does not answer")


def etag_of(port: int) -> str:
    """Return the feed's tag, having seen that it gives 304."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/all/rss.xml")
    answer = connection.getresponse()
    answer.read()
    etag = answer.headers["etag"]
    connection.request("GET", "/all/rss.xml", headers={"If-None-Match": etag})
    assert connection.getresponse().status == 304
    connection.close()
    return etag


def poll(port: int, etag: str, seconds: float) -> tuple[float, int]:
    """Return answers per second and how many there were."""
    url = f"http://127.0.0.1:{port}/all/rss.xml"
    wrk = ["taskset", "-c", str(CORES[-1]), "wrk", "-t1", "-c32", f"-d{seconds:g}s"]
    out = subprocess.run([*wrk, "-H", f"If-None-Match: {etag}", url], check=True, capture_output=True, text=True).stdout
    assert "Socket errors" not in out, out
    assert "Non-2xx" not in out, out
    per_second, total = re.search(r"Requests/sec: +([\d.]+)", out), re.search(r"(\d+) requests in", out)
    assert per_second
    assert total
    return float(per_second[1]), int(total[1])


def pss_kb(pid: int) -> int:
    """Return a process's share of memory."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]


def with_server(name: str, folder: Path, measure: Callable[[int, int], object]) -> object:
    """Measure a server and stop it."""
    process, port = start(name, folder)
    try:
        return measure(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def memory(port: int, pid: int, requests: int) -> tuple[int, int]:
    """Return PSS after a tenth of the requests and after all."""
    etag, done, first = etag_of(port), 0, 0
    while done < requests:
        done += poll(port, etag, 2)[1]
        first = first or (pss_kb(pid) if done >= requests / 10 else 0)
    return first, pss_kb(pid)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=1_000_000, help="for memory; 0 to leave it out")
    options = parser.parse_args()
    missing = [tool for tool in ("wrk", "nginx", "taskset") if not shutil.which(tool)]
    if missing:
        print(f"left out: the server, since {', '.join(missing)} is not installed")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "output/all").mkdir(parents=True)
        (folder / "articles").mkdir()
        (folder / "output/all/rss.xml").write_bytes(b"<rss>" + b"lamp " * 27_000 + b"</rss>")
        (folder / "config.yaml").write_text("site: {title: A, url: https://example.org/}\nsources: [path: articles]\n")
        rates: dict[str, list[float]] = {"syndicate": [], "StaticFiles": [], "nginx": []}
        for _ in range(options.rounds):
            for server, found in rates.items():

                def measure(port: int, pid: int, found: list[float] = found) -> None:
                    found.append(poll(port, etag_of(port), options.seconds)[0])

                with_server(server, folder, measure)
        middle = {server: statistics.median(found) for server, found in rates.items()}
        for server, found in rates.items():
            print(f"{server:12} {middle[server]:>10,.0f} 304/s   (runs: {', '.join(f'{one:,.0f}' for one in found)})")
        print(f"syndicate / StaticFiles {middle['syndicate'] / middle['StaticFiles']:.2f}   (bar: at least 6)")
        print(f"syndicate / nginx       {middle['syndicate'] / middle['nginx']:.2f}   (bar: at least 0.3)")
        if options.requests:
            first, last = with_server("syndicate", folder, lambda port, pid: memory(port, pid, options.requests))  # type: ignore[misc]
            growth = (last / first - 1) * 100
            print(f"memory after {options.requests // 10:,}: {first:,} kB PSS, after {options.requests:,}: {last:,} kB")
            print(f"growth {growth:.1f} %   (bar: at most 5 %)")


if __name__ == "__main__":
    main()
