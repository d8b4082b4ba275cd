"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Document = TypeVar("Document")

OURS = "syndicate writes this: run 'syndicate build --full', and if it stays, report it together with the article"
"""The hint for what no author and no setting can have caused."""
EDITED = "run 'syndicate build --full', and let nothing change the file after that"
"""The hint for what a build can't have written: something else has touched the file."""

# More of one kind in one file have one cause; the others are counted.
_MAX_OF_A_KIND = 25
# What is quoted in a message is cut to this many characters.
_MAX_QUOTED = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One place that breaks a rule; `entry` names the entry that it is in, `field` a member of JSON."""

    what: str
    hint: str = OURS
    line: int | None = None
    field: str | None = None
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Document]):
    """One rule: its reason, the page that it comes from, and the function that finds what breaks it."""

    reason: str
    source: str
    find: Callable[[Document], Iterable[Fault]]

    def faults(self, document: Document) -> Iterator[Fault]:
        """Yield what breaks the rule; beyond a number of places, the last one tells how many more there are."""
        found = iter(self.find(document))
        last = None
        for _, last in zip(range(_MAX_OF_A_KIND - 1), found, strict=False):
            yield last
        rest = list(found) if last else []
        if len(rest) > 1:
            yield replace(rest[0], what=f"{rest[0].what}; and {len(rest) - 1} more like this in the file")
        else:
            yield from rest


def quoted(text: str) -> str:
    """Return a text as it is shown in a message: on one line, and not too long."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= _MAX_QUOTED else f"{flat[:_MAX_QUOTED]}…")
