"""What an issue says beside its stories: the editor's note, and offerings that are related to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from syndicate.domain.articles import EntryId, Offering
from syndicate.domain.text import fold
from syndicate.domain.topics import Topic


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
    folded into each story.
    """

    note: Note | None = None
    offerings: Mapping[EntryId, tuple[Offering, ...]] = field(default_factory=dict)
    also_at: Mapping[EntryId, tuple[AlsoAt, ...]] = field(default_factory=dict)


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
    shown: set[str] = set()
    found = []
    for topic, ids in sections:
        related = [offering for one in ids for offering in offerings.get(one, ())]
        own = [offering for offering in related if _names_topic(offering, topic)]
        chosen: list[Offering] = []
        for offering in (*own, *(offering for offering in related if not offering.categories)):
            mark = offering.url or fold(offering.label)
            if mark not in shown and len(chosen) < most:
                shown.add(mark)
                chosen.append(offering)
        found.append(tuple(chosen))
    return tuple(found)


def _names_topic(offering: Offering, topic: Topic) -> bool:
    names = {topic.key, fold(topic.qualified), fold(topic.label)}
    return any(fold(name) in names or fold(name.rpartition(": ")[2]) in names for name in offering.categories)
