"""Why each article is in an issue or not, in words and for machines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from syndicate.domain.articles import ArticlePath, EntryId, Status
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Issue, Newsletter
from syndicate.domain.selection import Aside, Outcome, Selection, Verdict, why
from syndicate.ports import Ledger
from syndicate.services.collect import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What became of one article in the making of an issue, and `why` in words.

    `outcome` is a word of Outcome, or the status of an article that is not published; `rule` is the setting
    that it did not fit by, `topic` its section, `folded_into` the path of the story that stands for it, `issue` the
    number of the earlier issue that settled it.
    """

    path: str
    id: EntryId | None
    outcome: str
    why: str
    rule: str | None = None
    topic: str | None = None
    folded_into: str | None = None
    issue: int | None = None

    def plain(self) -> dict[str, Any]:
        """Return it for JSON, as docs/reference/json.md describes it."""
        return {
            "path": self.path,
            "id": self.id,
            "outcome": self.outcome,
            "rule": self.rule,
            "topic": self.topic,
            "folded_into": self.folded_into,
            "issue": self.issue,
            "why": self.why,
        }


def explain(selection: Selection, snapshot: Snapshot, newsletter: Newsletter) -> tuple[Explained, ...]:
    """Explain a selection: what is in the issue in its order, the other published articles, those that are held."""
    known = {identity.id: identity.path for identity in snapshot.identities.values()}
    return (
        *(_explained(verdict, snapshot.identities, known, newsletter) for verdict in selection.verdicts),
        *_unpublished(snapshot),
    )


def explain_issue(ledger: Ledger, issue: Issue) -> tuple[Explained, ...]:
    """Explain an issue by what is recorded with it: its stories, what is folded into them, and what it dropped."""
    settled = {key: one for key, one in ledger.settled(issue.newsletter).items() if one.number == issue.number}
    paths = {identity.id: identity.path for identity in ledger.identities() if identity.id in settled}
    return tuple(_recorded(key, one.aside, paths) for key, one in settled.items())


def _explained(
    verdict: Verdict,
    identities: Mapping[ArticlePath, Identity],
    known: Mapping[EntryId, str],
    newsletter: Newsletter,
) -> Explained:
    into = verdict.story
    if verdict.settled and verdict.settled.aside and verdict.settled.aside.story:
        into = ArticlePath(known.get(verdict.settled.aside.story, verdict.settled.aside.story))
    rule = verdict.rule or (verdict.settled and verdict.settled.aside and verdict.settled.aside.rule)
    return Explained(
        path=verdict.article.path,
        id=identities[verdict.article.path].id,
        outcome=verdict.outcome.value,
        why=why(verdict, newsletter),
        rule=rule.value if rule else None,
        topic=verdict.topic.label if verdict.topic else None,
        folded_into=into,
        issue=verdict.settled.number if verdict.settled else None,
    )


def _unpublished(snapshot: Snapshot) -> Iterable[Explained]:
    """Yield the articles that can be in no issue now: drafts, those of later, copies of others."""
    for file in snapshot.collection.files:
        if file.status is Status.HELD:
            yield Explained(path=file.path, id=None, outcome=file.status.value, why=f"not published: {file.reason}")
        elif file.status is Status.DUPLICATE:
            yield Explained(
                path=file.path, id=None, outcome=file.status.value, why=f"not published: a copy of {file.original}"
            )


def _recorded(identifier: EntryId, aside: Aside | None, paths: Mapping[EntryId, str]) -> Explained:
    def path_of(one: EntryId) -> str:
        return paths.get(one, one)  # a ledger that was imported in part may not know an article any more

    path = path_of(identifier)
    if aside is None:
        return Explained(path=path, id=identifier, outcome=Outcome.IN.value, why="in the issue")
    if aside.story:
        into = path_of(aside.story)
        words = f"folded into {into}, which says nearly the same"
        return Explained(path=path, id=identifier, outcome=Outcome.FOLDED.value, why=words, folded_into=into)
    rule = aside.rule.value if aside.rule else None
    return Explained(path=path, id=identifier, outcome=Outcome.DROPPED.value, why=f"dropped: {rule}", rule=rule)
