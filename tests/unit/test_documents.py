"""From bytes to front matter and body: every notation, and every reason why a file is none."""

import codecs
from itertools import pairwise
from typing import Any

import pytest
from makers import front

from syndicate.parsing.documents import MAX_FRONT_MATTER_CHARS, Document, Rejection, read_document

CLOSED = "---\ntitle: Tea\n---\n"


def read(text: str | bytes, **options: Any) -> Document:
    return read_document(text.encode() if isinstance(text, str) else text, **options)


def refused(text: str | bytes, **options: Any) -> Rejection:
    with pytest.raises(Rejection) as caught:
        read(text, **options)
    return caught.value


class TestNotations:
    @pytest.mark.parametrize(
        "text",
        [
            "---\ntitle: Tea\n---\nText.\n",
            "---\r\ntitle: Tea\r\n---\r\nText.\r\n",
            "---\rtitle: Tea\r---\rText.\r",
            "\ufeff---\ntitle: Tea\n---\nText.\n",
            "\n\n  \n---\ntitle: Tea\n---\nText.",
            "-----\ntitle: Tea\n-----\nText.",
            "--- \t\ntitle: Tea\n---  \nText.",
            "---\ntitle: Tea\n...\nText.",
            "---\ntitle: Tea\n----------\nText.",
            '+++\ntitle = "Tea"\n+++\nText.\n',
            '+++\r\ntitle = "Tea"\r\n+++\r\nText.\r\n',
            '\ufeff\n+++\ntitle = "Tea"\n+++\nText.\n',
            '{"title": "Tea"}\nText.',
            '{\n  "title": "Tea"\n}\n\nText.\n',
            '\ufeff{"title": "Tea"}Text.',
        ],
    )
    def test_front_matter_and_body_are_taken_apart(self, text: str) -> None:
        document = read(text)
        assert document.metadata == {"title": "Tea"}
        assert document.body.strip() == "Text."
        assert document.repeated_keys == ()

    def test_the_first_closing_fence_ends_the_front_matter(self) -> None:
        assert read(f"{CLOSED}One\n\n---\n\nTwo\n...\n").body.strip() == "One\n\n---\n\nTwo\n..."
        assert read('+++\ntitle = "Tea"\n+++\nOne\n+++\nTwo').body == "One\n+++\nTwo"

    @pytest.mark.parametrize("line", ["  ---", "--- x", "text: a --- b", "- ---", "--"])
    def test_a_line_that_only_looks_like_a_fence_does_not(self, line: str) -> None:
        document = read(f"---\ntitle: |\n  {line}\n---\nText.")
        assert (document.metadata, document.body) == ({"title": f"{line.strip()}\n"}, "Text.")

    def test_front_matter_may_be_all_there_is(self) -> None:
        assert read("---\ntitle: Tea\n---").metadata == {"title": "Tea"}
        assert read("---\ntitle: Tea\n---").body == ""

    def test_empty_front_matter_is_empty(self) -> None:
        document = read("---\n---\nText.")
        assert (document.metadata, document.body) == ({}, "Text.")

    def test_dates_stay_as_they_are_written(self) -> None:
        text = "---\na: 2026-03-01\nb: 2016-05-23 10:00:16 -0400\nc: 2017-02-29\n---\n"
        assert read(text).metadata == {"a": "2026-03-01", "b": "2016-05-23 10:00:16 -0400", "c": "2017-02-29"}

    def test_words_that_yaml_once_took_for_flags_stay_words(self) -> None:
        assert read("---\na: yes\nb: no\nc: on\nd: true\n---\n").metadata == {
            "a": "yes",
            "b": "no",
            "c": "on",
            "d": True,
        }

    def test_toml_has_dates_of_its_own(self) -> None:
        metadata = read("+++\na = 2026-03-01\nb = 2026-03-01T08:00:00Z\n[c]\nd = 1\n+++\n").metadata
        assert [str(metadata["a"]), str(metadata["b"]), metadata["c"]] == [
            "2026-03-01",
            "2026-03-01 08:00:00+00:00",
            {"d": 1},
        ]

    def test_a_value_may_go_on_at_the_margin(self) -> None:
        assert read('---\ntitle: "Tea for\ntwo"\ndate: 2017-02-29\n---\nText.').metadata == {
            "title": "Tea for two",
            "date": "2017-02-29",
        }

    def test_a_tab_after_a_quoted_value_is_let_pass(self) -> None:
        assert read('---\ntitle: "Tea"\t\nslug: tea\n---\n').metadata == {"title": "Tea", "slug": "tea"}

    def test_the_names_of_python_in_yaml_make_no_objects(self) -> None:
        metadata = read(
            "---\na: !!python/object/apply:os.system ['true']\nb: !!python/name:os.system x\n---\n"
        ).metadata
        assert {type(value) for value in metadata.values()} <= {str, list}


