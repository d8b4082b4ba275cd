"""Issues of each design and language: judged by axe-core in Chromium, light and dark, and on phones.

See tests/browser.py for what these tests need. html-validate comes from npm, too.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from browser import SCHEMES, violations, width_of
from golden.designs import LANGUAGES, TEMPLATES, files, issue
from makers import day, make_entry, make_newsletter, make_site, make_topic
from support import REPO

from syndicate.domain.articles import Image
from syndicate.domain.themes import Design, Logo, Theme
from syndicate.newsletters.assemble import Assembler
from syndicate.newsletters.parts import load
from syndicate.newsletters.render import render_issue

pytestmark = pytest.mark.real

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WIDTHS = (320, 600)
NASTY = {
    "long words": {"title": "W" * 300, "summary": "https://example.org/" + "x" * 300, "brand": "b" * 100},
    "Chinese": {"title": "茶と月餅" * 75, "summary": "茶と月餅、" * 80},
    "emoji": {"title": "🍵 " * 100, "summary": "👩‍👩‍👧" * 100},
    "right to left": {"title": "شاي وكعك " * 30, "summary": "المدينة " * 60},
    "markup": {"title": "<table><tr><td>" * 9, "summary": "</td></tr></table>" * 9},
}  # fmt: skip
everywhere = pytest.mark.parametrize(
    ("design", "language"),
    [(design, language) for design in Design for language in LANGUAGES],
    ids=lambda one: getattr(one, "value", one),
)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser.chromium() as started:
        yield started


def saved(folder: Path, html: str | None) -> Path:
    assert html
    path = folder / "issue.html"
    path.write_text(html, "utf-8")
    return path


@everywhere
def test_an_issue_meets_wcag_and_never_scrolls_sideways(driver, tmp_path, design, language):
    path = saved(tmp_path, issue(design, language).mail_html)
    for scheme in SCHEMES:
        for width in WIDTHS:
            browser.show(driver, path, width=width, scheme=scheme)
            assert violations(driver, *WCAG) == [], (scheme, width)
            assert width_of(driver) <= width, (scheme, width)


@pytest.mark.parametrize("design", Design, ids=lambda one: one.value)
def test_what_a_reader_of_some_topics_gets_is_judged_too(driver, tmp_path, design):
    """One of two topics, and a message that was shortened and has its last stories on the web."""
    for html in (for_topic(design), shortened(design)):
        path = saved(tmp_path, html)
        for scheme in SCHEMES:
            for width in WIDTHS:
                browser.show(driver, path, width=width, scheme=scheme)
                assert violations(driver, *WCAG) == [], (scheme, width)
                assert width_of(driver) <= width, (scheme, width)


def for_topic(design: Design) -> str:
    """Return what a reader of the second topic gets, who finds a story of the first there."""
    said = Assembler(load(issue(design, "en").parts or ""))(["Tea"])
    assert said
    assert (said.stories, "Also in Tides" in said.html) == (2, True)
    return said.html


def shortened(design: Design) -> str:
    sections = [
        (topic, [make_entry(1, title=f"Story {number}", summary="word " * 300) for number in range(150)])
        for topic in (make_topic("Tea"), make_topic("Sky"))
    ]
    newsletter = make_newsletter(design=design, contents=True)
    rendered = render_issue(TEMPLATES, make_site(), newsletter, sections, day(1, 6), 1)
    assert "more stories on the web" in (rendered.mail_html or "")
    return rendered.mail_html or ""


@pytest.mark.parametrize("design", Design, ids=lambda one: one.value)
@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
def test_no_words_push_the_sheet_apart(driver, tmp_path, design, nasty):
    """With and without style sheets, at the width of the smallest phone."""
    image = Image(url="https://img.invalid/none.png", width=1200, height=630)
    entries = [make_entry(number, image=image, **nasty) for number in (1, 2)]
    newsletter = make_newsletter(title="N" * 100, design=design, contents=True)
    sections = [(make_topic("tea", label="Topic" * 30), entries), (make_topic("Sky"), [make_entry(3)])]
    rendered = render_issue(TEMPLATES, make_site(), newsletter, sections, day(1, 6), 1)
    browser.show(driver, saved(tmp_path, rendered.mail_html), width=320)
    assert width_of(driver) <= 320
    browser.drop(driver, "style")
    assert width_of(driver) <= 320


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_sees_words_that_cannot_be_read(driver, tmp_path, scheme):
    """The judge above is one: a rule that makes words faint is found in the scheme that it is for."""
    html = issue(Design.BRIEF, "en").mail_html or ""
    if scheme == "dark":
        html = html.replace("</style>", "@media (prefers-color-scheme: dark) { p { color: #333 !important } }</style>")
    else:
        html = html.replace("color:#57606a", "color:#bbb")
    found = {}
    for one in SCHEMES:
        browser.show(driver, saved(tmp_path, html), width=600, scheme=one)
        found[one] = any(line.startswith("color-contrast") for line in violations(driver, *WCAG))
    assert found[scheme]
    assert not (scheme == "dark" and found["light"])


@pytest.fixture(scope="module")
def html_validate() -> list[str]:
    """The command of html-validate, which `npm install --prefix .venv html-validate` brings."""
    program = Path(os.environ.get("SYNDICATE_HTML_VALIDATE", REPO / ".venv/node_modules/.bin/html-validate"))
    if not program.is_file():
        browser.missing("html-validate")
    return [str(program), "--preset", "standard", "--formatter", "text"]


def judged(html_validate: list[str], folder: Path) -> str:
    done = subprocess.run([*html_validate, str(folder)], capture_output=True, text=True, check=False, timeout=120)
    return re.sub(r"(?m)^.*/", "", done.stdout + done.stderr)


def test_every_issue_is_valid_html(html_validate, tmp_path):
    for name, text in files().items():
        if name.endswith(".html"):
            (tmp_path / name).write_text(text, "utf-8")
    logo = Logo(src="https://example.org/l.png", dark="https://example.org/d.png", width=180, height=40)
    sections = [(make_topic("Tea"), [make_entry(1, image=Image(url="https://example.org/a.png"), **NASTY["markup"])])]
    for design in Design:
        newsletter = make_newsletter(design=design, theme=Theme(logo=logo))
        rendered = render_issue(TEMPLATES, make_site(), newsletter, sections, day(1, 6), 1)
        (tmp_path / f"logo-{design.value}.html").write_text(rendered.mail_html or "", "utf-8")
        (tmp_path / f"topic-{design.value}.html").write_text(for_topic(design), "utf-8")
        (tmp_path / f"short-{design.value}.html").write_text(shortened(design), "utf-8")
    assert len(list(tmp_path.iterdir())) == 6 * len(Design)
    assert judged(html_validate, tmp_path) == ""


def test_html_that_is_not_valid_is_seen(html_validate, tmp_path):
    html = issue(Design.MAGAZINE, "en").mail_html or ""
    (tmp_path / "broken.html").write_text(html.replace("</h1>", "</h2>").replace(' alt="', ' alt="" alt="'), "utf-8")
    said = judged(html_validate, tmp_path)
    assert "close-order" in said
    assert "no-dup-attr" in said
