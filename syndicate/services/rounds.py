"""A round: what is due of every newsletter is cut, and every slot that has come gets its one fate.

    build ─► plan ─► claim ─► cut ─────────────► publish its page
               │        └──► draft ─► approved? ──┘
               └──► settle: superseded, skipped-late, empty

The claim is recorded first. A round that is killed after it leaves the claim behind, and the next
round goes on with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syndicate.domain.cadence import next_slot, slots
from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Draft, Issue, Newsletter
from syndicate.domain.slots import Decision, Fate, decide, fates
from syndicate.domain.text import count
from syndicate.errors import TemplateError
from syndicate.ports import Ledger
from syndicate.services.issues import IssueDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOutcome:
    """What became of one slot in a round; CLAIMED is one whose issue could not be made, and `error` says why.

    With DRAFTED and HELD, the issue is one that is not out; `digest` tells its bytes from others.
    """

    newsletter: str
    due: datetime
    fate: Fate
    issue: Issue | None = None
    stories: int = 0
    is_new: bool = False
    error: str | None = None
    digest: str | None = None

    def plain(self) -> dict[str, Any]:
        """Return the outcome for JSON, as docs/reference/json.md describes it."""
        return {
            "newsletter": self.newsletter,
            "due": to_text(self.due),
            "fate": self.fate.value,
            "number": self.issue.number if self.issue else None,
            "stories": self.stories,
            "subject": self.issue.subject if self.issue else None,
            "path": issue_path(self.issue) if self.issue and self.fate is Fate.CUT else None,
            "error": self.error,
            "digest": self.digest,
        }


def issue_path(issue: Issue) -> str:
    """Return where the page of an issue stands in the output folder."""
    return f"newsletters/{issue.newsletter}/{issue.number}/index.html"


def due_decisions(ledger: Ledger, newsletter: Newsletter, now: datetime) -> tuple[Decision, ...]:
    """Return what is to become of the slots of a newsletter that have come and have no outcome."""
    recorded = fates(ledger.slots(newsletter.slug), (issue.due for issue in ledger.issues(newsletter.slug)))
    known_since = ledger.known_since(newsletter.slug) or now
    return decide(newsletter.cadence, newsletter.zone, known_since, recorded, now, newsletter.max_lateness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a round is to do about one slot: give it `fate`. With a draft, CUT lets that out.

    CLAIMED is an issue to be cut now, and DRAFTED one to be made ahead of its slot.
    """

    due: datetime
    fate: Fate
    draft: Draft | None = None


def plan_steps(ledger: Ledger, newsletter: Newsletter, now: datetime) -> tuple[Step, ...]:
    """Return what a round at `now` is to do about the slots of a newsletter, oldest first."""
    drafts = {draft.issue.due: draft for draft in ledger.drafts(newsletter.slug)}
    come = [_step(one, drafts.get(one.due), newsletter, now) for one in due_decisions(ledger, newsletter, now)]
    if not newsletter.needs_approval:
        return tuple(come)
    taken = {slot.due for slot in ledger.slots(newsletter.slug) if slot.fate is not Fate.CLAIMED} | drafts.keys()
    ahead = slots(newsletter.cadence, newsletter.zone, now, now + newsletter.draft_ahead)
    return (*come, *(Step(due=due, fate=Fate.DRAFTED) for due in ahead if due not in taken))


def _step(decision: Decision, draft: Draft | None, newsletter: Newsletter, now: datetime) -> Step:
    """Return what is to be done about a slot that has come."""
    if draft is None:
        return Step(due=decision.due, fate=decision.fate)
    may_go_out = draft.is_approved or not newsletter.needs_approval
    if may_go_out and now - decision.due <= newsletter.max_lateness:  # also when a later slot has come
        return Step(due=decision.due, fate=Fate.CUT, draft=draft)
    fate = Fate.HELD if decision.fate is Fate.CLAIMED else decision.fate
    return Step(due=decision.due, fate=fate, draft=draft)


def next_round(newsletters: Sequence[Newsletter], now: datetime) -> datetime | None:
    """Return the next moment after `now` at which a slot comes, or a draft is to be made."""
    moments = [next_slot(one.cadence, one.zone, now) for one in newsletters]
    for one in newsletters:
        if one.needs_approval and (due := next_slot(one.cadence, one.zone, now + one.draft_ahead)):
            moments.append(due - one.draft_ahead)
    return min((moment for moment in moments if moment), default=None)


def run_round(
    desk: Callable[[], IssueDesk], ledger: Ledger, newsletters: Sequence[Newsletter], now: datetime
) -> tuple[SlotOutcome, ...]:
    """Settle every slot that has come, and draft what is to be approved; `desk` is made once, if it is needed."""
    made: list[IssueDesk] = []

    def one_desk() -> IssueDesk:
        made.extend([] if made else [desk()])
        return made[0]

    return tuple(
        outcome
        for one in newsletters
        for step in plan_steps(ledger, one, now)
        if (outcome := _take(one, step, one_desk, ledger, now))
    )


def _take(
    newsletter: Newsletter, step: Step, desk: Callable[[], IssueDesk], ledger: Ledger, now: datetime
) -> SlotOutcome | None:
    """Do one step; None if there was nothing to draft yet, or somebody changed the draft meanwhile."""
    if step.draft:
        return _take_draft(newsletter, step, step.draft, ledger, now)
    if step.fate is Fate.CLAIMED:
        ledger.claim_slot(newsletter.slug, step.due, now)
    if step.fate in (Fate.CLAIMED, Fate.DRAFTED):  # a slot to come is claimed with its draft: there may be nothing new
        return _cut(newsletter, step.due, desk(), ledger, now)
    slot = ledger.settle_slot(newsletter.slug, step.due, step.fate, now)
    return SlotOutcome(newsletter=newsletter.slug, due=slot.due, fate=slot.fate)


