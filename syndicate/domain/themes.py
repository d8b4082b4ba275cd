"""How a newsletter looks: its design, and a theme of colours, fonts, a width and a logo."""

import re
from collections.abc import Iterator
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass, field
from enum import Enum


class Design(Enum):
    """A finished design of an issue; the value names it in the config, and its folder of templates."""

    BRIEF = "brief"
    MAGAZINE = "magazine"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one scheme, each written '#rrggbb'.

    `background` is around the sheet, `surface` the sheet itself, `header` its top. `accent` is for
    links, `line` for rules, which nobody reads.
    """

    background: str
    surface: str
    text: str
    muted: str
    accent: str
    line: str
    header: str
    header_text: str


LIGHT = Palette(
    background="#eef1f3",
    surface="#ffffff",
    text="#1b1f23",
    muted="#57606a",
    accent="#0b6274",
    line="#c9d0d5",
    header="#ffffff",
    header_text="#1b1f23",
)
DARK = Palette(
    background="#0f1214",
    surface="#181d20",
    text="#e4e8eb",
    muted="#a9b3bb",
    accent="#7cc8da",
    line="#3a434a",
    header="#181d20",
    header_text="#f1f4f6",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in the place of the newsletter's name; `dark` is the address of one for dark screens."""

    src: str
    width: int
    height: int
    alt: str | None = None
    dark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What a design leaves open; `width` is that of the sheet in pixels, fonts that are None are the design's own."""

    width: int = 600
    font: str | None = None
    heading_font: str | None = None
    logo: Logo | None = None
    light: Palette = field(default=LIGHT)
    dark: Palette = field(default=DARK)


SHEET_PADDING = 24
"""The pixels between the sides of a sheet and the words, as the style sheet of the templates has them."""

PLAIN_THEME = Theme()
"""How a newsletter looks whose config says nothing of it."""

# What is read on what: the names of a palette's colours.
_READ_ON = (("text", "surface"), ("muted", "surface"), ("accent", "surface"), ("header_text", "header"))
# WCAG 2.2, success criterion 1.4.3: text of ordinary size.
LEAST_CONTRAST = 4.5

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def parse_colour(text: str) -> str:
    """Return a colour as '#rrggbb'; raises ValueError for what isn't written '#rgb' or '#rrggbb'."""
    lowered = text.strip().lower()
    if not _HEX.fullmatch(lowered):
        raise ValueError("expected a colour in quotes such as '#0b6274'")
    return lowered if len(lowered) == 7 else "#" + "".join(2 * digit for digit in lowered[1:])


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, 'contrast ratio')."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, ground: str) -> str:
    """Return the colour, or the nearest shade of it that can be read on a ground: lighter or darker, no greyer."""
    end = max(("#000000", "#ffffff"), key=lambda pole: contrast(pole, ground))
    shades = (_shade(colour, end == "#ffffff", step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if contrast(shade, ground) >= LEAST_CONTRAST)


# So fine that the shade found is near the first that would do. Black or white can be read on any ground.
_STEPS = 50


def plate(palette: Palette) -> str:
    """Return the colour of the place of a picture that isn't there, on which the text says what it would show."""
    return palette.background if contrast(palette.text, palette.background) >= LEAST_CONTRAST else palette.surface


def faint(palette: Palette) -> Iterator[tuple[str, str]]:
    """Yield the names of each colour that can't be read, and of the ground that it stands on."""
    for name, ground in _READ_ON:
        if contrast(getattr(palette, name), getattr(palette, ground)) < LEAST_CONTRAST:
            yield name, ground


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _shade(colour: str, end: int, share: float) -> str:
    """Return a colour that is a share of the way to black, 0, or to white, 1; its hue and saturation stay."""
    red, green, blue = (part / 255 for part in _parts(colour))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    shade = hls_to_rgb(hue, lightness + (end - lightness) * share, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in shade)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


# Families end in one of these, by which a mail program finds a font where it has none of those that are named.
GENERIC_FONTS = ("serif", "sans-serif", "monospace", "system-ui")
# What stands in quotes in a style sheet, and in an attribute: nothing that could end either.
_FAMILY = re.compile(r"-?[A-Za-z][A-Za-z0-9 -]*")
# The families that Windows brings: Outlook takes Times if the first of a list isn't there.
_WINDOWS_FONTS = frozenset(
    {
        *("arial", "calibri", "cambria", "candara", "consolas", "constantia", "corbel", "courier new", "georgia"),
        *("palatino linotype", "segoe ui", "tahoma", "times new roman", "trebuchet ms", "verdana"),
    }
)
_WINDOWS_GENERIC = {"serif": "Georgia", "monospace": "Courier New"}


def parse_fonts(text: str) -> str:
    """Return a list of font families; raises ValueError for one that is no list, or has no general one at its end."""
    families = [family.strip().strip("'\"").strip() for family in text.split(",")]
    if not all(_FAMILY.fullmatch(family) for family in families):
        raise ValueError("expected names of fonts with commas between them such as Georgia, serif")
    if families[-1] not in GENERIC_FONTS:
        raise ValueError("expected a list of fonts that ends in serif, sans-serif or monospace")
    return ", ".join(f"'{family}'" if " " in family else family for family in families)


def windows_font(families: str) -> str:
    """Return the one font of a list by which Outlook on Windows is to show it."""
    names = [name.strip("'") for name in families.split(", ")]
    found = next((name for name in names if name.lower() in _WINDOWS_FONTS), None)
    return found or _WINDOWS_GENERIC.get(names[-1], "Arial")
