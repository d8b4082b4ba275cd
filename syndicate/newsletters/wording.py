"""Subject and preheader as small templates of the config word them, of a whole issue or of a reader's part of it."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict
from typing import Any

from syndicate.domain.newsletters import Newsletter
from syndicate.errors import TemplateError
from syndicate.newsletters.parts import WordingPart
from syndicate.newsletters.tagging import tags_of
from syndicate.newsletters.views import IssueHead, NewsletterHead, StoryView
from syndicate.templating.environment import render_wording
from syndicate.templating.views import SiteView


def wording_part(
    newsletter: Newsletter, site: SiteView, head: NewsletterHead, issue: IssueHead, stories: Sequence[StoryView]
) -> WordingPart:
    """Return what words an issue; the issue's note and table of contents say too much for that."""
    said = {name: value for name, value in asdict(issue).items() if name not in ("note", "contents")}
    return WordingPart(
        subject=newsletter.subject,
        preheader=newsletter.preheader,
        site=asdict(site),
        newsletter=asdict(head),
        issue=said,
        stories=tuple(asdict(story) for story in stories),
    )


def heading(
    part: WordingPart, stories: Sequence[int], usual: tuple[str, str], stories_text: str, *, is_lenient: bool = False
) -> tuple[str, str]:
    """Return subject and preheader of an issue with some of the stories; `usual` are those without templates.

    `stories_text` says how many stories there are. Raises TemplateError for a template that does not fit
    them, unless it `is_lenient`: then the usual words stand in its place, as they do for a subject that
    comes out empty.
    """
    subject, preheader = usual
    mended = suppress(TemplateError) if is_lenient else nullcontext()
    if stories and part.subject:
        with mended:
            subject = render_wording(part.subject, **_said(part, stories, usual, stories_text)) or subject
    if stories and part.preheader:
        with mended:
            preheader = render_wording(part.preheader, **_said(part, stories, (subject, preheader), stories_text))
    return subject, preheader


def tags(
    newsletter: Newsletter, part: WordingPart, stories: Sequence[int], told: tuple[str, str], stories_text: str
) -> str:
    """Return what the links of an issue's message are tagged with, empty if with nothing; `told` is its heading."""
    tagging = newsletter.tagging
    if tagging is None:
        return ""
    campaign = render_wording(tagging.campaign, **_said(part, stories, told, stories_text))
    return tags_of(tagging.source or newsletter.slug, tagging.medium, campaign)


def _said(part: WordingPart, stories: Sequence[int], told: tuple[str, str], stories_text: str) -> Mapping[str, Any]:
    subject, preheader = told
    return {
        "site": part.site,
        "newsletter": part.newsletter,
        "issue": {**part.issue, "subject": subject, "preheader": preheader, "stories_text": stories_text},
        "stories": [part.stories[story] for story in stories],
        "story_count": len(stories),
    }
