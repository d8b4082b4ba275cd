"""The words and dates of a newsletter's language, from catalogues that may hold anything."""

import ast
import io
import itertools
import string
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from golden.designs import LANGUAGES
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from syndicate.adapters.templates import load_templates
from syndicate.errors import TemplateError
from syndicate.newsletters.words import FOLDER, words_of

ROOT = Path(__file__).parents[2]
TEMPLATES, _ = load_templates(Path("no templates of one's own"))
TRANSLATED = [language for language in LANGUAGES if language != "en"]
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLURAL = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
HINT = "(compare it with newsletter/languages/de.po, or look at it with 'msgfmt --check')"


def sentences() -> Iterator[str | tuple[str, ...]]:
    """Yield each sentence that templates and code ask for, as the libraries' own extractors find them."""
    for name, source in TEMPLATES.items():
        if name.startswith("newsletter/") and name.endswith((".html", ".txt")):
            for _, _, message in extract_from_ast(Environment().parse(source), ("_", "ngettext")):
                texts = (message,) if isinstance(message, str) else message
                found = tuple(text for text in texts if text)
                yield found[0] if len(found) == 1 else found
    for module in sorted((ROOT / "syndicate/newsletters").glob("*.py")):
        yield from sentences_in(module.read_bytes())


def sentences_in(source: bytes) -> Iterator[str | tuple[str, ...]]:
    """Yield each sentence that a module asks for."""
    options: dict[str, str] = {}
    for _, _, message, _ in extract_python(io.BytesIO(source), {"gettext": None, "ngettext": None}, [], options):
        if isinstance(message, str):
            yield message
    for node in ast.walk(ast.parse(source)):  # sentences with a long plural have names: one, many
        match node:
            case ast.Assign(
                targets=[ast.Tuple(elts=[ast.Name("one"), ast.Name("many")])],
                value=ast.Tuple(elts=[ast.Constant(str(one)), ast.Constant(str(many))]),
            ):
                yield one, many


SENTENCES = sorted(set(sentences()), key=str)


def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO(TEMPLATES[f"{FOLDER}{language}.po"].encode()), abort_invalid=True)


def told(source: str) -> str:
    with pytest.raises(TemplateError) as caught:
        words_of({f"{FOLDER}fr.po": source}, "fr")
    return str(caught.value)


class TestWhatComesWithUs:
    def test_the_sentences_are_found(self) -> None:
        assert {"Unsubscribe", "In this issue", ", ", "%(newsletter)s: %(story)s"} <= set(SENTENCES)
        assert ("%(count)d story", "%(count)d stories") in SENTENCES
        assert any(isinstance(one, tuple) and one[0].endswith("more story") for one in SENTENCES)

    @pytest.mark.parametrize("language", TRANSLATED)
    @pytest.mark.parametrize("sentence", SENTENCES, ids=str)
    def test_every_sentence_has_a_translation(self, sentence: str | tuple[str, ...], language: str) -> None:
        found = catalogue(language).get(sentence)
        assert found is not None
        texts = (found.string,) if isinstance(found.string, str) else tuple(found.string)
        assert all(texts)
        assert len(texts) == (1 if isinstance(sentence, str) else catalogue(language).num_plurals)
        assert not found.fuzzy

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_no_translation_is_left_over(self, language: str) -> None:
        assert sorted((message.id for message in catalogue(language) if message.id), key=str) == SENTENCES

    @pytest.mark.parametrize("language", TRANSLATED)
    def test_numbers_are_counted_as_unicode_counts_them(self, language: str) -> None:
        """The order of the forms is that of gettext's own table; here it is held against CLDR's rules."""
        rule, words = Locale(language).plural_form, words_of(TEMPLATES, language)
        said = [words.ngettext("and %(count)d more", "and %(count)d more", number) for number in range(120)]
        for one, other in itertools.combinations(range(120), 2):
            assert (said[one] == said[other]) == (rule(one) == rule(other)), (one, other)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_date_is_written_in_the_language(self, language: str) -> None:
        written = {"en": "1 June 2026", "de": "1. Juni 2026", "ar": "1 يونيو 2026"}
        assert words_of(TEMPLATES, language).date(datetime(2026, 6, 1)) == written[language]