class TestHeaderLines:
    def header(self, text: str) -> Document:
        return read(text, header_lines=True)

    def test_key_and_value_lines_count_if_they_are_asked_for(self) -> None:
        document = self.header("Title: Tea\nDate: 2026-03-01 08:00\nSlug:tea\n\nOne.\n\nTwo.\n")
        assert document.metadata == {"title": "Tea", "date": "2026-03-01 08:00", "slug": "tea"}
        assert document.body == "One.\n\nTwo."

    def test_they_do_not_count_by_themselves(self) -> None:
        assert refused("Title: Tea\n\nText.").reason == "no-front-matter"

    def test_an_indented_line_goes_on(self) -> None:
        assert self.header("Title: Tea\n    for two\nDate: x\n\nText.").metadata == {
            "title": "Tea for two",
            "date": "x",
        }

    def test_tags_and_authors_are_lists(self) -> None:
        metadata = self.header("Title: Tea\nTags: hot, green ,\nAuthors: Ann Lee; Bo\n\nText.").metadata
        assert metadata == {"title": "Tea", "tags": ["hot", "green"], "authors": ["Ann Lee", "Bo"]}

    def test_fences_count_as_well(self) -> None:
        assert self.header(front()).metadata == {"title": "Tea", "date": "2026-03-01"}

    def test_a_line_of_spaces_is_blank(self) -> None:
        document = self.header("Title: Tea\n  \nText.\n\nMore.")
        assert (document.metadata, document.body) == ({"title": "Tea"}, "Text.\n\nMore.")

    def test_the_first_line_that_is_none_of_them_begins_the_body(self) -> None:
        document = self.header("Title: Tea\nDate: 2026-03-01\nText begins here.\n\nMore.")
        assert (document.metadata, document.body) == (
            {"title": "Tea", "date": "2026-03-01"},
            "Text begins here.\n\nMore.",
        )

    def test_a_text_is_no_header(self) -> None:
        assert refused("Just a text.\n\nMore.", header_lines=True).reason == "no-front-matter"


class TestBytes:
    def test_bytes_that_are_no_utf8_are_told_with_their_place(self) -> None:
        rejection = refused("---\ntitle: Café\n---\n".encode("latin-1"))
        assert (rejection.reason, rejection.line) == ("not-utf8", 2)
        assert rejection.what == "expected UTF-8, got byte 0xe9 at offset 14"
        assert rejection.hint == "save the file as UTF-8, or name its encoding in sources[].fallback_encoding"

    def test_the_wrong_byte_is_named_behind_a_byte_order_mark_too(self) -> None:
        rejection = refused(codecs.BOM_UTF8 + "---\ntitle: Café\n---\n".encode("latin-1"))
        assert rejection.what == "expected UTF-8, got byte 0xe9 at offset 14"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
    def test_wider_encodings_are_no_utf8(self, encoding: str) -> None:
        assert refused(CLOSED.encode(encoding)).reason == "not-utf8"

    @pytest.mark.parametrize("encoding", ["windows-1252", "latin-1", "cp437"])
    def test_another_encoding_is_read_if_it_is_named(self, encoding: str) -> None:
        text = "---\ntitle: Café\n---\n"
        assert read(text.encode(encoding), fallback_encoding=encoding).metadata == {"title": "Café"}

    def test_utf8_stays_utf8_where_another_encoding_is_named(self) -> None:
        assert read("---\ntitle: Café\n---\n", fallback_encoding="latin-1").metadata == {"title": "Café"}

    @pytest.mark.parametrize(
        "encoding", ["ascii", "utf-16", "shift_jis", "utf-7", "idna", "punycode", "unicode_escape"]
    )
    def test_bytes_that_no_encoding_reads_are_refused_and_nothing_else(self, encoding: str) -> None:
        data = b"---\ntitle: \xff\xd8\n---\nText."
        assert self.body_or_reason(data, encoding) in (
            "Text.",
            "bad-yaml",
            "no-front-matter",
            "front-matter-not-closed",
            "not-utf8",
        )

    def body_or_reason(self, data: bytes, encoding: str) -> str:
        try:
            return read(data, fallback_encoding=encoding).body
        except Rejection as rejection:
            return rejection.reason


