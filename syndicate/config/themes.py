"""A newsletter's theme from its keys: what is left out is made to fit what is given."""

from collections.abc import Iterator
from dataclasses import replace

from syndicate.config.models import PaletteModel, ThemeModel
from syndicate.domain.themes import (
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    SHEET_PADDING,
    Logo,
    Palette,
    Theme,
    contrast,
    faint,
    readable,
)


def theme_of(model: ThemeModel) -> Theme:
    """Return the theme; a dark scheme takes its accent and its header from the light one where it has no own."""
    light = _palette(model.light, LIGHT)
    base = DARK if model.light.accent is None else replace(DARK, accent=light.accent)
    if model.light.header and not model.dark.header:
        base = replace(base, header=light.header, header_text=light.header_text)
    return Theme(
        width=model.width,
        font=model.font,
        heading_font=model.heading_font,
        logo=Logo(**dict(model.logo)) if model.logo else None,
        light=light,
        dark=_palette(model.dark, base),
    )


def _palette(model: PaletteModel, base: Palette) -> Palette:
    """Return the colours that are given; the others are those of `base`, shaded until they can be read on them."""
    given = {name: colour for name, colour in model if colour is not None}
    surface = given.get("surface", base.surface)
    header = given.get("header", surface if base.header == base.surface else base.header)
    text = given.get("text") or _words_on(surface, base.text)
    header_text = _words_on(header, text if header == surface and "text" in given else base.header_text)
    fitted = {name: readable(getattr(base, name), surface) for name in ("muted", "accent")}
    return replace(base, **{**fitted, "text": text, "header": header, "header_text": header_text, **given})


def _words_on(ground: str, colour: str) -> str:
    """Return a colour if it can be read on a ground, else the better of the two that words have by default."""
    if contrast(colour, ground) >= LEAST_CONTRAST:
        return colour
    return readable(max((LIGHT.text, "#ffffff"), key=lambda one: contrast(one, ground)), ground)


def theme_mistakes(theme: Theme) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the place of each mistake below the theme, what is wrong, and a hint."""
    room = theme.width - 2 * SHEET_PADDING
    if theme.logo and theme.logo.width > room:
        what = f"the logo is {theme.logo.width} pixels wide, and the sheet has room for {room}"
        yield ("logo", "width"), what, "show it smaller: its file may have more pixels than width and height say"
    for scheme, palette in (("light", theme.light), ("dark", theme.dark)):
        for name, ground in faint(palette):
            colour, below = getattr(palette, name), getattr(palette, ground)
            what = (
                f"{name} {colour} on {ground} {below} has a contrast of {_floored(contrast(colour, below))}:1, "
                f"too little to be read; expected at least {LEAST_CONTRAST}:1"
            )
            yield (scheme, name), what, f"{readable(colour, below)!r} would do for {name}"


def _floored(ratio: float) -> str:
    """Return a ratio with one digit, never rounded up to the one that it misses."""
    return f"{int(ratio * 10) / 10:.1f}"
