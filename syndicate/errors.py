"""The error tree, and Problem: one thing wrong, with its place and a hint.

What an author can mend is a Problem: it is gathered, reported and never stops a run.
What makes a run impossible is an exception below SyndicateError; each class stands for
one decision of whoever catches it, and the command line alone turns it into an exit code.

    SyndicateError
    ├── UsageError            the command was called with something it can't take     exit 2
    ├── ConfigError           config.yaml can't be used; carries every problem of it  exit 2
    ├── TemplateError         a template can't be rendered                            exit 1
    ├── StateError            the ledger or the index can't be read or written        exit 1
    ├── OutputError           output/ can't be written                                exit 1
    ├── BusyError             another run holds the state folder                      exit 1
    └── ServeError            the server can't listen or log where it was told to     exit 1
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that its author can mend.

    `reason` is a short stable word for machines; `line` is 1-based, None where no line is known;
    `field` is the front-matter key, the config key or the member of a JSON feed that it is about.
    """

    path: str
    reason: str
    what: str
    hint: str = ""
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        subject = f"{where}: {self.field}" if self.field else where
        advice = f" ({self.hint})" if self.hint else ""
        return _shown(f"{subject}: {self.what}{advice}")


def _shown(text: str) -> str:
    """Return a text as one line for a terminal: what can't be printed, such as its control sequences, is escaped."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


class SyndicateError(Exception):
    """The root of all that syndicate raises on purpose; its text is fit to be shown as it is."""


class UsageError(SyndicateError):
    """A command was called with something that it can't take."""


class ConfigError(SyndicateError):
    """config.yaml can't be used; `problems` holds every mistake found in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class TemplateError(SyndicateError):
    """A template can't be rendered; `problem` names the template, its line and what is wrong."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class StateError(SyndicateError):
    """What is kept between runs can't be read or written."""


class OutputError(SyndicateError):
    """The output folder can't be written."""


class BusyError(SyndicateError):
    """Another run of syndicate holds the state folder."""


class ServeError(SyndicateError):
    """The server can't listen or log where it was told to."""
