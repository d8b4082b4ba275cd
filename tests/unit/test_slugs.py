"""Slugs: safe in every address and on every file system, and each label's own."""

import hashlib

import pytest

from syndicate.domain.slugs import MAX_LENGTH, assign_slugs, slugify


def mark(label: str) -> str:
    """Return the six digits that tell one label from another."""
    return hashlib.blake2b(label.encode(), digest_size=3).hexdigest()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Tea", "tea"),
        ("  Night   Sky  ", "night-sky"),
        ("Bread & Baking", "bread-and-baking"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("100% wool", "100-percent-wool"),
        ("@home", "at-home"),
        ("Gran's gate", "grans-gate"),
        ("Gran’s gate", "grans-gate"),
        ("Healthcare IT News: Telehealth", "healthcare-it-news-telehealth"),
        ("Crème brûlée", "creme-brulee"),
        ("Straße", "strasse"),
        ("Новости", "novosti"),
        ("日本語", "ribenyu"),
        ("a/b\\c", "a-b-c"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("a--b__c", "a-b-c"),
        ("2026", "2026"),
        ("İstanbul", "istanbul"),
    ],
)
def test_a_text_gives_a_slug_that_people_would_write(text: str, slug: str) -> None:
    assert slugify(text) == slug


@pytest.mark.parametrize("text", ["", "   ", "!!!", "---", "/", "..", "\u0301", "\x00"])
def test_a_text_without_letters_still_gives_a_slug_of_its_own(text: str) -> None:
    assert slugify(text) == f"x-{mark(text)}"


@pytest.mark.parametrize("name", ["con", "CON", "prn", "aux", "nul", "com1", "LPT9", "com0"])
def test_a_name_that_windows_keeps_for_a_device_is_marked(name: str) -> None:
    assert slugify(name) == f"{name.lower()}-{mark(name)}"


@pytest.mark.parametrize("name", ["console", "com", "lpt10", "null"])
def test_a_name_that_only_looks_like_a_device_is_not_marked(name: str) -> None:
    assert slugify(name) == name


def test_a_long_text_is_cut_and_marked() -> None:
    long, other = "word " * 40, "word " * 41
    assert len(slugify(long)) <= MAX_LENGTH
    assert slugify(long).endswith(mark(long))
    assert slugify(long) != slugify(other)
    assert slugify("a" * MAX_LENGTH) == "a" * MAX_LENGTH


def test_the_mark_of_a_cut_slug_does_not_follow_two_hyphens() -> None:
    text = f"{'a' * (MAX_LENGTH - 8)} {'b' * 40}"
    assert "--" not in slugify(text)


def test_labels_with_slugs_of_their_own_get_them_plain() -> None:
    assert assign_slugs(["Tea", "Night Sky"], {}) == {"Tea": "tea", "Night Sky": "night-sky"}


def test_a_remembered_slug_is_kept_whatever_the_label_would_give() -> None:
    assert assign_slugs(["Tea"], {"Tea": "hot-drinks"}) == {"Tea": "hot-drinks"}


def test_a_slug_that_is_remembered_for_another_label_is_not_given_again() -> None:
    assigned = assign_slugs(["tea"], {"gone": "tea"})
    assert assigned == {"tea": f"tea-{mark('tea')}"}


def test_of_rivals_only_the_one_that_spells_the_slug_out_gets_it_plain() -> None:
    assert assign_slugs(["tea", "tea!"], {}) == {"tea": "tea", "tea!": f"tea-{mark('tea!')}"}


def test_rivals_that_none_spells_out_are_all_marked() -> None:
    labels = ["téa", "tèa"]
    assert assign_slugs(labels, {}) == {label: f"tea-{mark(label)}" for label in labels}


def test_a_label_spelled_like_the_marked_slug_of_another_does_not_share_it() -> None:
    marked = f"tea-{mark('tea~')}"
    labels = [marked, "tea?", "tea~"]
    assigned = assign_slugs(labels, {})
    assert len(set(assigned.values())) == len(labels)


def test_a_label_whose_marked_slug_is_remembered_for_another_does_not_share_it() -> None:
    remembered = {"gone": f"tea-{mark('téa')}", "also gone": "tea"}
    assert assign_slugs(["téa"], remembered)["téa"] not in remembered.values()


def test_what_is_remembered_of_labels_that_are_gone_is_not_returned() -> None:
    assert assign_slugs(["a", "b"], {"a": "one", "b": "two", "c": "three"}) == {"a": "one", "b": "two"}
