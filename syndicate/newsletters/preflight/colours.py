"""Which colours words have and stand on, on light and on dark screens."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syndicate.newsletters.preflight.sheets import Part, blocks, declarations, selector_of, weight
from syndicate.newsletters.preflight.tree import Element, Page

# What mail programs show where nothing is said: words, their ground, and links.
_LIGHT = {"color": "#000000", "background-color": "#ffffff", "link": "#0000ee"}
_DARK = {"color": "#ffffff", "background-color": "#121212", "link": "#9e9eff"}
_DARK_QUERY = re.compile(r"@media\b.*prefers-color-scheme\s*:\s*dark", re.IGNORECASE | re.DOTALL)
# The names that people write (CSS Color 4, 'named colors'); others are not judged.
_NAMED = {
    "aqua": "#00ffff",
    "black": "#000000",
    "blue": "#0000ff",
    "brown": "#a52a2a",
    "crimson": "#dc143c",
    "cyan": "#00ffff",
    "darkblue": "#00008b",
    "darkgray": "#a9a9a9",
    "darkgreen": "#006400",
    "darkred": "#8b0000",
    "dimgray": "#696969",
    "fuchsia": "#ff00ff",
    "gold": "#ffd700",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "indigo": "#4b0082",
    "ivory": "#fffff0",
    "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3",
    "lime": "#00ff00",
    "magenta": "#ff00ff",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "tomato": "#ff6347",
    "violet": "#ee82ee",
    "white": "#ffffff",
    "whitesmoke": "#f5f5f5",
    "yellow": "#ffff00",
}
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})(?![0-9a-f])")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkRule:
    """A rule for dark screens, as far as it is about colours."""

    selector: tuple[Part, ...]
    colours: Mapping[str, tuple[str, bool]]
    """Each property with its value and whether it is important."""


def colour_of(value: str) -> str | None:
    """Return the first colour of a value as '#rrggbb', 'transparent', or None if there is none that is known."""
    text = value.lower()
    if found := _HEX.search(text):
        digits = found[0][1:]
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    if found := _RGB.search(text):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    words = re.findall(r"[a-z]+", re.sub(r"url\([^)]*\)", "", text))
    if "transparent" in words:
        return "transparent"
    return next((_NAMED[word] for word in words if word in _NAMED), None)


def dark_rules(page: Page) -> tuple[DarkRule, ...]:
    """Return what a page's style sheets say about colours on dark screens, what weighs least first."""
    found = []
    for sheet, _ in page.sheets:
        for block in blocks(sheet):
            if block.body and _DARK_QUERY.match(block.prelude):
                found += [
                    rule for inner in blocks(block.body) if inner.body for rule in _rules(inner.prelude, inner.body)
                ]
    return tuple(sorted(found, key=lambda rule: weight(rule.selector)))


def _rules(prelude: str, body: str) -> Iterator[DarkRule]:
    colours = {}
    for name, value in declarations(body):
        key = "background-color" if name == "background" else name
        if key in ("color", "background-color") and (colour := colour_of(value)):
            colours[key] = (colour, "!important" in value.replace(" ", "").lower())
    for text in prelude.split(","):
        selector = selector_of(text)
        if colours and selector:
            yield DarkRule(selector=selector, colours=colours)


class Scheme:
    """The colours of a page's elements on light screens, or with rules for dark ones on those."""

    def __init__(self, page: Page, *, dark: bool) -> None:
        content = " ".join(one.attributes.get("content", "") for one in page.all("meta") if _is_scheme(one))
        self._rules = dark_rules(page) if dark else ()
        self._usual = _DARK if dark and "dark" in content else _LIGHT
        self._known: dict[tuple[int, str], str | None] = {}

    def words(self, element: Element) -> str | None:
        """Return the colour of an element's words; None if it can't be told."""
        for one in element.ancestors():
            if own := self._own(one, "color"):
                return own
            if one.tag == "a" and "href" in one.attributes:
                return self._usual["link"]
        return self._usual["color"]

    def ground(self, element: Element) -> str | None:
        """Return the colour that they stand on; None if that is a picture, or can't be told."""
        for one in element.ancestors():
            if any("url(" in one.style.get(name, "") for name in ("background", "background-image")):
                return None
            own = self._own(one, "background-color")
            if own and own != "transparent":
                return own
        return self._usual["background-color"]

    def _own(self, element: Element, name: str) -> str | None:
        key = (id(element), name)
        if key not in self._known:
            self._known[key] = self._find(element, name)
        return self._known[key]

    def _find(self, element: Element, name: str) -> str | None:
        written = element.style.get(name) or (element.style.get("background") if name != "color" else None)
        attribute = element.attributes.get("bgcolor" if name != "color" else "color")
        value = colour_of(written) if written else colour_of(attribute) if attribute else None
        is_fixed = bool(written and "!important" in written.replace(" ", "").lower())
        for rule in self._rules:
            if name in rule.colours and matches(rule.selector, element):
                colour, is_important = rule.colours[name]
                if (is_important and not is_fixed) or not written:
                    value = colour
        return value


def _is_scheme(element: Element) -> bool:
    return element.attributes.get("name", "").lower() in ("color-scheme", "supported-color-schemes")


def matches(selector: tuple[Part, ...], element: Element) -> bool:
    """Tell whether an element is one that a selector means."""
    *above, last = selector
    if not _is(last, element):
        return False
    rest = element.parent
    for part in reversed(above):
        found = next((one for one in rest.ancestors() if _is(part, one)), None) if rest else None
        if found is None:
            return False
        rest = found.parent
    return True


def _is(part: Part, element: Element) -> bool:
    if part.tag and part.tag != element.tag:
        return False
    identifier = element.attributes.get("id")
    return all(mark[1:] in element.classes if mark[0] == "." else mark[1:] == identifier for mark in part.marks)
