"""What an issue says beside its stories: the editor's note, and offerings that are related to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from syndicate.domain.articles import EntryId, Offering
from syndicate.domain.text import fold
from syndicate.domain.topics import Topic

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An editor's note as safe HTML, and as plain text in lines."""

    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoAt:
    """Another brand's article that says nearly the same as a story."""

    brand: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What one issue has beside its stories.

    `offerings` are those that each article's front matter names; `also_at` are the articles that were
    folded into each story; `pins` are the stories that come first to every reader, in their order.
    """

    note: Note | None = None
    offerings: Mapping[EntryId, tuple[Offering, ...]] = field(default_factory=dict)
    also_at: Mapping[EntryId, tuple[AlsoAt, ...]] = field(default_factory=dict)
    pins: tuple[EntryId, ...] = ()


NO_EXTRAS = Extras()


def offerings_by_section(
    sections: Iterable[tuple[Topic, Sequence[EntryId]]],
    offerings: Mapping[EntryId, tuple[Offering, ...]],
    most: int,
) -> tuple[tuple[Offering, ...], ...]:
    """Return the offerings to show below each section: `most` at most, and none twice in an issue.

    Those that name the section's topic among their categories come first, in the order of the
    stories; those that name other topics only wait for a section of theirs, and are left out
    without one.
    """
    related = [(topic, [offering for one in ids for offering in offerings.get(one, ())]) for topic, ids in sections]
    return without_repeats(
        (
            (
                *(offering for offering in found if names_topic(offering, topic)),
                *(offering for offering in found if not offering.categories),
            )
            for topic, found in related
        ),
        offering_mark,
        most,
    )


def without_repeats(
    sections: Iterable[Iterable[Item]], mark: Callable[[Item], str], most: int
) -> tuple[tuple[Item, ...], ...]:
    """Return the first `most` of each section, without those whose like stands above them, by their marks."""
    shown: set[str] = set()
    found = []
    for items in sections:
        chosen: list[Item] = []
        for item in items:
            if mark(item) not in shown and len(chosen) < most:
                shown.add(mark(item))
                chosen.append(item)
        found.append(tuple(chosen))
    return tuple(found)


def offering_mark(offering: Offering) -> str:
    """Return what offerings that lead to the same place have in common."""
    return offering.url or fold(offering.label)


def names_topic(offering: Offering, topic: Topic) -> bool:
    """Tell whether an offering is about a topic, by the categories that it names."""
    names = {topic.key, fold(topic.qualified), fold(topic.label)}
    return any(fold(name) in names or fold(name.rpartition(": ")[2]) in names for name in offering.categories)
