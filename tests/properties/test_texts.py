"""Slugs, addresses and dates: whatever goes in, what comes out is safe, and the same again when it goes in again."""

import random
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.domain.moments import from_text, to_text
from syndicate.domain.slugs import MAX_LENGTH, assign_slugs, slugify
from syndicate.domain.text import one_line, scrub
from syndicate.domain.urls import clean_address, comparable, join_site, resolve
from syndicate.parsing.dates import moment_in_name, parse_moment

FIRST, LAST = datetime(1901, 1, 1), datetime(9997, 1, 1)
quick = settings(max_examples=200, deadline=None)
ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]).map(
    ZoneInfo
)
ANY_TEXT = st.text() | st.text(st.characters())
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
# Labels that are likely to want one slug, or the marked slug of another.
LABELS = st.text("aAbé-!? +#", max_size=4)


@st.composite
def rival_labels(draw: st.DrawFn) -> list[str]:
    """Return labels, among them some spelled like slugs that others are given."""
    labels = draw(st.lists(LABELS, min_size=1, max_size=8, unique=True))
    slugs = list(assign_slugs(labels, {}).values())
    return list(dict.fromkeys([*labels, *draw(st.lists(st.sampled_from(slugs), max_size=4))]))


@quick
@given(ANY_TEXT)
def test_a_slug_is_safe_in_addresses_and_as_a_file_name(text: str) -> None:
    slug = slugify(text)
    assert SLUG.fullmatch(slug)
    assert len(slug) <= MAX_LENGTH + 7
    assert slug not in DEVICES


@quick
@given(ANY_TEXT)
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slugify(slugify(text)) == slugify(text)


@quick
@given(rival_labels(), st.randoms(use_true_random=False))
def test_labels_have_slugs_of_their_own_whatever_their_order(labels: list[str], random: random.Random) -> None:
    assigned = assign_slugs(labels, {})
    assert assigned.keys() == set(labels)
    assert len(set(assigned.values())) == len(labels)
    shuffled = list(labels)
    random.shuffle(shuffled)
    assert assign_slugs(shuffled, {}) == assigned


@quick
@given(rival_labels(), rival_labels())
def test_labels_that_come_later_take_nothing_from_those_that_were_there(first: list[str], later: list[str]) -> None:
    remembered = assign_slugs(first, {})
    assigned = assign_slugs([*first, *later], remembered)
    assert {label: assigned[label] for label in first} == remembered
    assert len(set(assigned.values())) == len(set(first) | set(later))


@quick
@given(rival_labels(), rival_labels(), st.sampled_from(["a", "b", "a-b", "x"]))
def test_a_chosen_slug_is_nobody_elses(first: list[str], later: list[str], chosen: str) -> None:
    remembered = assign_slugs(first, {})
    labels = list(dict.fromkeys([*first, *later]))
    assigned = assign_slugs(labels, remembered, {labels[0]: chosen})
    assert assigned[labels[0]] == chosen
    assert len(set(assigned.values())) == len(labels)


@quick
@given(ANY_TEXT)
def test_text_is_scrubbed_once_and_for_all(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)
    line = one_line(text)
    assert (one_line(line), scrub(line)) == (line, line)
    assert line.split() == scrub(text).split()


@quick
@given(st.text())
def test_a_path_never_leaves_the_site(path: str) -> None:
    address = join_site("https://example.org/sub/", path)
    assert address.startswith("https://example.org/sub/")
    segments = address.partition("?")[0].partition("#")[0].split("/")
    assert ".." not in segments
    assert address.isascii()


@quick
@given(st.text())
def test_an_address_is_encoded_once(text: str) -> None:
    cleaned = clean_address(text)
    assert clean_address(cleaned) == cleaned
    assert not re.search(r'[\s"<>\\]', cleaned)


@quick
@given(
    st.sampled_from(["", "/", "//", "./", "../", "#", "?", "https:", "javascript:", "data:", "[", "a", "é"]), st.text()
)
def test_a_reference_is_an_address_of_the_web_or_of_a_person_or_nothing(start: str, rest: str) -> None:
    absolute = resolve("https://example.org/a/b/", start + rest)
    assert absolute is None or urlsplit(absolute).scheme in ("http", "https", "mailto", "tel")


@quick
@given(
    st.from_regex(
        r"https?://(www\.)?[a-z]{1,3}\.(org|com)(/[a-z]{0,3}){0,3}(\?[a-z]=[0-9](&utm_source=x)?)?(#[a-z])?",
        fullmatch=True,
    )
)
def test_what_addresses_have_in_common_has_itself_in_common(address: str) -> None:
    common = comparable(address)
    assert comparable(common) == common
    assert comparable(f"{address.partition('#')[0]}#other") == common


@quick
@given(ANY_TEXT, ZONES)
def test_any_text_names_a_moment_in_utc_or_none(text: str, zone: ZoneInfo) -> None:
    for moment in (parse_moment(text, zone), moment_in_name(text, zone)):
        assert moment is None or moment.tzinfo is UTC


@quick
@given(st.text("0123456789-/.: TZ+,aprMarch\xa0", max_size=30), ZONES)
def test_what_looks_like_a_date_names_a_moment_in_utc_or_none(text: str, zone: ZoneInfo) -> None:
    moment = parse_moment(text, zone)
    assert moment is None or (moment.tzinfo is UTC and 1899 <= moment.year <= 9999)


@quick
@given(ZONES.flatmap(lambda zone: st.datetimes(FIRST, LAST, timezones=st.just(zone), allow_imaginary=False)))
def test_a_moment_is_read_as_it_is_written(written: datetime) -> None:
    moment = written.astimezone(UTC)
    assert parse_moment(written.isoformat(), ZoneInfo("UTC")) == moment
    assert parse_moment(written, ZoneInfo("UTC")) == moment
    assert from_text(to_text(written)) == moment
