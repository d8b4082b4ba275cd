"""Small templates that stand in the config, and how links tell where a visitor came from."""

from dataclasses import dataclass

VARIABLES = ("newsletter", "site", "issue", "stories", "story_count")
"""What a small template may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A small template of the config; where it stands is for messages about it."""

    text: str
    path: str
    field: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """What the links of a newsletter's messages are tagged with; `source` is the newsletter's slug if it is None."""

    medium: str
    campaign: Wording
    source: str | None = None
