"""What the templates of an issue see."""

from dataclasses import dataclass

from syndicate.templating.views import ImageView


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterHead:
    """The newsletter as its templates see it."""

    title: str
    description: str | None
    language: str
    direction: str
    postal_address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueHead:
    """The issue as its templates see it; number and address are None in a preview."""

    number: int | None
    date_text: str
    subject: str
    preheader: str
    web_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """An article in an issue."""

    title: str
    url: str
    summary: str | None
    brand: str | None
    authors: tuple[str, ...]
    date_text: str
    image: ImageView | None
    also_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicHead:
    """A section's topic, with the address of its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A topic's part of an issue."""

    topic: TopicHead
    stories: tuple[StoryView, ...]