class TestAnyLanguage:
    @pytest.mark.parametrize(
        ("language", "date"),
        [
            ("en-US", "June 1, 2026"),
            ("en-GB", "1 June 2026"),
            ("fr", "1 juin 2026"),
            ("pt-br", "1 de junho de 2026"),
            ("zh-Hant", "2026年6月1日"),
            ("ae", "1 June 2026"),  # Avestan, of which Unicode knows no dates
            ("de-XY", "1. Juni 2026"),
        ],
    )
    def test_dates_are_its_own_or_english(self, language: str, date: str) -> None:
        assert words_of({}, language).date(datetime(2026, 6, 1)) == date

    def test_what_has_no_translation_is_said_in_english(self) -> None:
        source = f'{HEAD}{PLURAL}msgid "Unsubscribe"\nmsgstr "Se désabonner"\n\nmsgid "Preview"\nmsgstr ""\n'
        words = words_of({f"{FOLDER}fr.po": source}, "fr-CA")
        assert [words.gettext(one) for one in ("Unsubscribe", "Preview", "Related")] == [
            "Se désabonner", "Preview", "Related",
        ]  # fmt: skip
        assert words.ngettext("%(count)d story", "%(count)d stories", 2) == "%(count)d stories"

    def test_the_narrower_catalogue_goes_first(self) -> None:
        both = {f"{FOLDER}{code}.po": f'{HEAD}\nmsgid "a"\nmsgstr "{code}"\n' for code in ("pt", "pt_BR")}
        assert [words_of(both, language).gettext("a") for language in ("pt-BR", "pt-PT", "pt")] == ["pt_BR", "pt", "pt"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("source", "line", "what"),
        [
            (
                f'{HEAD}\n#, python-format\nmsgid "No. %(number)s"\nmsgstr "No %(nr)s"\n',
                ":6",
                "'No. %(number)s': unknown named placeholder 'nr'",
            ),
            (f'{HEAD}\nmsgoo "a"\n', ":5", "Unknown or misformatted keyword"),
            ("Bonjour\n", ":1", "Unknown or misformatted keyword"),
            (HEAD.replace("utf-8", "klingon"), "", "it is no catalogue of gettext: unknown encoding: klingon"),
        ],
    )
    def test_a_catalogue_that_cannot_be_used_is_told_with_its_line(self, source: str, line: str, what: str) -> None:
        assert told(source) == f"templates/newsletter/languages/fr.po{line}: {what} {HINT}"

    @pytest.mark.parametrize(
        ("plural", "what"),
        [
            ("__import__('os').abort()", "invalid token in plural form: __import__"),
            ("n" * 5000, "plural form expression is too long"),
            ("((((", "unexpected end of plural form"),
            ("9**9**9", "unexpected token in plural form: *"),
        ],
    )
    def test_a_rule_for_numbers_that_is_none_is_told_and_not_run(self, plural: str, what: str) -> None:
        rule = PLURAL.replace("(n != 1)", plural)
        source = f'{HEAD}{rule}msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'
        assert told(source) == f"templates/newsletter/languages/fr.po: it is no catalogue of gettext: {what} {HINT}"


def test_no_sentence_has_a_placeholder_without_a_name() -> None:
    texts = [text for one in SENTENCES for text in ((one,) if isinstance(one, str) else one)]
    marks = [text[place + 1 : place + 2] for text in texts for place, sign in enumerate(text) if sign == "%"]
    assert set(marks) == {"("}
    assert not any(set(text) & set("{}") or text != text.strip() for text in texts if text not in (", ",))
    assert all(text[0] not in string.whitespace for text in texts)
