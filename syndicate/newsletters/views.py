"""What the templates of an issue see."""

from dataclasses import dataclass

from syndicate.domain.themes import Logo, Palette
from syndicate.templating.views import ImageView


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """How the newsletter looks, with all that its config leaves open decided.

    `column` is how wide the words run, in pixels; `start` and `end` are the sides of a line.
    `plate` and `dark_plate` are the grounds of pictures, which are seen while these are blocked.
    """

    width: int
    column: int
    font: str
    heading_font: str
    windows_font: str
    windows_heading_font: str
    logo: Logo | None
    light: Palette
    dark: Palette
    start: str
    end: str
    plate: str
    dark_plate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterHead:
    """The newsletter as its templates see it."""

    slug: str
    title: str
    description: str | None
    language: str
    direction: str
    postal_address: str | None
    design: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """The editor's note: safe HTML, and plain text in lines."""

    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsView:
    """A line of the table of contents: a section with its first story, or a story if there is one section."""

    label: str | None
    title: str
    url: str
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueHead:
    """The issue as its templates see it; number and address are None in a preview."""

    number: int | None
    date_text: str
    subject: str
    preheader: str
    web_url: str | None
    note: NoteView | None
    contents: tuple[ContentsView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """An article in an issue.

    `title_direction` and `summary_direction` are those of its words where they aren't the
    newsletter's; it `is_mixed` if its small print has names of the other direction. `wide` is its
    picture over the whole column, if it is large enough for that; `thumb` is the same picture
    beside the words.
    """

    title: str
    url: str
    summary: str | None
    brand: str | None
    authors: tuple[str, ...]
    date_text: str
    is_first: bool
    title_direction: str | None
    summary_direction: str | None
    is_mixed: bool
    wide: ImageView | None
    thumb: ImageView | None
    also_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicHead:
    """A section's topic, with the address of its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingView:
    """A product that is related to a section's stories."""

    label: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A topic's part of an issue."""

    topic: TopicHead
    stories: tuple[StoryView, ...]
    offerings: tuple[OfferingView, ...]
