"""The config that is kept for the next run: it is the one that was read, or as good as absent."""

import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from syndicate.adapters.kept_config import CONFIG_FILE, config_key, keep, read_kept
from syndicate.config.load import parse_config

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


@pytest.mark.parametrize("data", [b"\x92\xa1a\xc0", b"not of ours", b"\x91" * 100_000])
def test_another_file_is_as_good_as_absent(tmp_path: Path, data: bytes) -> None:
    (tmp_path / CONFIG_FILE).write_bytes(data)
    assert read_kept(tmp_path, KEY) is None


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


def test_a_build_of_a_config_that_is_kept_imports_nothing_that_checks_it(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "tea.md").write_text("---\ntitle: Tea\ndate: 2026-03-01\ncategories: [Tea]\n---\nHot.\n")
    (tmp_path / "config.yaml").write_text("site: {title: Tea, url: https://example.org/}\nsources: [{path: news}]\n")
    script = (
        "import sys; from syndicate.cli.main import cli; "
        "cli.main(['build', '--full', '--now', '2026-06-01T12:00:00Z'], standalone_mode=False); "
        "sys.exit(10 + ('pydantic' in sys.modules) + 2 * ('syndicate.newsletters' in sys.modules))"
    )
    codes = [subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=False).returncode for _ in range(2)]
    assert codes == [11, 10]
