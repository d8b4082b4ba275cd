"""The rules for published feeds, asked of every feed of whole sites: not one problem."""

from collections import Counter

import pytest
from made_sites import MADE, made_site
from support import CONFIG

from syndicate.checks import check_document

pytestmark = pytest.mark.real
# What the docs promise: no feed is larger than this.
MAX_BYTES = 512_000


@pytest.mark.parametrize("name", MADE)
def test_no_feed_of_a_site_has_a_problem(once, request, name):
    output = made_site(name, once, request)
    found, seen = [], 0
    for path in sorted(output.rglob("*")):
        relative = path.relative_to(output).as_posix()
        if path.suffix in {".xml", ".json", ".opml"}:
            seen += 1
            url = f"{CONFIG['site']['url']}{relative}"
            found += check_document(relative, path.read_bytes(), url, max_bytes=MAX_BYTES)
    assert seen > 20
    counts = Counter(problem.reason for problem in found)
    assert counts == {}, [str(problem) for problem in found[:20]]
