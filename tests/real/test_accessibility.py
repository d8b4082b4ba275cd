"""The pages, and the feeds as a browser shows them, in Chromium: judged by axe-core, on a phone, in the dark, printed.

Needs Debian's chromium and chromium-driver, `pip install '.[browser]'`, and axe-core from npm in
.venv/node_modules (`npm install --prefix .venv axe-core`), or where SYNDICATE_AXE says. Without them
these tests are skipped; where CI is set they fail.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml
from makers import NOW as MOMENT
from makers import UTC_ZONE, make_site
from memory_project import TEMPLATES
from support import COMMAND, REPO, Once

from syndicate.domain.health import BuildNote, Health, IssueNote, IssueState, NextSlot
from syndicate.domain.traffic import FeedTraffic, Traffic
from syndicate.errors import Problem
from syndicate.pages.status import sign_in_page, status_page

pytestmark = pytest.mark.real

# After all articles of the example site, and after its newsletter's first slots.
NOW = "2026-11-24T08:00:00Z"
AXE = Path(os.environ.get("SYNDICATE_AXE", REPO / ".venv/node_modules/axe-core/axe.min.js"))
TOPIC = "topics/field-notes-night-sky"
# An article with a wide table and code that is wider than a phone.
ARTICLE = "articles/the-kettle-how-long-have-i-got-a-cup-of-tea-measured/index.html"
PAGES = ("index.html", f"{TOPIC}/index.html", ARTICLE)
ISSUE = "newsletters/weekly/1/index.html"
FEEDS = (f"{TOPIC}/rss.xml", f"{TOPIC}/atom.xml")
SCHEMES = ("light", "dark")
PHONE, DESK = 360, 1200
# What a phone lays a page out at that doesn't name its width, as feeds can't; it is then shrunk to the screen.
FALLBACK_WIDTH = 980
FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STYLESHEET = re.compile(rb"<\?xml-stylesheet.*?\?>\s*")
RUN_AXE = """
const done = arguments[arguments.length - 1];
const tags = arguments[0];
axe.run(tags.length ? {runOnly: tags} : {}).then(
  found => done(found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | "))),
  error => done(["axe-core failed: " + error]));
"""

LONG = "a-name-that-is-as-long-as-names-of-files-get-when-nobody-thinks-of-phones"
PROBLEM = Problem(path=f"articles/{LONG}.md", line=3, field="date", reason="bad-date", what="expected a date like " * 5)
BUSY = Health(
    at=MOMENT,
    looked_at=MOMENT,
    ledger="ledger.sqlite: the ledger can't be used: file is not a database",
    builds=(
        BuildNote(
            at=MOMENT, duration_s=0.2, failed=f"templates/{LONG}.html:1: the template uses 'x', which there is not"
        ),
        BuildNote(
            at=MOMENT, duration_s=1.5, files={"published": 5}, written=9, problem_count=30, problems=(PROBLEM,) * 3
        ),
    ),
    slots=(
        NextSlot(newsletter="weekly", title=LONG, due=MOMENT, zone=UTC_ZONE),
        NextSlot(newsletter="never", title="Never", due=None, zone=UTC_ZONE),
    ),
    issues=tuple(
        IssueNote(
            newsletter="weekly", due=MOMENT, state=state, zone=UTC_ZONE, number=12, subject=f"About {LONG}", why="why"
        )
        for state in IssueState
    ),
)
TRAFFIC = Traffic(
    requests={("rss", 304): 1_234_567, ("rss", 200): 2, ("page", 404): 3},
    feeds=tuple(
        FeedTraffic(
            name=f"topics/{LONG}-{number}/rss.xml",
            statuses={304: 1_234_567, 200: 2},
            subscribers={"Feedly": 1_234_567, "The Old Reader": 23},
        )
        for number in range(40)
    ),
)


def status_of(health: Health | None) -> bytes:
    return status_page(TEMPLATES, make_site(), health, TRAFFIC, MOMENT, True)


def missing(what: str) -> NoReturn:
    hint = f"{what} is missing: see the head of tests/real/test_accessibility.py"
    if os.environ.get("CI"):
        pytest.fail(hint)
    pytest.skip(hint)


@pytest.fixture(scope="module")
def output(once: Once) -> Path:
    """The example site with an issue; its feeds name the style sheet that lies beside them."""

    def make(folder: Path) -> None:
        config = yaml.safe_load((REPO / "config.yaml").read_text("utf-8"))
        config["sources"] = [{"path": str(REPO / "examples/articles")}]
        (folder / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
        command = [*COMMAND, "issue", "cut", "weekly", "--now", NOW]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=120)
        for feed in FEEDS:
            path = folder / "output" / feed
            declaration, rest = STYLESHEET.sub(b"", path.read_bytes()).split(b"?>", 1)
            sheet = b'<?xml-stylesheet type="text/css" href="../../feed.css"?>'
            path.write_bytes(declaration + b"?>" + sheet + rest)

    return once("accessibility", make) / "output"


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    try:
        from selenium import webdriver
    except ImportError:
        missing("selenium")
    if not chromium or not chromedriver:
        missing("chromium or chromium-driver")
    if not AXE.is_file():
        missing("axe-core")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield started
    started.quit()


def show(driver: Any, output: Path, page: str, *, width: int = DESK, scheme: str = "light", media: str = "") -> None:
    """Open a file of the site on a screen of a width, in light or dark, with all that unfolds unfolded."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width == PHONE}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.get((output / page).as_uri())
    driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")


def violations(driver: Any, *tags: str) -> list[str]:
    """Return what axe-core finds wrong; with tags, by the rules that have one of them only."""
    driver.execute_script(AXE.read_text("utf-8"))
    found: list[str] = driver.execute_async_script(RUN_AXE, list(tags))
    return found


def style(driver: Any, selector: str, name: str) -> list[str]:
    """Return a computed style of all elements that a selector finds."""
    script = "return [...document.querySelectorAll(arguments[0])].map(one => getComputedStyle(one)[arguments[1]])"
    found: list[str] = driver.execute_script(script, selector, name)
    return found


def width_of(driver: Any) -> int:
    width: int = driver.execute_script("return document.documentElement.scrollWidth")
    return width


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", SCHEMES)
class TestEveryScreen:
    @pytest.mark.parametrize("page", PAGES)
    def test_a_page_has_no_violation_and_does_not_scroll_sideways(self, driver, output, page, scheme, width):
        show(driver, output, page, width=width, scheme=scheme)
        assert violations(driver) == []
        assert width_of(driver) <= width

    def test_an_issue_meets_wcag(self, driver, output, scheme, width):
        """By WCAG's own rules only: a message has no landmarks, which axe-core's best practices ask of pages."""
        show(driver, output, ISSUE, width=width, scheme=scheme)
        assert violations(driver, "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") == []
        assert width_of(driver) <= width

    @pytest.mark.parametrize("feed", FEEDS)
    def test_a_feed_is_readable(self, driver, output, feed, scheme, width):
        show(driver, output, feed, width=width, scheme=scheme)
        assert violations(driver) == []
        laid_out = FALLBACK_WIDTH if width == PHONE else width
        assert width_of(driver) <= laid_out
        (size,) = style(driver, ":root", "fontSize")
        assert float(size.removesuffix("px")) * width / laid_out >= 15
        (ground,) = style(driver, ":root", "backgroundColor")
        assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 24, 27)")


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_shows_what_people_read_and_nothing_else(driver, output, feed):
    show(driver, output, feed)
    shown = driver.execute_script(
        "return [...new Set([...document.querySelectorAll('*')]"
        ".filter(one => one.checkVisibility() && !one.childElementCount).map(one => one.tagName))].sort()"
    )
    atom = ["name", "published", "subtitle", "summary", "title"]
    assert shown == (atom if feed.endswith("atom.xml") else ["dc:creator", "description", "pubDate", "title"])
    root = "channel" if feed.endswith("rss.xml") else "feed"
    notice = driver.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0]), '::before').content", root
    )
    assert "copy its address from the address bar into a feed reader" in notice


