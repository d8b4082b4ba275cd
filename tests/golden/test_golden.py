"""A whole small site in, the whole output folder out, byte by byte."""

from pathlib import Path

from golden.refresh import GOLDEN, make, make_issues
from support import changed, tree


def test_the_golden_site_becomes_what_it_became_before(tmp_path: Path):
    differing = changed(tree(GOLDEN / "expected"), tree(make(tmp_path)))
    assert differing == set(), "if this is meant: python tests/golden/refresh.py, and read 'git diff tests/golden'"


def test_each_design_looks_in_each_language_as_it_did_before(tmp_path: Path):
    make_issues(tmp_path)
    differing = changed(tree(GOLDEN / "issues"), tree(tmp_path))
    assert differing == set(), "if this is meant: python tests/golden/refresh.py, and read 'git diff tests/golden'"
