"""The same articles at the same moment give the same bytes, whatever the machine; no news, no writing."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from support import CONFIG, NOW, Site, changed, files, settle

WEEKLY = {"slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}
MACHINES = [
    {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "4294967295"},
    {"TZ": "America/St_Johns", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"},
]


def fill(site: Site, order: random.Random) -> None:
    """Write the same forty articles, in an order of their own."""
    numbers = list(range(40))
    order.shuffle(numbers)
    for number in numbers:
        site.article(
            f"{number % 7}/note-{number}.md",
            title=f"Note {number} – Tee & ‘Brot’ <{number}>",
            date=f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}",
            lastMod="2026-09-30 10:00:00" if number % 5 == 0 else None,
            categories=[["Tea: Green", "Tea: Black", "Bröd", "C++", "C#"][place % 5] for place in (number, number * 3)],
            tags=["x", "y"],
            link=f"https://source.example/{number}" if number % 3 else None,
            author=["Ann", {"name": "Bo", "email": "bo@post.example"}],
            body=f"# Note {number}\n\nText with a [link](other/) and ![a picture](pot.png).\n" * (number % 4 + 1),
        )
    site.write("articles/0/pot.png", b"\x89PNG not really")


def built(root: Path, order: int, machine: dict[str, str]) -> dict[str, bytes]:
    """Return what a site with an issue looks like when it is built on a machine."""
    site = Site(root, CONFIG, newsletters=[WEEKLY])
    fill(site, random.Random(order))
    done = site.command("issue", "cut", "weekly", "--now", NOW, env=machine)
    assert (done.returncode, done.stderr) == (0, "")
    return site.tree()


def test_neither_zone_locale_hash_seed_file_order_nor_folder_changes_a_byte(tmp_path):
    places = [tmp_path / "site", tmp_path / "deeper" / "down", tmp_path / "a folder – with spaces"]
    trees = [built(place, order, machine) for order, (place, machine) in enumerate(zip(places, MACHINES, strict=True))]
    assert "newsletters/weekly/1/index.html" in trees[0]
    assert len(trees[0]) > 30
    assert [changed(trees[0], tree) for tree in trees[1:]] == [set(), set()]


def test_an_output_folder_holds_the_same_however_it_came_about(tmp_path):
    """Article by article with a build after each, and all at once: the same feeds and pages."""
    slowly, at_once = Site(tmp_path / "slowly"), Site(tmp_path / "at-once")
    for number in range(6):
        for site in (slowly, at_once):
            site.article(f"{number}.md", title=f"Note {number}", link=f"https://source.example/{number}")
        slowly.build()
    at_once.build()
    assert changed(slowly.tree(), at_once.tree()) == set()


def test_a_second_build_writes_no_file_and_says_so(site):
    for name in ("a", "b", "c"):
        site.article(f"{name}.md")
    settle()
    first = site.command("build", "--now", NOW)
    assert first.stdout.startswith("published 6 feeds, 6 changed, 7 pages changed, 0 problems in ")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in files(site.root)}
    second = site.command("build", "--now", NOW)
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout.startswith("published 6 feeds, none changed, 0 problems in ")
    after = {path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in files(site.root)}
    mark = site.state / "fresh.json"  # its time, and nothing else of it, says when a build last looked
    looked_before, looked_after = before.pop(mark), after.pop(mark)
    assert before == after
    assert looked_before[1:] == looked_after[1:]
    assert looked_before[0] < looked_after[0]


def test_a_second_build_imports_nothing_that_it_does_not_need(site):
    site.article("a.md")
    settle()
    assert site.command("build", "--now", NOW).returncode == 0
    code = (
        "import sys; from syndicate.cli.main import cli; cli.main(sys.argv[1:], standalone_mode=False); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    arguments = [sys.executable, "-c", code, "build", "--now", NOW]
    done = subprocess.run(arguments, cwd=site.root, capture_output=True, text=True, check=True)
    assert "none changed" in done.stdout
    heavy = {"sqlalchemy", "sqlite3", "feedgen", "lxml", "jinja2", "pydantic", "yaml", "frontmatter", "nh3", "rich"}
    assert heavy.isdisjoint(json.loads(done.stderr.replace("'", '"')))


def test_a_build_with_everything_made_again_writes_no_file_and_says_so(site):
    for name in ("a", "b", "c"):
        site.article(f"{name}.md")
    site.build()
    before = {path: path.stat().st_mtime_ns for path in files(site.output)}
    assert site.build("--full")["feeds"] == {"written": 0, "unchanged": 6, "removed": 0}
    assert before == {path: path.stat().st_mtime_ns for path in files(site.output)}


def test_a_file_of_ours_that_somebody_changed_is_put_right(site):
    site.article("a.md")
    site.build()
    before = site.tree()
    (site.output / "all" / "rss.xml").write_text("<rss/>")
    (site.output / "index.html").unlink()
    report = site.build()
    assert (report["feeds"]["written"], report["pages"]["written"]) == (1, 1)
    assert site.tree() == before


def test_touching_articles_and_copying_them_changes_no_byte(site):
    path = site.article("a.md", link="https://source.example/a")
    site.article("b.md")
    site.build()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(site.output)}
    os.utime(path, (1, 1))
    copied = path.read_bytes()
    path.unlink()
    site.write("articles/a.md", copied)
    assert site.build(now="2027-01-01T00:00:00Z")["feeds"]["written"] == 0
    assert before == {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(site.output)}