class TestByHand:
    def test_the_first_key_offers_to_skip_to_the_content(self, driver, output):
        from selenium.webdriver.common.keys import Keys

        show(driver, output, f"{TOPIC}/index.html")
        driver.switch_to.active_element.send_keys(Keys.TAB)
        link = driver.switch_to.active_element
        assert (link.text, link.rect["y"] >= 0) == ("Skip to the content", True)
        link.send_keys(Keys.ENTER)
        assert driver.switch_to.active_element.get_attribute("id") == "content"

    def test_an_address_is_copied_and_a_screen_reader_hears_so(self, driver, output):
        from selenium.webdriver.common.by import By
        from selenium.webdriver.common.keys import Keys
        from selenium.webdriver.support.wait import WebDriverWait

        show(driver, output, f"{TOPIC}/index.html")
        button = driver.find_element(By.CSS_SELECTOR, "button[data-copy]")
        address = driver.find_element(By.CSS_SELECTOR, ".addresses code").text
        button.send_keys(Keys.ENTER)
        status = driver.find_element(By.CSS_SELECTOR, "[role=status]")
        WebDriverWait(driver, 10).until(lambda _: status.get_attribute("textContent") == "Copied")
        assert driver.switch_to.active_element == button
        driver.execute_script("document.querySelector('main').innerHTML = '<textarea></textarea>'")
        field = driver.find_element(By.CSS_SELECTOR, "textarea")
        field.send_keys(Keys.CONTROL, "v")
        assert field.get_attribute("value") == address

    def test_paper_has_addresses_and_no_buttons(self, driver, output):
        show(driver, output, f"{TOPIC}/index.html", media="print", scheme="dark")
        assert set(style(driver, "button, details, .button", "display")) == {"none"}
        assert "none" not in style(driver, ".addresses code", "display")
        assert style(driver, "body", "backgroundColor") == ["rgb(255, 255, 255)"]
        after = "return getComputedStyle(document.querySelector('.entry-title a'), '::after').content"
        assert "http://localhost:8000/articles/" in driver.execute_script(after)


@pytest.fixture(scope="module")
def ops_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ops")
    for name, page in (("status", status_of(BUSY)), ("unknown", status_of(None))):
        (folder / f"{name}.html").write_bytes(page)
    for failed in (False, True):
        (folder / f"sign-in-{failed}.html").write_bytes(sign_in_page(TEMPLATES, make_site(), failed))
    return folder


class TestOperatorsPages:
    """The pages of a running server: the status page with all that it can show, and the form before it."""

    @pytest.mark.parametrize("width", [PHONE, DESK])
    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("page", ["status", "unknown", "sign-in-False", "sign-in-True"])
    def test_they_have_no_violation_and_do_not_scroll_sideways(self, driver, ops_pages, page, scheme, width):
        show(driver, ops_pages, f"{page}.html", width=width, scheme=scheme)
        assert violations(driver) == []
        assert width_of(driver) <= width
