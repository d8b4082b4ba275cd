"""Every Atom feed keeps to the grammar of RFC 4287, as jing reads it, and the grammar refuses what the RFC forbids."""

import subprocess
from pathlib import Path

import pytest
from made_sites import MADE, made_site
from support import REPO, program

pytestmark = pytest.mark.real
GRAMMAR = Path(__file__).parent / "atom.rnc"
CASES = REPO / "tests" / "unit" / "feed_cases"
# Rules that a grammar can't hold: they compare values, or ask what a registry or another standard says.
BEYOND = {
    "feed-bad-link/atom-alternate-by-default.xml",
    "feed-bad-link/atom-two-alternates-of-feed.xml",
    "feed-bad-link/atom-two-alternates.xml",
    "feed-bad-language/atom-one-letter.xml",
}
HELD = (
    "feed-missing-element", "feed-bad-id", "feed-bad-date", "feed-bad-enclosure", "feed-bad-author", "feed-bad-link",
    "feed-bad-type", "feed-bad-category", "feed-bad-language",
)  # fmt: skip


def refused(paths: list[Path]) -> dict[str, list[str]]:
    """Return what jing says against each file, by its path; all in one process, since its start takes a second."""
    done = subprocess.run(
        [program("jing", "jing"), "-c", str(GRAMMAR), *map(str, paths)], capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line]
    assert done.returncode == (1 if lines else 0), done.stderr
    assert not [line for line in lines if line.startswith(str(GRAMMAR))]
    found: dict[str, list[str]] = {}
    for line in lines:
        name = next((str(path) for path in paths if line.startswith(f"{path}:")), None)
        assert name, line
        found.setdefault(name, []).append(line)
    return found


def test_the_grammar_takes_good_feeds_and_refuses_broken_ones():
    good = sorted(CASES.glob("good/atom-*.xml"))
    broken = [path for reason in HELD for path in sorted((CASES / reason).glob("atom-*.xml"))]
    expected = {str(path) for path in broken if path.relative_to(CASES).as_posix() not in BEYOND}
    assert len(expected) > 20
    assert set(refused([*good, *broken])) == expected


TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
DAY = "2026-03-01T00:00:00Z"
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x:1</id><title>T</title>
<updated>2026-03-01T00:00:00Z</updated><author><name>Invented</name></author>%s</feed>"""
ENTRY = "<entry><id>urn:x:2</id><title>T</title><updated>2026-03-01T00:00:00Z</updated>%s</entry>"
LINK = '<link href="https://example.org/"/>'
SMALL = {
    "good": (FEED % "", True),
    "good-foreign": (FEED % '<x:y xmlns:x="urn:z" z="1"><x:y/>t</x:y><none xmlns=""/>', True),
    "good-entry": (FEED % (ENTRY % LINK), True),
    "two-ids": (FEED % "<id>urn:x:3</id>", False),
    "two-subtitles": (FEED % "<subtitle>a</subtitle><subtitle>b</subtitle>", False),
    "unknown-atom-element": (FEED % "<modified>2026-03-01T00:00:00Z</modified>", False),
    "feed-published": (FEED % "<published>2026-03-01T00:00:00Z</published>", False),
    "bare-words": (FEED % "words", False),
    "unknown-attribute": (FEED % '<link href="https://example.org/" name="x"/>', False),
    "two-contents": (FEED % (ENTRY % f"{LINK}<content>a</content><content>b</content>"), False),
    "two-summaries": (FEED % (ENTRY % f"{LINK}<summary>a</summary><summary>b</summary>"), False),
    "markup-in-text": (FEED % (ENTRY % f"{LINK}<summary>a <b>b</b></summary>"), False),
    "html-as-elements": (FEED % (ENTRY % '<content type="html"><p xmlns="urn:p"/></content>'), False),
    "remote-content-with-words": (FEED % (ENTRY % '<summary>s</summary><content src="urn:x">w</content>'), False),
    "content-no-base64": (FEED % (ENTRY % '<summary>s</summary><content type="image/png">!</content>'), False),
    "entry-in-entry": (FEED % (ENTRY % f"{LINK}{ENTRY % LINK}"), False),
    "lower-case-root": ("<atom/>", False),
    "no-namespace": ((FEED % "").replace(' xmlns="http://www.w3.org/2005/Atom"', ""), False),
    "deleted-entry": (FEED % f'<a:deleted-entry xmlns:a="{TOMBSTONES}" ref="urn:x:9" when="{DAY}"/>', True),
}  # fmt: skip


def test_the_grammar_tells_small_documents_apart(tmp_path):
    for name, (text, _) in SMALL.items():
        (tmp_path / f"{name}.xml").write_text(text, "utf-8")
    found = refused([tmp_path / f"{name}.xml" for name in SMALL])
    assert {Path(name).stem for name in found} == {name for name, (_, good) in SMALL.items() if not good}


def test_jing_refuses_what_is_not_well_formed():
    broken = CASES / "feed-not-well-formed" / "atom-cut-off.xml"
    assert list(refused([broken])) == [str(broken)]


@pytest.mark.parametrize("name", MADE)
def test_every_atom_feed_of_a_site_keeps_to_the_grammar(once, request, name):
    paths = sorted(made_site(name, once, request).rglob("atom*.xml"))
    assert len(paths) > 5
    assert refused(paths) == {}
