"""Near-identical stories: what counts as the same story told by another brand."""

import pytest
from makers import make_article

from syndicate.domain.similarity import gist_of, is_near

SUMMARY = "The ferry that leaves at nine and the one that leaves at ten met in the middle of the harbour on Monday."


def near(one: tuple[str, str | None], other: tuple[str, str | None], threshold: int = 90) -> bool:
    gists = [gist_of(make_article(title=title, summary=summary)) for title, summary in (one, other)]
    return is_near(*gists, threshold)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("Two ferries meet", SUMMARY), ("Two Ferries Meet!", SUMMARY), True),
        (("Two ferries meet", SUMMARY), ("Ferries, two, meet", SUMMARY), True),
        (("Two ferries meet", None), ("Two Ferries meet", SUMMARY), True),
        (("Harbour United beat Tidewater", None), ("Tidewater beat Harbour United", None), False),
        (("Release 2.1 is out", SUMMARY), ("Release 2.2 is out", SUMMARY), False),
        (("Two ferries meet", SUMMARY), ("Two ferries meet", "Bread is dearer than it was, says the baker."), False),
    ],
)
def test_what_is_the_same_story(one: tuple[str, str | None], other: tuple[str, str | None], is_same: bool) -> None:
    assert near(one, other) is near(other, one) is is_same
