"""An issue's HTML and plain text, from the sections that were chosen."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from syndicate.domain.feeds import Entry
from syndicate.domain.moments import long_date
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Newsletter, Rendered
from syndicate.domain.site import Site
from syndicate.domain.text import count, direction
from syndicate.domain.topics import Topic
from syndicate.newsletters.inline import inline_css
from syndicate.newsletters.views import IssueHead, NewsletterHead, SectionView, StoryView, TopicHead
from syndicate.templating.environment import render
from syndicate.templating.views import ImageView, site_view

# Mail programs show some 90 characters of the preheader; more only hides the text that follows.
PREHEADER_STORIES = 2


def render_issue(
    templates: Mapping[str, str],
    site: Site,
    newsletter: Newsletter,
    sections: Sequence[tuple[Topic, Sequence[Entry]]],
    due: datetime,
    number: int | None,
) -> Rendered:
    """Return the issue of a slot; `number` is None for a preview, which has no place on the web."""
    shown = tuple(_section(topic, entries, site, newsletter) for topic, entries in sections)
    stories = [story for section in shown for story in section.stories]
    issue = IssueHead(
        number=number,
        date_text=long_date(due.astimezone(newsletter.zone)),
        subject=_subject(newsletter, stories),
        preheader=" · ".join(story.title for story in stories[1 : 1 + PREHEADER_STORIES]),
        web_url=site.address(f"newsletters/{newsletter.slug}/{number}/") if number else None,
    )
    head = NewsletterHead(
        title=newsletter.title,
        description=newsletter.description,
        language=newsletter.language,
        direction=direction(newsletter.language),
        postal_address=newsletter.postal_address,
    )
    context = {
        "site": site_view(site),
        "newsletter": head,
        "issue": issue,
        "sections": shown,
        "story_count": len(stories),
        "unsubscribe_url": UNSUBSCRIBE_URL,
        "preferences_url": PREFERENCES_URL,
    }
    # The copy on the web is nobody's own: it has no link that ends a subscription.
    on_the_web = {**context, "unsubscribe_url": None, "preferences_url": None}
    return Rendered(
        subject=issue.subject,
        html=inline_css(render(templates, "newsletter/issue.html", **on_the_web)),
        text=render(templates, "newsletter/issue.txt", **on_the_web),
        # A preview is shown, not sent, and inlining is most of the time that it takes.
        mail_html=inline_css(render(templates, "newsletter/issue.html", **context)) if number else None,
        mail_text=render(templates, "newsletter/issue.txt", **context) if number else None,
    )


def _subject(newsletter: Newsletter, stories: Sequence[StoryView]) -> str:
    if not stories:
        return newsletter.title
    more = f" and {count(len(stories) - 1, 'more story', 'more stories')}" if len(stories) > 1 else ""
    return f"{newsletter.title}: {stories[0].title}{more}"


def _section(topic: Topic, entries: Sequence[Entry], site: Site, newsletter: Newsletter) -> SectionView:
    return SectionView(
        topic=TopicHead(label=topic.label, url=site.address(f"topics/{topic.slug}/")),
        stories=tuple(_story(entry, topic, newsletter) for entry in entries),
    )


def _story(entry: Entry, topic: Topic, newsletter: Newsletter) -> StoryView:
    image = entry.image
    return StoryView(
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        brand=entry.brand,
        authors=tuple(author.name for author in entry.authors),
        date_text=long_date(entry.published.astimezone(newsletter.zone)),
        image=None
        if image is None
        else ImageView(src=image.url, alt=image.alt, width=image.width, height=image.height),
        also_in=tuple(other.label for other in entry.topics if other != topic),
    )
