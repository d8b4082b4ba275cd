"""Subject and preheader as small templates of the config word them, of a whole issue or of a reader's part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from syndicate.domain.newsletters import Newsletter
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


def heading(part: WordingPart, stories: Sequence[int], usual: tuple[str, str]) -> tuple[str, str]:
    """Return subject and preheader of an issue with some of the stories; `usual` are those without templates.

    Raises TemplateError for a template that does not fit them. A subject that comes out empty is the usual one.
    """
    subject, preheader = usual
    if stories and part.subject:
        subject = render_wording(part.subject, **_said(part, stories, subject, preheader)) or subject
    if stories and part.preheader:
        preheader = render_wording(part.preheader, **_said(part, stories, subject, preheader))
    return subject, preheader


def tags(newsletter: Newsletter, part: WordingPart, stories: Sequence[int], told: tuple[str, str]) -> str:
    """Return what the links of an issue's message are tagged with, empty if with nothing; `told` is its heading."""
    tagging = newsletter.tagging
    if tagging is None:
        return ""
    campaign = render_wording(tagging.campaign, **_said(part, stories, *told))
    return tags_of(tagging.source or newsletter.slug, tagging.medium, campaign)


def _said(part: WordingPart, stories: Sequence[int], subject: str, preheader: str) -> Mapping[str, Any]:
    return {
        "site": part.site,
        "newsletter": part.newsletter,
        "issue": {**part.issue, "subject": subject, "preheader": preheader},
        "stories": [part.stories[story] for story in stories],
        "story_count": len(stories),
    }
