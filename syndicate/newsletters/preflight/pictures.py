"""Rules about pictures."""

from collections.abc import Iterator

from syndicate.newsletters.preflight.rules import Letter, Spot, quoted
from syndicate.newsletters.preflight.tree import Element

MAX_PICTURE_BYTES = 500_000
"""A picture heavier than this is slow on a phone, at any size at which a newsletter shows it."""


def no_alt(letter: Letter) -> Iterator[Spot]:
    """A picture has an alt attribute; that of one without a meaning is empty."""
    for one in letter.page.all("img"):
        if "alt" not in one.attributes:
            yield Spot(what=f"the picture {_name(one)} has no alt", line=one.line)


def no_size(letter: Letter) -> Iterator[Spot]:
    """A picture has both sides as attributes, in pixels."""
    for one in letter.page.all("img"):
        lacking = [side for side in ("width", "height") if not one.attributes.get(side, "").strip().isdecimal()]
        if lacking:
            yield Spot(what=f"the picture {_name(one)} has no {' and no '.join(lacking)} in pixels", line=one.line)


def too_wide(letter: Letter) -> Iterator[Spot]:
    """No picture is wider than the sheet."""
    most = letter.newsletter.theme.width
    for one in letter.page.all("img"):
        width = one.attributes.get("width", "").strip()
        if width.isdecimal() and int(width) > most:
            yield Spot(what=f"the picture {_name(one)} is {width} wide, the sheet {most}", line=one.line)


def too_heavy(letter: Letter) -> Iterator[Spot]:
    """No picture of ours is too heavy."""
    for one, size in _own(letter):
        if size and size > MAX_PICTURE_BYTES:
            yield Spot(what=f"the picture {_name(one)} has {size:,} bytes", line=one.line)


def missing(letter: Letter) -> Iterator[Spot]:
    """Each picture that we publish is there, and has something in it."""
    for one, size in _own(letter):
        if not size:
            is_empty = "is an empty file" if size == 0 else "is not in the output folder"
            yield Spot(what=f"the picture {_name(one)} {is_empty}", line=one.line)


def _own(letter: Letter) -> Iterator[tuple[Element, int | None]]:
    """Yield each picture whose size is known, once."""
    told = set()
    for one in letter.page.all("img"):
        source = one.attributes.get("src", "")
        if source in letter.sizes and source not in told:
            told.add(source)
            yield one, letter.sizes[source]


def _name(one: Element) -> str:
    return quoted(one.attributes.get("src", ""))
