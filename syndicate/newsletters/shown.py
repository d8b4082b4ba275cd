"""What the templates of an issue see, of its stories and of all else; and what is said of them in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from syndicate.domain.articles import Offering
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Newsletter
from syndicate.domain.text import direction, written_direction
from syndicate.domain.topics import Topic
from syndicate.newsletters.assemble import preheader_of, short_title
from syndicate.newsletters.parts import WordingPart
from syndicate.newsletters.pictures import across, fitted
from syndicate.newsletters.setting import Setting
from syndicate.newsletters.views import (
    AlsoAtView,
    IssueHead,
    NewsletterHead,
    NoteView,
    OfferingView,
    SectionView,
    StoryView,
    TopicHead,
)
from syndicate.newsletters.wording import wording_part
from syndicate.newsletters.words import Words
from syndicate.templating.views import site_view

# A picture beside words takes this share of the column, and is no higher than this share of that: a tall one would
# leave a hole below the words.
_THUMB_SHARE, _THUMB_HEIGHT = 0.32, 0.75


Sections: TypeAlias = Sequence[tuple[Topic, Sequence[Entry]]]
"""The topics that an issue shows, each with its stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A story with its places: `home` is the topic in whose section the whole issue has it."""

    entry: Entry
    home: Topic
    topics: tuple[Topic, ...]


def context(
    setting: Setting, head: IssueHead, sections: Sequence[SectionView], count: int, *, is_mail: bool
) -> dict[str, Any]:
    """Return the variables of an issue.

    The copy on the web is nobody's own, and leads not to itself: it has no link that ends a subscription.
    """
    return {
        "site": site_view(setting.site),
        "newsletter": _newsletter_head(setting.newsletter),
        "theme": setting.theme,
        "issue": head if is_mail else replace(head, web_url=None),
        "sections": sections,
        "story_count": count,
        "unsubscribe_url": UNSUBSCRIBE_URL if is_mail else None,
        "preferences_url": PREFERENCES_URL if is_mail else None,
        "block": blocks_of(setting),
        "_": setting.words.gettext,
        "ngettext": setting.words.ngettext,
    }


def _newsletter_head(newsletter: Newsletter) -> NewsletterHead:
    return NewsletterHead(
        slug=newsletter.slug,
        title=newsletter.title,
        description=newsletter.description,
        language=newsletter.language,
        direction=direction(newsletter.language),
        postal_address=newsletter.postal_address,
        design=newsletter.design.value,
    )


def wording_of(setting: Setting, usual: tuple[str, str], stories: Sequence[StoryView]) -> WordingPart:
    """Return what the small templates of the config may use."""
    stories_text = count_text(setting.words, len(stories))
    issue = issue_head(setting, subject=usual[0], preheader=usual[1], stories_text=stories_text)
    newsletter = setting.newsletter
    return wording_part(newsletter, site_view(setting.site), _newsletter_head(newsletter), issue, stories)


def blocks_of(setting: Setting) -> Callable[[str], tuple[str, str]]:
    """Return what finds the templates of a block by its name: that of the design, else that of all designs."""
    design = setting.newsletter.design.value
    return lambda name: (f"newsletter/{design}/{name}", f"newsletter/{name}")


def issue_head(setting: Setting, *, subject: str, preheader: str, stories_text: str) -> IssueHead:
    """Return the head of an issue, without its table of contents."""
    note = setting.extras.note
    return IssueHead(
        number=setting.number,
        date_text=setting.words.date(setting.day),
        subject=subject,
        preheader=preheader,
        stories_text=stories_text,
        more_text=None,
        web_url=setting.web_url,
        note=NoteView(html=note.html, text=note.text) if note else None,
        contents=(),
    )


def usual_heading(setting: Setting, stories: Sequence[StoryView]) -> tuple[str, str]:
    """Return subject and preheader of an issue with these stories."""
    about = stories[0].summary or "" if stories else ""
    preheader = preheader_of([story.title for story in stories], about)
    return subject_of(setting.newsletter, stories, setting.words), preheader


def count_text(words: Words, count: int) -> str:
    """Return how many stories there are."""
    one, many = "%(count)d story", "%(count)d stories"
    return words.ngettext(one, many, count) % {"count": count}


def more_text(words: Words, count: int) -> str:
    """Return how many stories a line of the contents leaves out."""
    one, many = "and %(count)d more", "and %(count)d more"
    return words.ngettext(one, many, count) % {"count": count}


def web_text(words: Words, count: int) -> str:
    """Return how many stories only the copy on the web has."""
    one, many = "%(count)d more story on the web", "%(count)d more stories on the web"
    return words.ngettext(one, many, count) % {"count": count}


def topic_head(setting: Setting, topic: Topic) -> TopicHead:
    """Return a topic's name and the address of its page."""
    return TopicHead(label=topic.label, url=setting.site.address(f"topics/{topic.slug}/"))


def labels_beside(story: Placed, topic: Topic) -> tuple[str, ...]:
    """Return how the other topics of a story are called, where it is shown in one."""
    return tuple(other.label for other in dict.fromkeys((*story.entry.topics, story.home)) if other != topic)


def subject_of(newsletter: Newsletter, stories: Sequence[StoryView], words: Words) -> str:
    """Return the subject of an issue with these stories."""
    if not stories:
        return newsletter.title
    named = {"newsletter": newsletter.title, "story": short_title(stories[0].title)}
    if len(stories) == 1:
        return words.gettext("%(newsletter)s: %(story)s") % named
    count = len(stories) - 1
    one, many = (
        "%(newsletter)s: %(story)s and %(count)d more story",
        "%(newsletter)s: %(story)s and %(count)d more stories",
    )
    return words.ngettext(one, many, count) % {**named, "count": count}


def offering_view(offering: Offering) -> OfferingView:
    """Return what a template sees of a related offering."""
    return OfferingView(label=offering.label, url=offering.url)


def story_view(setting: Setting, story: Placed, *, is_first: bool) -> StoryView:
    """Return what a template sees of a story."""
    entry, newsletter, theme = story.entry, setting.newsletter, setting.theme
    frame = round(theme.column * _THUMB_SHARE)
    own = direction(newsletter.language)
    also_in = labels_beside(story, story.home)
    labels = (topic.label for topic in entry.topics) if also_in else ()
    names = [entry.brand or "", *(author.name for author in entry.authors), *labels]
    also_at = setting.extras.also_at.get(entry.id, ())
    names += [one.brand for one in also_at]
    return StoryView(
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        brand=entry.brand,
        authors=tuple(author.name for author in entry.authors),
        date_text=setting.words.date_in(entry.published.astimezone(newsletter.zone), setting.day.year),
        is_first=is_first,
        title_direction=_other_direction(entry.title, own),
        summary_direction=_other_direction(entry.summary or "", own),
        is_mixed=any(_other_direction(name, own) for name in names),
        wide=across(entry.image, entry.title, theme.column),
        thumb=fitted(entry.image, entry.title, frame, round(frame * _THUMB_HEIGHT)),
        also_in=also_in,
        also_at=tuple(AlsoAtView(brand=other.brand, url=other.url) for other in also_at),
    )


def _other_direction(text: str, own: str) -> str | None:
    """Return the direction of a text if it isn't the newsletter's own, which needs no word."""
    found = written_direction(text)
    return found if found != own else None
