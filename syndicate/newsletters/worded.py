"""What the small templates of the config say of an issue: its subject, its preheader, and the tags of its links."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from syndicate.domain.newsletters import Newsletter
from syndicate.domain.site import Site
from syndicate.domain.wording import Wording
from syndicate.newsletters.tagging import tags_of
from syndicate.newsletters.views import IssueHead, NewsletterHead, StoryView
from syndicate.templating.environment import render_wording
from syndicate.templating.views import site_view


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """Fills in the small templates of a newsletter for an issue with these stories."""

    newsletter: Newsletter
    site: Site
    head: NewsletterHead
    stories: Sequence[StoryView]

    def of(self, issue: IssueHead) -> IssueHead:
        """Return the issue with the subject and the preheader that the config words, if it has stories.

        Raises TemplateError, as `tags` does.
        """
        if not self.stories:
            return issue
        if wording := self.newsletter.subject:
            issue = replace(issue, subject=self._filled(wording, issue) or issue.subject)
        if wording := self.newsletter.preheader:
            issue = replace(issue, preheader=self._filled(wording, issue))
        return issue

    def tags(self, issue: IssueHead) -> str:
        """Return what the links of its message are tagged with; '' for nothing."""
        tagging = self.newsletter.tagging
        if tagging is None:
            return ""
        return tags_of(tagging.source or self.newsletter.slug, tagging.medium, self._filled(tagging.campaign, issue))

    def _filled(self, wording: Wording, issue: IssueHead) -> str:
        return render_wording(
            wording,
            newsletter=self.head,
            site=site_view(self.site),
            issue=issue,
            stories=tuple(self.stories),
            story_count=len(self.stories),
        )
