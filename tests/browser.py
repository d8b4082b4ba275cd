"""Chromium, driven by tests that look at pages and messages as people do, and judged by axe-core.

Needs Debian's chromium and chromium-driver, `pip install '.[browser]'`, and axe-core from npm in
.venv/node_modules (`npm install --prefix .venv axe-core`), or where SYNDICATE_AXE says. Without them
these tests are skipped; where CI is set they fail.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from support import REPO

AXE = Path(os.environ.get("SYNDICATE_AXE", REPO / ".venv/node_modules/axe-core/axe.min.js"))
SCHEMES = ("light", "dark")
# So wide is the narrowest phone that these tests take for one.
PHONE = 360
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
RUN_AXE = """
const done = arguments[arguments.length - 1];
const tags = arguments[0];
axe.run(tags.length ? {runOnly: tags} : {}).then(
  found => done(found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | "))),
  error => done(["axe-core failed: " + error]));
"""

# Pictures that can't be fetched have no colours that words could stand on: what they hide is asked elsewhere.
RUN_AXE_STRICTLY = """
const done = arguments[arguments.length - 1];
axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations", "incomplete"]})
  .then(
    found => done([...found.violations, ...found.incomplete].map(
      one => one.id + ": " + one.nodes.map(node => node.html).join(" | "))),
    error => done(["axe-core failed: " + error]));
"""

# How each element looks, in the order of the document; pictures that can't be fetched have sides of their own.
LOOKS = """
const names = ["color", "backgroundColor", "fontFamily", "fontSize", "fontWeight", "fontStyle", "lineHeight",
  "textAlign", "textDecorationLine", "display", "verticalAlign", "direction", "wordBreak", "maxWidth",
  "marginTop", "marginRight", "marginBottom", "marginLeft",
  "paddingTop", "paddingRight", "paddingBottom", "paddingLeft",
  "borderTopWidth", "borderTopColor", "borderRightWidth", "borderRightColor", "borderRightStyle",
  "borderBottomWidth", "borderBottomColor", "borderLeftWidth", "borderLeftColor", "borderCollapse"];
return [...document.body.querySelectorAll("*")].map(one => {
  const style = getComputedStyle(one);
  return one.tagName + " " + one.className + " " + names.map(name => name + "=" + style[name]).join(";");
});
"""


def missing(what: str) -> NoReturn:
    hint = f"{what} is missing: see the head of tests/browser.py"
    if os.environ.get("CI"):
        pytest.fail(hint)
    pytest.skip(hint)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser; skips the test where there is none."""
    program, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    try:
        from selenium import webdriver
    except ImportError:
        missing("selenium")
    if not program or not chromedriver:
        missing("chromium or chromium-driver")
    if not AXE.is_file():
        missing("axe-core")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in FLAGS:
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    try:
        yield started
    finally:
        started.quit()


def show(driver: Any, page: Path, *, width: int, scheme: str = "light", media: str = "") -> None:
    """Open a file on a screen of a width, in light or dark."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width <= PHONE}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.get(page.as_uri())


def violations(driver: Any, *tags: str) -> list[str]:
    """Return what axe-core finds wrong; with tags, by the rules that have one of them only."""
    driver.execute_script(AXE.read_text("utf-8"))
    found: list[str] = driver.execute_async_script(RUN_AXE, list(tags))
    return found


def doubts(driver: Any) -> list[str]:
    """Return what axe-core finds wrong by the rules of WCAG, and where it can't tell."""
    driver.execute_script(AXE.read_text("utf-8"))
    found: list[str] = driver.execute_async_script(RUN_AXE_STRICTLY)
    return found


def style(driver: Any, selector: str, name: str) -> list[str]:
    """Return a computed style of all elements that a selector finds."""
    script = "return [...document.querySelectorAll(arguments[0])].map(one => getComputedStyle(one)[arguments[1]])"
    found: list[str] = driver.execute_script(script, selector, name)
    return found


def width_of(driver: Any) -> int:
    width: int = driver.execute_script("return document.documentElement.scrollWidth")
    return width


def drop(driver: Any, selector: str) -> None:
    """Take all that a selector names out of the page."""
    driver.execute_script("for (const one of [...document.querySelectorAll(arguments[0])]) one.remove()", selector)


def looks(driver: Any, path: Path, dropped: str) -> list[str]:
    """Return how each element of a page looks once the style sheets that a selector names are gone."""
    show(driver, path, width=700)
    drop(driver, dropped)
    found: list[str] = driver.execute_script(LOOKS)
    return found
