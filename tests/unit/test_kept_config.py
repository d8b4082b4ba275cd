"""The config that is kept for the next run: it is the one that was read, or as good as absent."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from syndicate.adapters.atomic import aside_of
from syndicate.adapters.kept_config import CONFIG_FILE, config_key, keep, read_kept
from syndicate.cli.main import cli
from syndicate.config.load import parse_config
from syndicate.wiring import load_app

EVERYTHING = """\
site: {title: Tea, url: https://example.org, timezone: Europe/Berlin, author: Ann, icon: https://example.org/i.png}
sources:
  - {path: content/news, name: world, permalink: /:year/:slug/, link_to: source, timezone: Asia/Tokyo}
  - {path: letters, fields: {title: headline, topics: [desks, columns]}, split_categories: ",", language: de}
output: {path: public, url: https://feeds.example.org/sub, precompress: [gz]}
topics:
  "Desk: Tea": {label: Hot, slug: hot, description: Kettles, merge: [Chai, Matcha]}
  Internal: {hide: true}
  Green: {rule: {categories: Tea, tags: [a, b], folders: news/tea, title_words: kettle}}
feeds: {limit: 3, window_days: 7, formats: [atom], content: summary, per: [tag], aliases: {/feed/: Tea}}
newsletters:
  - slug: weekly
    title: The Weekly
    cadence: weekly on Monday at 08:00
    timezone: Europe/London
    start: 2026-07-01
    theme: {width: 640, light: {accent: "#aa0000"}, logo: {src: https://example.org/l.png, width: 90, height: 90}}
    subject: "{{ newsletter }} {{ issue }}"
    utm: {medium: email, campaign: weekly}
    near_duplicates: 80
    approval: required
    max_lateness_hours: 5
  - {slug: cron, title: Cron, cadence: "0 8 * * mon"}
mail: {sender: Tea <tea@example.org>, dkim: {domain: example.org, selector: a, key_file: k.pem}}
notify: {command: tell, webhook: https://hooks.example/secret}
ledger: {url: postgresql://user@host/tea, password_file: pass}
server: {port: 80, trusted_proxies: [10.0.0.0/8], ops: {listen: "127.0.0.1:9100", token_file: t}}
templates: own
state: {path: kept}
"""
CONFIG = parse_config(EVERYTHING, "config.yaml")
KEY = config_key(EVERYTHING, "config.yaml")


def test_it_is_the_one_that_was_read(tmp_path: Path) -> None:
    keep(tmp_path, KEY, CONFIG)
    kept = read_kept(tmp_path, KEY)
    assert kept == CONFIG
    assert repr(kept) == repr(CONFIG)


def test_it_holds_for_the_same_text_and_name_alone(tmp_path: Path) -> None:
    keep(tmp_path, KEY, CONFIG)
    assert config_key(EVERYTHING, "config.yaml") == KEY
    for other in (config_key(f"{EVERYTHING}\n", "config.yaml"), config_key(EVERYTHING, "other.yaml"), ""):
        assert read_kept(tmp_path, other) is None


def test_one_without_a_key_is_not_kept(tmp_path: Path) -> None:
    keep(tmp_path, "", CONFIG)
    assert list(tmp_path.iterdir()) == []


def test_the_last_one_is_kept(tmp_path: Path) -> None:
    other = parse_config(EVERYTHING.replace("limit: 3", "limit: 4"), "config.yaml")
    keep(tmp_path, KEY, CONFIG)
    keep(tmp_path, "another key", other)
    assert read_kept(tmp_path, "another key") == other
    assert read_kept(tmp_path, KEY) is None


@pytest.mark.parametrize("length", [0, 1, 40, 900])
def test_a_part_of_one_is_as_good_as_absent(tmp_path: Path, length: int) -> None:
    keep(tmp_path, KEY, CONFIG)
    file = tmp_path / CONFIG_FILE
    file.write_bytes(file.read_bytes()[:length])
    assert read_kept(tmp_path, KEY) is None


@pytest.mark.parametrize("plain", [b"\xc0", b"\x91" * 1_000_000, b"\xc1", b""])
def test_what_is_no_config_is_as_good_as_absent(tmp_path: Path, plain: bytes) -> None:
    keep(tmp_path, KEY, CONFIG)
    (tmp_path / CONFIG_FILE).write_bytes(b"\x92" + msgspec.msgpack.encode(KEY) + plain)
    assert read_kept(tmp_path, KEY) is None


def test_a_folder_in_its_place_is_as_good_as_absent_however_often_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).mkdir(0o700)
    before = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    for _ in range(20):
        assert read_kept(tmp_path, KEY) is None
    assert before == (len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0)


@pytest.mark.parametrize(
    "change",
    [
        {"limit": "many"},  # of another type
        {"zone": "Mars/Olympus"},  # that is gone
        {"zone": 7},
    ],
)
def test_one_that_says_what_no_config_says_is_as_good_as_absent(tmp_path: Path, change: dict[str, object]) -> None:
    keep(tmp_path, KEY, CONFIG)
    file = tmp_path / CONFIG_FILE
    key, plain = msgspec.msgpack.decode(file.read_bytes())
    plain["newsletters"][0] |= change
    file.write_bytes(msgspec.msgpack.encode((key, plain)))
    assert read_kept(tmp_path, KEY) is None


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    """It may hold the address of a webhook, which whoever knows it may call."""
    keep(tmp_path, KEY, CONFIG)
    assert stat.S_IMODE((tmp_path / CONFIG_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_somebody_put_where_it_is_written_takes_no_part(tmp_path: Path, kind: str) -> None:
    """Its name there is known, and a file that can be read by all would stay one."""
    state, other = tmp_path / "state", tmp_path / "other"
    state.mkdir()
    other.write_text("precious")
    if kind == "link":
        aside_of(state / CONFIG_FILE).symlink_to(other)
    else:
        aside_of(state / CONFIG_FILE).touch(0o666)
        aside_of(state / CONFIG_FILE).chmod(0o666)
    keep(state, KEY, CONFIG)
    assert other.read_text() == "precious"
    assert not (state / CONFIG_FILE).is_symlink()
    assert stat.S_IMODE((state / CONFIG_FILE).stat().st_mode) == 0o600
    assert read_kept(state, KEY) == CONFIG


class TestSomebodyElses:
    """A config names commands to be run, so a file that another may have written is as good as absent."""

    def test_one_that_others_may_read_or_write(self, tmp_path: Path) -> None:
        keep(tmp_path, KEY, CONFIG)
        for mode in (0o660, 0o606, 0o640, 0o604):
            (tmp_path / CONFIG_FILE).chmod(mode)
            assert read_kept(tmp_path, KEY) is None
        (tmp_path / CONFIG_FILE).chmod(0o600)
        assert read_kept(tmp_path, KEY) == CONFIG

    def test_a_link_to_one(self, tmp_path: Path) -> None:
        keep(tmp_path, KEY, CONFIG)
        (tmp_path / CONFIG_FILE).rename(tmp_path / "other")
        (tmp_path / CONFIG_FILE).symlink_to("other")
        assert read_kept(tmp_path, KEY) is None

    def test_one_with_another_name(self, tmp_path: Path) -> None:
        keep(tmp_path, KEY, CONFIG)
        (tmp_path / "other").hardlink_to(tmp_path / CONFIG_FILE)
        assert read_kept(tmp_path, KEY) is None

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / CONFIG_FILE, 0o600)
        assert read_kept(tmp_path, KEY) is None

    @pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only the superuser can give a file away")
    def test_one_of_another_user(self, tmp_path: Path) -> None:
        keep(tmp_path, KEY, CONFIG)
        os.chown(tmp_path / CONFIG_FILE, 65_534, -1)
        assert read_kept(tmp_path, KEY) is None


def test_one_whose_name_is_no_text_is_not_kept(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.yaml")
    key = config_key(EVERYTHING, name)
    assert key not in ("", KEY)
    keep(tmp_path, key, parse_config(EVERYTHING, name))
    assert list(tmp_path.iterdir()) == []


def test_it_holds_for_the_same_zones_and_libraries_alone(tmp_path: Path) -> None:
    """A start is a wall time in a zone, and another version of a library may find other mistakes."""

    def key(*libraries: str, zones: str = "") -> str:
        script = (
            f"import sys; sys.path[:0] = {list(libraries)!r}; "
            "from syndicate.adapters.kept_config import config_key; print(config_key('', ''))"
        )
        environment = {**os.environ, "PYTHONTZPATH": zones} if zones else {**os.environ}
        done = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True)
        return done.stdout.decode().strip()

    (tmp_path / "site-packages").mkdir()
    folder = str(tmp_path / "site-packages")
    assert key() == key() != ""
    assert key(zones=str(tmp_path)) != key()
    before = key(folder)
    (tmp_path / "site-packages" / "pydantic").mkdir()
    assert key(folder) != before != key()


def test_a_full_build_reads_it_anew_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    article, path = tmp_path / "news" / "tea.md", tmp_path / "config.yaml"
    path.write_text("site: {title: Tea, url: https://example.org/}\nsources: [{path: news}]\n")

    def build(title: str, *options: str) -> set[str]:
        article.write_text(f"---\ntitle: {title}\ndate: 2026-03-01\ncategories: [Tea]\n---\nHot.\n")
        arguments = ["build", "--config", str(path), "--now", "2026-06-01T12:00:00Z", *options]
        assert CliRunner().invoke(cli, arguments).exit_code == 0
        return {found.parent.name for found in tmp_path.glob("*/index.html") if title in found.read_text()}

    assert build("Tea") == {"output"}
    app = load_app(path)
    keep(tmp_path / ".syndicate", app.config_key, replace(app.config, output_path="kept"))
    assert build("More tea") == {"kept"}
    assert build("Much tea", "--full") == {"output"}
    assert build("No tea") == {"output"}


def test_a_build_of_a_config_that_is_kept_imports_nothing_that_checks_it(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    article = tmp_path / "news" / "tea.md"
    (tmp_path / "config.yaml").write_text("site: {title: Tea, url: https://example.org/}\nsources: [{path: news}]\n")
    script = (
        "import sys; from syndicate.cli.main import cli; "
        "cli.main(['build', '--now', '2026-06-01T12:00:00Z'], standalone_mode=False); "
        "sys.exit(10 + ('pydantic' in sys.modules) + 2 * ('syndicate.newsletters' in sys.modules))"
    )

    def build(title: str) -> int:
        article.write_text(f"---\ntitle: {title}\ndate: 2026-03-01\ncategories: [Tea]\n---\nHot.\n")
        return subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False).returncode

    assert [build("Tea"), build("More tea")] == [11, 10]
