"""Issues: the next one looked at, or cut for good.

snapshot ─► select ─► sections ─► render ─► preview
                                      └──► ledger (newsletter, due) ─► output/
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.domain.articles import ArticlePath, EntryId
from syndicate.domain.cadence import latest_slot, next_slot
from syndicate.domain.extras import NO_EXTRAS, Extras
from syndicate.domain.newsletters import Draft, Issue, Newsletter, Rendered, Section, select
from syndicate.domain.site import Site
from syndicate.errors import UsageError
from syndicate.newsletters.render import render_issue
from syndicate.ports import Ledger
from syndicate.services.collect import Snapshot
from syndicate.services.entries import Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The outcome of a cut: the issue of the slot, or None if there was nothing to put into one."""

    issue: Issue | None
    due: datetime
    is_new: bool
    stories: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The next issue, as it would be cut now."""

    rendered: Rendered
    due: datetime
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The next issue with the number that it would get, and its HTML before style sheets were inlined."""

    number: int
    rendered: Rendered
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDesk:
    """Previews and cuts issues from one snapshot; `extras` gathers what they say beside their stories."""

    site: Site
    templates: Mapping[str, str]
    ledger: Ledger
    snapshot: Snapshot
    entries: Entries
    extras: Callable[[Newsletter, datetime, Sequence[Section]], Extras] = lambda newsletter, due, sections: NO_EXTRAS

    def preview(self, newsletter: Newsletter, now: datetime) -> Preview:
        """Render the next issue and record nothing: that of the latest slot, or of the one to come if that was cut."""
        due = self._next_due(newsletter, now)
        sections = self._sections(newsletter, now)
        rendered = self._render(newsletter, sections, due, None)
        return Preview(rendered=rendered, due=due, stories=_count(sections))

    def rehearse(self, newsletter: Newsletter, now: datetime) -> Rehearsal:
        """Render the next issue with its message, as if it were cut, and record nothing."""
        due, sections = self._next_due(newsletter, now), self._sections(newsletter, now)
        drafts = [one.issue for one in self.ledger.drafts(newsletter.slug)]
        number = _next_number((*self.ledger.issues(newsletter.slug), *drafts))
        source = self._render(newsletter, sections, due, number, inline=str).mail_html or ""
        return Rehearsal(number=number, rendered=self._render(newsletter, sections, due, number), source=source)

    def _next_due(self, newsletter: Newsletter, now: datetime) -> datetime:
        due = slot_of(newsletter, now)
        if any(issue.due == due for issue in self.ledger.issues(newsletter.slug)):
            return next_slot(newsletter.cadence, newsletter.zone, now) or due
        return due

    def cut(
        self,
        newsletter: Newsletter,
        now: datetime,
        due: datetime | None = None,
        *,
        draft: bool = False,
        number: int | None = None,
    ) -> Cut:
        """Cut the issue of a slot, by default the latest, once: a slot that has its issue keeps it.

        As a `draft` it is not out yet; `number` is that of a draft in whose place it comes.
        """
        due = due or slot_of(newsletter, now)
        with self.ledger.together():  # another machine may cut at once: no number and no article goes into two issues
            return self._cut(newsletter, now, due, draft=draft, number=number)

    def _cut(self, newsletter: Newsletter, now: datetime, due: datetime, *, draft: bool, number: int | None) -> Cut:
        issues = self.ledger.issues(newsletter.slug)
        existing = next((issue for issue in issues if issue.due == due), None)
        if existing:
            return Cut(issue=existing, due=due, is_new=False, stories=self.ledger.story_count(existing))
        sections = self._sections(newsletter, now)
        if not sections:
            return Cut(issue=None, due=due, is_new=False)
        drafts = [one.issue for one in self.ledger.drafts(newsletter.slug)]
        number = number or _next_number((*issues, *drafts))
        rendered = self._render(newsletter, sections, due, number)
        issue = Issue(newsletter=newsletter.slug, due=due, number=number, cut_at=now, subject=rendered.subject)
        record = self.ledger.record_draft if draft else self.ledger.record_issue
        recorded = record(issue, rendered, self._ids(sections))
        return Cut(issue=recorded, due=due, is_new=recorded == issue, stories=_count(sections))

    def count_new(self, newsletter: Newsletter, now: datetime) -> int:
        """Return how many articles an issue would carry that is cut now."""
        return _count(self._sections(newsletter, now))

    def _sections(self, newsletter: Newsletter, now: datetime) -> tuple[Section, ...]:
        return select(
            newsletter,
            self.snapshot.collection.articles,
            self.snapshot.topics.by_article,
            self.snapshot.identities,
            self.ledger.carried(newsletter.slug),
            self.ledger.known_since(newsletter.slug) or now,
        )

    def _render(
        self,
        newsletter: Newsletter,
        sections: Sequence[Section],
        due: datetime,
        number: int | None,
        inline: Callable[[str], str] | None = None,
    ) -> Rendered:
        shown = [(one.topic, [self.entries.entry(article) for article in one.articles]) for one in sections]
        extras = self.extras(newsletter, due, sections)
        return render_issue(self.templates, self.site, newsletter, shown, due, number, extras, inline)

    def _ids(self, sections: Sequence[Section]) -> tuple[EntryId, ...]:
        paths: list[ArticlePath] = [article.path for section in sections for article in section.articles]
        return tuple(self.snapshot.identities[path].id for path in paths)


def slot_of(newsletter: Newsletter, now: datetime) -> datetime:
    """Return the slot that an issue cut now belongs to: the latest that has come; raises UsageError if none has."""
    due = latest_slot(newsletter.cadence, newsletter.zone, now)
    if due is None:
        raise UsageError(f"{newsletter.slug}: the cadence {newsletter.cadence.text!r} has no slot before {now}")
    return due


def find_newsletter(newsletters: Sequence[Newsletter], slug: str) -> Newsletter:
    """Return a newsletter by its slug; raises UsageError naming those that there are."""
    for newsletter in newsletters:
        if newsletter.slug == slug:
            return newsletter
    known = ", ".join(newsletter.slug for newsletter in newsletters) or "none"
    raise UsageError(f"there is no newsletter {slug!r} in the config; it has: {known}")


def find_issue(issues: Sequence[Issue], newsletter: str, number: int) -> Issue:
    """Return an issue by its number; raises UsageError naming those that there are."""
    for issue in issues:
        if issue.number == number:
            return issue
    known = ", ".join(str(issue.number) for issue in issues[-_NAMED_ISSUES:]) or "none"
    raise UsageError(
        f"{newsletter} has no issue {number}; it has: {'… ' if len(issues) > _NAMED_ISSUES else ''}{known}"
    )


def find_draft(drafts: Sequence[Draft], newsletter: str, number: int) -> Draft:
    """Return a draft by its number; raises UsageError naming those that there are."""
    for draft in drafts:
        if draft.issue.number == number:
            return draft
    known = ", ".join(str(draft.issue.number) for draft in drafts) or "none"
    raise UsageError(f"{newsletter} has no draft {number} that waits for approval; it has: {known}")


# A message names so many of the latest issues.
_NAMED_ISSUES = 10


def _next_number(issues: Sequence[Issue]) -> int:
    return max((issue.number for issue in issues), default=0) + 1


def _count(sections: Sequence[Section]) -> int:
    return sum(len(section.articles) for section in sections)