def _take_draft(newsletter: Newsletter, step: Step, draft: Draft, ledger: Ledger, now: datetime) -> SlotOutcome | None:
    """Let a draft out, hold it, or take it back; its articles are new again then."""
    stories = ledger.story_count(draft.issue)
    if step.fate is Fate.CUT:
        is_done = ledger.publish(draft, now)
    else:
        is_done = step.fate is Fate.HELD or ledger.withdraw(draft, step.fate, now)  # not if approved meanwhile
    if not is_done:
        return None
    issue = draft.issue if step.fate in (Fate.CUT, Fate.HELD) else None
    digest = draft.digest if step.fate is Fate.HELD else None
    is_new = step.fate is Fate.CUT
    return SlotOutcome(
        newsletter=newsletter.slug,
        due=step.due,
        fate=step.fate,
        issue=issue,
        stories=stories,
        is_new=is_new,
        digest=digest,
    )


def _cut(newsletter: Newsletter, due: datetime, desk: IssueDesk, ledger: Ledger, now: datetime) -> SlotOutcome | None:
    """Make the issue of a claimed slot; a template that can't be rendered leaves the claim for the next round."""
    try:
        cut = desk.cut(newsletter, now, due, draft=newsletter.needs_approval)
    except TemplateError as error:
        return SlotOutcome(newsletter=newsletter.slug, due=due, fate=Fate.CLAIMED, error=str(error))
    if cut.issue is None:
        if due > now:  # what comes until the slot may still be drafted
            return None
        slot = ledger.settle_slot(newsletter.slug, due, Fate.EMPTY, now)
        return SlotOutcome(newsletter=newsletter.slug, due=due, fate=slot.fate)
    draft = next((one for one in ledger.drafts(newsletter.slug) if one.issue.due == due), None)
    fate = Fate.CUT if draft is None else Fate.DRAFTED if due > now else Fate.HELD
    return SlotOutcome(
        newsletter=newsletter.slug,
        due=due,
        fate=fate,
        issue=cut.issue,
        stories=cut.stories,
        is_new=cut.is_new,
        digest=draft.digest if draft else None,
    )


def foresee(
    desk: Callable[[], IssueDesk], ledger: Ledger, newsletters: Sequence[Newsletter], now: datetime
) -> tuple[SlotOutcome, ...]:
    """Return what a round would do, and do nothing: slots that would be cut bear no issue, but count its stories."""
    return tuple(
        outcome
        for newsletter in newsletters
        for step in plan_steps(ledger, newsletter, now)
        if (outcome := _foreseen(newsletter, step, desk, ledger, now))
    )


def _foreseen(
    newsletter: Newsletter, step: Step, desk: Callable[[], IssueDesk], ledger: Ledger, now: datetime
) -> SlotOutcome | None:
    if step.draft:
        stories = ledger.story_count(step.draft.issue)
        return SlotOutcome(
            newsletter=newsletter.slug,
            due=step.due,
            fate=step.fate,
            stories=stories,
            digest=step.draft.digest if step.fate is Fate.HELD else None,
        )
    if step.fate not in (Fate.CLAIMED, Fate.DRAFTED):
        return SlotOutcome(newsletter=newsletter.slug, due=step.due, fate=step.fate)
    stories = desk().count_new(newsletter, now)
    if not stories:
        return None if step.due > now else SlotOutcome(newsletter=newsletter.slug, due=step.due, fate=Fate.EMPTY)
    fate = Fate.DRAFTED if step.fate is Fate.DRAFTED else Fate.HELD if newsletter.needs_approval else Fate.CUT
    return SlotOutcome(newsletter=newsletter.slug, due=step.due, fate=fate, stories=stories)


def why_skipped(newsletter: Newsletter, due: datetime, settled_at: datetime) -> str:
    """Return in words why a slot was skipped for its lateness."""
    hours, allowed = (settled_at - due).total_seconds() / 3600, newsletter.max_lateness.total_seconds() / 3600
    why = "its issue was not out" if newsletter.needs_approval else "nothing ran until"
    return f"{why} {hours:,.1f} h after it, and max_lateness_hours is {allowed:.0f}"


def approve_command(newsletter: str, number: int | None, digest: str | None) -> str:
    """Return the command that approves these very bytes of a draft: numbers of withdrawn drafts come again."""
    return f"syndicate issue approve {newsletter} {number} --digest {digest}"


def round_line(outcomes: Sequence[SlotOutcome], *, dry_run: bool = False) -> str:
    """Return a round's outcome in one line: 'cut 1 issue, 2 slots skipped'."""
    if not outcomes:
        return "no issue was due"
    cut = sum(one.fate is Fate.CUT for one in outcomes)
    rest = (
        (Fate.EMPTY, "without anything new"),
        (Fate.LATE, "skipped"),
        (Fate.SUPERSEDED, "superseded"),
        (Fate.DRAFTED, "drafted"),
        (Fate.HELD, "held"),
        (Fate.CLAIMED, "failed"),
    )
    counts = [(sum(one.fate is fate for one in outcomes), words) for fate, words in rest]
    parts = [f"{count(number, 'slot')} {words}" for number, words in counts if number]
    return ", ".join([f"{'would cut' if dry_run else 'cut'} {count(cut, 'issue')}", *parts])
