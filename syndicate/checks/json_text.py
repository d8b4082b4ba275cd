"""JSON read with the lines of what stands in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from syndicate.checks.rules import EDITED, OURS, Fault
from syndicate.checks.xml_tree import NotReadable

_SPACE = re.compile(r"[ \t\n\r]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonText:
    """A value, with the line of each member of the top object and of each item in its list `items`."""

    value: Any
    members: dict[str, int]
    items: tuple[int, ...]


def parse_json(text: str) -> JsonText:
    """Return the value of a text; raises NotReadable."""
    if text.startswith("\ufeff"):
        raise NotReadable(Fault(what="expected JSON, got a byte-order mark before it", hint=EDITED, line=1))
    try:
        value = json.loads(text, parse_constant=_refuse)
        members, items = _lines(text) if isinstance(value, dict) else ({}, ())
    except json.JSONDecodeError as error:
        raise NotReadable(Fault(what=f"expected JSON, got: {error.msg}", hint=EDITED, line=error.lineno)) from error
    except RecursionError:
        raise NotReadable(Fault(what="expected JSON, got values nested too deep to be read", hint=EDITED)) from None
    except ValueError as error:  # NaN, or a number with thousands of digits
        raise NotReadable(Fault(what="expected JSON, got a number that JSON readers refuse", hint=EDITED)) from error
    for forbidden in _forbidden(value):
        what = f"expected text, got the character U+{ord(forbidden):04X}"
        raise NotReadable(Fault(what=what, hint=OURS))
    return JsonText(value=value, members=members, items=items)


def _refuse(name: str) -> None:
    raise ValueError(name)


def _forbidden(value: Any) -> Iterator[str]:
    """Yield each character that no feed can hold; XML can't say it, and half of a pair is none."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield from _FORBIDDEN.findall(one)
        elif isinstance(one, dict):
            waiting.extend([*one, *one.values()])
        elif isinstance(one, list):
            waiting.extend(one)


def _lines(text: str) -> tuple[dict[str, int], tuple[int, ...]]:
    """Return the lines of the members of an object that is known to be right, and of the items of its list."""
    walker = _Walker(text)
    members: dict[str, int] = {}
    items: tuple[int, ...] = ()
    walker.skip("{")
    while text[walker.place] != "}":
        line = walker.line()
        name = walker.value()
        members[name] = line
        walker.skip(":")
        if name == "items" and text[walker.place] == "[":
            items = walker.elements()
        else:
            walker.value()
        if text[walker.place] == ",":
            walker.skip(",")
    return members, items


class _Walker:
    """Goes through JSON that is known to be right, and counts its lines."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        self.decoder = json.JSONDecoder()
        self._counted, self._line = 0, 1

    def line(self) -> int:
        """Return the line of the place."""
        self._line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place
        return self._line

    def skip(self, mark: str) -> None:
        """Go past a mark and the white space on both sides."""
        self._space()
        self.place += len(mark)
        self._space()

    def value(self) -> Any:
        """Go past a value and return it."""
        value, self.place = self.decoder.raw_decode(self.text, self.place)
        self._space()
        return value

    def elements(self) -> tuple[int, ...]:
        """Go past a list, and return the lines of its elements."""
        lines = []
        self.skip("[")
        while self.text[self.place] != "]":
            lines.append(self.line())
            self.value()
            if self.text[self.place] == ",":
                self.skip(",")
        self.skip("]")
        return tuple(lines)

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.place)
        self.place = found.end() if found else self.place
