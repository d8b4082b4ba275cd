"""A round: what is due of every newsletter is cut, and every slot that has come gets its one fate.

    build ─► decide ─► claim ─► cut ─► publish its page
                └──► settle: superseded, skipped-late, empty

The claim is recorded first. A round that is killed after it leaves the claim behind, and the next
round goes on with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Issue, Newsletter
from syndicate.domain.slots import Decision, Fate, decide, fates
from syndicate.domain.text import count
from syndicate.errors import TemplateError
from syndicate.ports import Ledger
from syndicate.services.issues import IssueDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOutcome:
    """What became of one slot in a round; CLAIMED is one whose issue could not be made, and `error` says why."""

    newsletter: str
    due: datetime
    fate: Fate
    issue: Issue | None = None
    stories: int = 0
    is_new: bool = False
    error: str | None = None

    def plain(self) -> dict[str, Any]:
        """Return the outcome for JSON, as docs/reference/json.md describes it."""
        return {
            "newsletter": self.newsletter,
            "due": to_text(self.due),
            "fate": self.fate.value,
            "number": self.issue.number if self.issue else None,
            "stories": self.stories,
            "subject": self.issue.subject if self.issue else None,
            "path": issue_path(self.issue) if self.issue else None,
            "error": self.error,
        }


def issue_path(issue: Issue) -> str:
    """Return where the page of an issue stands in the output folder."""
    return f"newsletters/{issue.newsletter}/{issue.number}/index.html"


def due_decisions(ledger: Ledger, newsletter: Newsletter, now: datetime) -> tuple[Decision, ...]:
    """Return what is to become of the slots of a newsletter that have come and have no outcome."""
    recorded = fates(ledger.slots(newsletter.slug), (issue.due for issue in ledger.issues(newsletter.slug)))
    known_since = ledger.known_since(newsletter.slug) or now
    return decide(newsletter.cadence, newsletter.zone, known_since, recorded, now, newsletter.max_lateness)


def run_round(
    desk: Callable[[], IssueDesk], ledger: Ledger, newsletters: Sequence[Newsletter], now: datetime
) -> tuple[SlotOutcome, ...]:
    """Settle every slot that has come; `desk` is made once, if anything is to be cut."""
    made: list[IssueDesk] = []

    def one_desk() -> IssueDesk:
        made.extend([] if made else [desk()])
        return made[0]

    return tuple(outcome for one in newsletters for outcome in _settle(one, one_desk, ledger, now))


def _settle(
    newsletter: Newsletter, desk: Callable[[], IssueDesk], ledger: Ledger, now: datetime
) -> Iterator[SlotOutcome]:
    for decision in due_decisions(ledger, newsletter, now):
        if decision.fate is Fate.CLAIMED:
            ledger.claim_slot(newsletter.slug, decision.due, now)
            yield _cut(newsletter, decision.due, desk(), ledger, now)
        else:
            slot = ledger.settle_slot(newsletter.slug, decision.due, decision.fate, now)
            yield SlotOutcome(newsletter=newsletter.slug, due=slot.due, fate=slot.fate)


def _cut(newsletter: Newsletter, due: datetime, desk: IssueDesk, ledger: Ledger, now: datetime) -> SlotOutcome:
    """Make the issue of a claimed slot; a template that can't be rendered leaves the claim for the next round."""
    try:
        cut = desk.cut(newsletter, now, due)
    except TemplateError as error:
        return SlotOutcome(newsletter=newsletter.slug, due=due, fate=Fate.CLAIMED, error=str(error))
    if cut.issue is None:
        slot = ledger.settle_slot(newsletter.slug, due, Fate.EMPTY, now)
        return SlotOutcome(newsletter=newsletter.slug, due=due, fate=slot.fate)
    return SlotOutcome(
        newsletter=newsletter.slug,
        due=due,
        fate=Fate.CUT,
        issue=cut.issue,
        stories=cut.stories,
        is_new=cut.is_new,
    )


def foresee(
    desk: Callable[[], IssueDesk], ledger: Ledger, newsletters: Sequence[Newsletter], now: datetime
) -> tuple[SlotOutcome, ...]:
    """Return what a round would do, and do nothing: slots that would be cut bear no issue, but count its stories."""
    return tuple(
        _foreseen(newsletter, decision, desk, now)
        for newsletter in newsletters
        for decision in due_decisions(ledger, newsletter, now)
    )


def _foreseen(newsletter: Newsletter, decision: Decision, desk: Callable[[], IssueDesk], now: datetime) -> SlotOutcome:
    if decision.fate is not Fate.CLAIMED:
        return SlotOutcome(newsletter=newsletter.slug, due=decision.due, fate=decision.fate)
    stories = desk().count_new(newsletter, now)
    fate = Fate.CUT if stories else Fate.EMPTY
    return SlotOutcome(newsletter=newsletter.slug, due=decision.due, fate=fate, stories=stories)


def why_skipped(newsletter: Newsletter, due: datetime, settled_at: datetime) -> str:
    """Return in words why a slot was skipped for its lateness."""
    hours, allowed = (settled_at - due).total_seconds() / 3600, newsletter.max_lateness.total_seconds() / 3600
    return f"nothing ran until {hours:,.1f} h after it, and max_lateness_hours is {allowed:.0f}"


def round_line(outcomes: Sequence[SlotOutcome], *, dry_run: bool = False) -> str:
    """Return a round's outcome in one line: 'cut 1 issue, 2 slots skipped'."""
    if not outcomes:
        return "no issue was due"
    cut = sum(one.fate is Fate.CUT for one in outcomes)
    rest = (
        (Fate.EMPTY, "without anything new"),
        (Fate.LATE, "skipped"),
        (Fate.SUPERSEDED, "superseded"),
        (Fate.CLAIMED, "failed"),
    )
    counts = [(sum(one.fate is fate for one in outcomes), words) for fate, words in rest]
    parts = [f"{count(number, 'slot')} {words}" for number, words in counts if number]
    return ", ".join([f"{'would cut' if dry_run else 'cut'} {count(cut, 'issue')}", *parts])
