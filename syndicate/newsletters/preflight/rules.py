"""What a rule of the preflight is, what it looks at, and what it finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from syndicate.domain.newsletters import Newsletter
from syndicate.newsletters.preflight.tree import Page

# More of one kind have one cause; the others are counted.
_MAX_OF_A_KIND = 10
# What is quoted is cut to so many characters.
_MAX_QUOTED = 60


class Severity(Enum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An issue's message before it is anybody's own.

    `source` is its HTML before style sheets were inlined, where that is known. `sizes` are the bytes
    of those pictures that we publish ourselves; None stands for one that is not there.
    """

    newsletter: Newsletter
    subject: str
    html: str
    text: str
    page: Page
    source: Page | None = None
    sizes: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def preheader(self) -> str:
        """What mail programs show behind the subject: the first words that are hidden."""
        body = [one for one in self.page.elements if not any(above.tag == "head" for above in one.ancestors())]
        return next((one.words for one in body if one.style.get("display") == "none" and one.words), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place that breaks a rule: what is wrong there, in which part, and in which line of it."""

    what: str
    part: str = "html"
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: how bad it is to break it, why, how to mend it, and what finds where it is broken."""

    reason: str
    severity: Severity
    why: str
    mend: str
    find: Callable[[Letter], Iterable[Spot]]

    def faults(self, letter: Letter) -> "Iterator[Fault]":
        """Yield what breaks the rule; beyond a number of places, the last one tells how many more there are."""
        found = list(self.find(letter))
        if len(found) > _MAX_OF_A_KIND:
            rest = len(found) - _MAX_OF_A_KIND + 1
            last = found[_MAX_OF_A_KIND - 1]
            found = [*found[: _MAX_OF_A_KIND - 1], replace(last, what=f"{last.what}; and {rest - 1} more like this")]
        for spot in found:
            yield Fault(rule=self, spot=spot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A place where an issue breaks a rule."""

    rule: Rule
    spot: Spot

    @property
    def is_error(self) -> bool:
        """Whether it keeps the issue from being sent."""
        return self.rule.severity is Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.spot.part}:{self.spot.line}" if self.spot.line else self.spot.part
        return f"{self.rule.severity.value}: {where}: {self.rule.reason}: {self.spot.what} ({self.rule.mend})"


def quoted(text: str) -> str:
    """Return a text as it is shown in a message: on one line, and not too long."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= _MAX_QUOTED else f"{flat[:_MAX_QUOTED]}…")
