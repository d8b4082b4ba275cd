"""Issues: the next one looked at, or cut for good.

snapshot ─► select ─► sections ─► render ─► preview
                                      └──► ledger (newsletter, due) ─► output/
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.domain.articles import EntryId
from syndicate.domain.cadence import latest_slot, next_slot
from syndicate.domain.extras import NO_EXTRAS, AlsoAt, Extras
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import Draft, Issue, Newsletter, Rendered
from syndicate.domain.selection import Outcome, Section, Selection, Story, select, topics_in_order
from syndicate.domain.site import Site
from syndicate.domain.text import first_words
from syndicate.domain.topics import Topic
from syndicate.errors import UsageError
from syndicate.newsletters.assemble import MOST_HTML_BYTES, Assembled, Assembler
from syndicate.newsletters.parts import load
from syndicate.newsletters.render import message_source, render_issue
from syndicate.ports import Ledger
from syndicate.services.collect import Snapshot
from syndicate.services.entries import Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The outcome of a cut: the issue of the slot, or None if there was nothing, or too little, to put into one.

    `selection` is how it was chosen, None for one that was cut before.
    """

    issue: Issue | None
    due: datetime
    is_new: bool
    stories: int = 0
    selection: Selection | None = None

    @property
    def waiting(self) -> int:
        """How many articles the issue had no room for, or wait for more to come, and that the next may take."""
        return self.selection.count(Outcome.CARRIED_OVER) if self.selection else 0

    @property
    def dropped(self) -> int:
        """How many articles the issue had no room for, and that never come."""
        return self.selection.count(Outcome.DROPPED) if self.selection else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The next issue, as it would be cut now."""

    rendered: Rendered
    due: datetime
    stories: int
    selection: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The next issue with the number that it would get, and its HTML before style sheets were inlined."""

    number: int
    stories: int
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

    def preview(self, newsletter: Newsletter, now: datetime, topics: tuple[str, ...] = ()) -> Preview:
        """Render the next issue and record nothing: that of the latest slot, or of the one to come if that was cut.

        It is shown as a reader of these topics gets it, of all by default.
        """
        due = self._next_due(newsletter, now)
        selection = self.selection(newsletter, now)
        rendered = self._render(newsletter, selection.sections, due, None)
        if not topics or not selection.sections:
            return Preview(rendered=rendered, due=due, stories=len(selection.stories), selection=selection)
        said = for_topics(rendered, topics, f"the next issue of {newsletter.slug}", max_bytes=None)
        rendered = replace(rendered, subject=said.subject, html=said.html, text=said.text)
        return Preview(rendered=rendered, due=due, stories=said.stories, selection=selection)

    def rehearse(self, newsletter: Newsletter, now: datetime) -> Rehearsal:
        """Render the next issue with its message, as if it were cut, and record nothing."""
        due, sections = self._next_due(newsletter, now), self.selection(newsletter, now).sections
        drafts = [one.issue for one in self.ledger.drafts(newsletter.slug)]
        number = _next_number((*self.ledger.issues(newsletter.slug), *drafts))
        shown, extras = self._material(newsletter, sections, due)
        source = message_source(self.templates, self.site, newsletter, shown, due, number, extras)
        rendered = self._render(newsletter, sections, due, number)
        stories = sum(len(section.stories) for section in sections)
        return Rehearsal(number=number, stories=stories, rendered=rendered, source=source)

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
        selection = self.selection(newsletter, now)
        if not selection.sections:
            return Cut(issue=None, due=due, is_new=False, selection=selection)
        drafts = [one.issue for one in self.ledger.drafts(newsletter.slug)]
        number = number or _next_number((*issues, *drafts))
        rendered = self._render(newsletter, selection.sections, due, number)
        issue = Issue(newsletter=newsletter.slug, due=due, number=number, cut_at=now, subject=rendered.subject)
        record = self.ledger.record_draft if draft else self.ledger.record_issue
        recorded = record(issue, rendered, self._ids(selection), selection.asides(self.snapshot.identities))
        stories = len(selection.stories)
        return Cut(issue=recorded, due=due, is_new=recorded == issue, stories=stories, selection=selection)

    def selection(self, newsletter: Newsletter, now: datetime) -> Selection:
        """Return what an issue would hold that is cut now, and why."""
        return select(
            newsletter,
            self.snapshot.collection.articles,
            self.snapshot.topics.by_article,
            self.snapshot.identities,
            self.ledger.settled(newsletter.slug),
            self.ledger.known_since(newsletter.slug) or now,
            self.entries.url,
        )

    def _render(
        self, newsletter: Newsletter, sections: Sequence[Section], due: datetime, number: int | None
    ) -> Rendered:
        shown, extras = self._material(newsletter, sections, due)
        topics = topics_in_order(newsletter, self.snapshot.topics.by_article)
        return render_issue(self.templates, self.site, newsletter, shown, due, number, extras, topics)

    def _material(
        self, newsletter: Newsletter, sections: Sequence[Section], due: datetime
    ) -> tuple[Sequence[tuple[Topic, Sequence[Entry]]], Extras]:
        shown = [(one.topic, [self._shown(story, newsletter) for story in one.stories]) for one in sections]
        also_at = {
            self.snapshot.identities[story.article.path].id: self._also_at(story)
            for section in sections
            for story in section.stories
            if story.also_at
        }
        pinned = [story for section in sections for story in section.stories if story.pin is not None]
        pins = tuple(
            self.snapshot.identities[story.article.path].id for story in sorted(pinned, key=lambda one: one.pin or 0)
        )
        return shown, replace(self.extras(newsletter, due, sections), also_at=also_at, pins=pins)

    def _shown(self, story: Story, newsletter: Newsletter) -> Entry:
        """Return a story as it is shown: with the topics of all its articles, and its summary as long as it may be."""
        entry = self.entries.entry(story.article)
        folded_in = tuple(topic for topic in story.topics if topic not in entry.topics)
        summary = entry.summary
        if summary and newsletter.summary_length is not None:
            summary = first_words(summary, newsletter.summary_length)
        return replace(entry, topics=(*entry.topics, *folded_in), summary=summary)

    def _also_at(self, story: Story) -> tuple[AlsoAt, ...]:
        return tuple(AlsoAt(brand=one.brand or "", url=self.entries.url(one)) for one in story.also_at)

    def _ids(self, selection: Selection) -> tuple[EntryId, ...]:
        return tuple(self.snapshot.identities[story.article.path].id for story in selection.stories)


def slot_of(newsletter: Newsletter, now: datetime) -> datetime:
    """Return the slot that an issue cut now belongs to: the latest that has come; raises UsageError if none has."""
    due = latest_slot(newsletter.cadence, newsletter.zone, now)
    if due is None:
        raise UsageError(f"{newsletter.slug}: the cadence {newsletter.cadence.text!r} has no slot before {now}")
    return due


def for_topics(
    rendered: Rendered, topics: tuple[str, ...], shown: str, *, max_bytes: int | None = MOST_HTML_BYTES
) -> Assembled:
    """Return what an issue says to readers of some topics; `shown` is what messages call it.

    Raises UsageError for an issue that can't be parted by topics, or that has no story of these.
    """
    if rendered.parts is None:
        why = "it was cut before issues had parts, or its templates show stories in another way than by theirs"
        raise UsageError(f"{shown} can't be parted by topics: {why}")
    parts = load(rendered.parts)
    said = Assembler(parts, max_bytes=max_bytes)(topics)
    if said is None:
        has = ", ".join(topic.label for topic in parts.topics)
        raise UsageError(f"{shown} has no story of {', '.join(topics)}; its topics: {has}")
    return said


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