# Each: the file, then reason, words, hint and line of what is told.
MEND = "mend the line, or put the value in quotes"
REFUSALS: dict[str, tuple[str | bytes, str, str, str, int]] = {
    "nothing": (b"", "empty-file", "the file is empty", "write an article into it or remove it", 1),
    "white space": (
        "\ufeff\n \t\n".encode(),
        "empty-file",
        "the file is empty",
        "write an article into it or remove it",
        1,
    ),
    "a text": (
        "Just a text.\nMore.",
        "no-front-matter",
        "expected front matter between --- lines at the top, got 'Just a text.'",
        "begin the file with ---, title and date lines, and ---",
        1,
    ),
    "two dashes": (
        "--\ntitle: Tea\n--\n",
        "no-front-matter",
        "expected front matter between --- lines at the top, got '--'",
        "begin the file with ---, title and date lines, and ---",
        1,
    ),
    "an unclosed fence": (
        "---\ntitle: Tea\n\nText.\n",
        "front-matter-not-closed",
        "expected a second --- line after the front matter, found none",
        "add a line --- where the front matter ends",
        1,
    ),
    "a fence alone": (
        "---",
        "front-matter-not-closed",
        "expected a second --- line after the front matter, found none",
        "add a line --- where the front matter ends",
        1,
    ),
    "an unclosed fence below blank lines": (
        "\n\n---\ntitle: Tea\n",
        "front-matter-not-closed",
        "expected a second --- line after the front matter, found none",
        "add a line --- where the front matter ends",
        3,
    ),
    "an unclosed TOML fence": (
        '+++\ntitle = "Tea"\n---\n',
        "front-matter-not-closed",
        "expected a second +++ line after the front matter, found none",
        "add a line +++ where the front matter ends",
        1,
    ),
    "YAML that is a text": (
        "---\njust words\n---\n",
        "front-matter-not-a-mapping",
        "expected lines like 'title: …', got 'just words'",
        "write each value as 'key: value'",
        2,
    ),
    "YAML that is a list": (
        "\n---\n- a\n- b\n---\n",
        "front-matter-not-a-mapping",
        "expected lines like 'title: …', got '- a'",
        "write each value as 'key: value'",
        3,
    ),
    "a colon in YAML": (
        "---\ntitle: Tea: for two\n---\n",
        "bad-yaml",
        "mapping values are not allowed in this context",
        MEND,
        2,
    ),
    "a colon in YAML below blank lines": (
        "\n\n---\nslug: tea\ntitle: Tea: for two\n---\n",
        "bad-yaml",
        "mapping values are not allowed in this context",
        MEND,
        5,
    ),
    "an unknown alias": ("---\ntitle: *tea\n---\n", "bad-yaml", "while parsing node, found unknown anchor", MEND, 2),
    "a list that is not closed": (
        "---\ntags: [a, b\n---\n",
        "bad-yaml",
        "while parsing a flow sequence, expected ',' or ']'",
        MEND,
        3,
    ),
    "TOML without quotes": ("+++\ntitle = Tea\n+++\n", "bad-toml", "Invalid value", MEND, 2),
    "a TOML key that stands twice": (
        "+++\ntitle = 'a'\ntitle = 'b'\n+++\n",
        "bad-toml",
        "Cannot overwrite a value",
        MEND,
        3,
    ),
    "JSON without quotes": (
        "{title: 1}",
        "bad-json",
        "Expecting property name enclosed in double quotes",
        "mend the object at the top of the file",
        1,
    ),
    "JSON that is not closed": (
        '\n{\n"title": "Tea"\n',
        "bad-json",
        "Expecting ',' delimiter",
        "mend the object at the top of the file",
        3,
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_no_article_is_refused_with_its_reason(name: str) -> None:
    text, reason, what, hint, line = REFUSALS[name]
    rejection = refused(text)
    assert (rejection.reason, rejection.what, rejection.hint, rejection.line) == (reason, what, hint, line)


class TestSize:
    def fenced(self, size: int) -> str:
        """Return an article whose front matter has so many characters."""
        return f"---\na: {'x' * (size - 4)}\n---\n"

    def test_front_matter_may_be_large(self) -> None:
        assert len(read(self.fenced(MAX_FRONT_MATTER_CHARS)).metadata["a"]) == MAX_FRONT_MATTER_CHARS - 4

    @pytest.mark.parametrize("form", ["yaml", "json"])
    def test_front_matter_beyond_measure_is_refused(self, form: str) -> None:
        size = MAX_FRONT_MATTER_CHARS + 1
        text = self.fenced(size) if form == "yaml" else '{"a": "' + "x" * (size - 9) + '"}'
        rejection = refused(text)
        assert rejection.reason == "front-matter-too-large"
        assert rejection.what == "expected at most 1,000,000 characters of front matter, got 1,000,001"
        assert (rejection.hint, rejection.line) == ("move the text into the body", 1)


def aliases(levels: int) -> str:
    """Return YAML whose few lines stand for 9 to the power of `levels` values."""
    names = [f"n{number}" for number in range(levels + 1)]
    lines = [f"{names[0]}: &{names[0]} [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]" for below, name in pairwise(names)]
    return "---\ntitle: Tea\n" + "\n".join(lines) + "\n---\n"


HOSTILE = {
    "lists": f"---\na: {'[' * 20_000}{']' * 20_000}\n---\n",
    "maps": f"---\na: {'{a: ' * 20_000}{'}' * 20_000}\n---\n",
    "dashes": f"---\na:\n  {'- ' * 20_000}x\n---\n",
    "indents": "---\n" + "".join(f"{' ' * depth}a:\n" for depth in range(1200)) + "---\n",
    "lists that only libyaml reads": f'---\nb: "x\ny"\na: {"[" * 20_000}{"]" * 20_000}\n---\n',
    "aliases": aliases(9),
    "aliases that only libyaml reads": aliases(9).replace("title: Tea", 'title: "Tea for\ntwo"'),
    "an alias of itself": "---\na: &a [*a]\n---\n",
    "TOML lists": f"+++\na = {'[' * 20_000}{']' * 20_000}\n+++\n",
    "TOML tables": f"+++\na = {'{a = ' * 20_000}1{'}' * 20_000}\n+++\n",
    "JSON lists": f'{{"a": {"[" * 100_000}{"]" * 100_000}}}',
    "JSON maps": '{"a": ' * 100_000 + "1" + "}" * 100_000,
    "a number without end in YAML": f"---\na: {'9' * 50_000}\n---\n",
    "a number without end in JSON": f'{{"a": {"9" * 50_000}}}',
    "a number without end in TOML": f"+++\na = {'9' * 50_000}\n+++\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_hurt_is_refused(name: str) -> None:
    rejection = refused(HOSTILE[name])
    assert rejection.reason in ("bad-yaml", "bad-toml", "bad-json")


@pytest.mark.parametrize("name", ["TOML lists", "TOML tables", "JSON lists", "a number without end in JSON"])
def test_a_refusal_is_in_the_words_of_authors(name: str) -> None:
    what = refused(HOSTILE[name]).what
    assert not any(word in what for word in ("recursion", "int_max_str_digits", "sys.", "Python"))


def test_a_few_aliases_are_fine() -> None:
    assert read("---\na: &x [tea]\nb: *x\n---\n").metadata == {"a": ["tea"], "b": ["tea"]}


class TestRepeatedKeys:
    @pytest.mark.parametrize(
        ("lines", "repeated"),
        [
            ("a: 1\na: 2", ("a",)),
            ("a: 1\nb: 1\na: 2\nb: 3\nb: 4", ("a", "b")),
            ("a:\n  x: 1\nb:\n  x: 2", ()),
            ("a: |\n  b: 1\n  b: 2", ()),
            ("a: 1\nA: 2", ()),
            ("# a: 1\na: 2", ()),
        ],
    )
    def test_they_are_told_and_the_last_one_counts(self, lines: str, repeated: tuple[str, ...]) -> None:
        assert read(f"---\n{lines}\n---\nText.").repeated_keys == repeated

    def test_lines_of_the_body_are_none(self) -> None:
        body = "note: a\nnote: b\n" + "\n" * 60
        assert read(f"---\ntitle: Tea\n---\n{body}").repeated_keys == ()

    def test_a_text_that_goes_on_at_the_margin_is_none(self) -> None:
        assert read('---\ntitle: "Tea\nnote: one\nnote: two"\n---\n').repeated_keys == ()

    def test_of_very_many_each_is_named_once(self) -> None:
        assert read("---\n" + "a:\n" * 60_000 + "---\n").repeated_keys == ("a",)


class TestLines:
    def test_a_key_is_found_in_every_notation(self) -> None:
        assert read("\n---\ntitle: Tea\nDate : 2026-03-01\n'slug': x\n---\n").line_of("date") == 4
        assert read("---\ntitle: Tea\n'slug': x\n---\n").line_of("slug") == 3
        assert read('+++\ntitle = "Tea"\ndate = 2026-03-01\n+++\n').line_of("date") == 3
        assert read('{\n  "title": "Tea",\n  "date": "x"\n}').line_of("date") == 3

    def test_a_key_that_is_not_there_has_no_line(self) -> None:
        assert read(CLOSED).line_of("date") is None

    def test_a_key_that_only_the_body_has_has_no_line(self) -> None:
        assert read(f"{CLOSED}date: never\n").line_of("date") is None

    def test_a_key_within_another_is_not_the_one_at_the_margin(self) -> None:
        assert read("---\nimage:\n  title: A cup\ntitle: Tea\n---\n").line_of("title") == 4

    def test_a_line_of_the_body_is_counted_in_the_file(self) -> None:
        assert read(f"\n{CLOSED}\n\nOne\nTwo\n").body_line(2) == 8

    def test_a_body_that_repeats_itself_is_counted_from_its_start(self) -> None:
        body = "the same line again\n" * 60
        assert read(f"{CLOSED}{body}").body_line(1) == 4
