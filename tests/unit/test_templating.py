"""Templates: mistakes in them are told with their place, and nothing gets out of the sandbox."""

from typing import Any

import pytest

from syndicate import __version__
from syndicate.domain.text import PLAIN_COLUMNS, columns_of
from syndicate.errors import TemplateError
from syndicate.templating.environment import render, syntax_problems
from syndicate.templating.views import SiteView

SITE = SiteView(title="Tea & <b>", url="https://example.org/", description=None, language="en", direction="ltr")
HINT = "(see docs/reference/templates.md for what a template may use)"


def told(templates: dict[str, str], name: str = "a.html", **context: Any) -> str:
    """Return what is told about a template that can't be rendered."""
    with pytest.raises(TemplateError) as caught:
        render(templates, name, site=SITE, **context)
    assert str(caught.value) == str(caught.value.problem)
    return str(caught.value)


class TestRendering:
    def test_html_is_escaped_and_plain_text_is_not(self) -> None:
        templates = {"a.html": "{{ site.title }}", "a.txt": "{{ site.title }}"}
        assert render(templates, "a.html", site=SITE) == "Tea &amp; &lt;b&gt;"
        assert render(templates, "a.txt", site=SITE) == "Tea & <b>"

    def test_a_template_knows_the_version(self) -> None:
        assert render({"a.txt": "{{ version }}"}, "a.txt") == __version__

    def test_blocks_leave_no_empty_lines(self) -> None:
        assert render({"a.txt": "a\n  {% if true %}\nb\n  {% endif %}\nc"}, "a.txt") == "a\nb\nc"

    def test_templates_share_parts(self) -> None:
        templates = {
            "base.html": "<{% block x %}{% endblock %}>",
            "words.html": "{% set hello = 'Hello %s' %}",
            "part.html": "{{ words.hello|format(site.title) }}",
            "a.html": "{% extends 'base.html' %}{% import 'words.html' as words %}"
            "{% block x %}{% include 'part.html' %}{% endblock %}",
        }
        assert render(templates, "a.html", site=SITE) == "<Hello Tea &amp; &lt;b&gt;>"

    def test_changed_templates_are_read_again(self) -> None:
        assert [render({"a.txt": text}, "a.txt") for text in ("one", "two", "one")] == ["one", "two", "one"]

    def test_a_view_may_be_left_out_where_a_template_asks(self) -> None:
        assert (
            render({"a.txt": "{{ x if x is defined else 'none' }}{{ site.nope is defined }}"}, "a.txt", site=SITE)
            == "noneFalse"
        )


class TestWrap:
    def wrap(self, text: str, indent: str = "") -> list[str]:
        return render({"a.txt": "{{ wrap(text, indent) }}"}, "a.txt", text=text, indent=indent).split("\n")

    @pytest.mark.parametrize("indent", ["", "  "])
    def test_lines_are_short_and_hold_every_word(self, indent: str) -> None:
        lines = self.wrap("word " * 100, indent)
        assert max(map(len, lines)) <= PLAIN_COLUMNS
        assert all(line.startswith(indent) for line in lines)
        assert " ".join(lines).split() == ["word"] * 100

    def test_an_address_stays_whole(self) -> None:
        address = f"https://example.org/{'a-b/' * 40}"
        assert address in self.wrap(f"see {address} there")

    def test_lines_of_the_text_are_joined(self) -> None:
        assert self.wrap("a\nb\nc") == ["a b c"]

    def test_an_empty_text_is_an_empty_line(self) -> None:
        assert self.wrap("", "  ") == ["  "]

    def test_chinese_and_japanese_lines_end_between_signs_but_not_before_a_full_stop(self) -> None:
        text = "茶と月餅の話。" * 20
        lines = self.wrap(text)
        assert "".join(lines) == text
        assert max(map(columns_of, lines)) <= PLAIN_COLUMNS
        assert len(lines) == 4
        assert not any(line.startswith("。") for line in lines)

    def test_signs_and_words_stand_beside_each_other_as_they_did(self) -> None:
        assert self.wrap("茶 and「tea」です。 ok") == ["茶 and「tea」です。 ok"]

    @pytest.mark.parametrize(
        ("text", "columns"), [("abc", 3), ("茶", 2), ("é", 1), ("e\u0301", 1), ("🍵", 2), ("شاي", 3), ("", 0)]
    )
    def test_columns_are_those_of_a_terminal(self, text: str, columns: int) -> None:
        assert columns_of(text) == columns

    def test_lines_that_follow_may_have_an_indent_of_their_own(self) -> None:
        lines = render({"a.txt": "{{ wrap(text, '* ', '  ') }}"}, "a.txt", text="word " * 20).split("\n")
        assert [line[:6] for line in lines] == ["* word", "  word"]

    def test_a_rule_is_as_long_as_its_heading_and_no_line_is_longer(self) -> None:
        templates = {"a.txt": "{{ rule(text, '=') }}"}
        assert [render(templates, "a.txt", text=text) for text in ("Tea", "茶", "x" * 99)] == ["===", "==", "=" * 72]

    def test_catalogues_are_no_templates(self) -> None:
        assert syntax_problems({"newsletter/languages/de.po": "{% nothing %}", "a.html": "x"}) == ()


class TestMistakes:
    @pytest.mark.parametrize(
        ("templates", "place"),
        [
            ({"a.html": "x\n\n{{ nope }}"}, "a.html:3"),
            ({"a.html": "x\n{% include 'b.html' %}", "b.html": "\n\n\n{{ nope }}"}, "b.html:4"),
            (
                {
                    "a.html": "{% extends 'b.html' %}\n{% block x %}\n{{ nope }}{% endblock %}",
                    "b.html": "\n\n\n{% block x %}{% endblock %}",
                },
                "a.html:3",
            ),
            ({"a.html": "{% extends 'b.html' %}", "b.html": "\n\n{{ nope }}"}, "b.html:3"),
            (
                {
                    "a.html": "{% import 'b.html' as b %}\n{{ b.m() }}",
                    "b.html": "\n{% macro m() %}\n{{ nope }}{% endmacro %}",
                },
                "b.html:3",
            ),
            ({"a.html": "{% for x in [1] %}\n{{ x }}\n{{ nope }}{% endfor %}"}, "a.html:3"),
            ({"a.html": "{% if nope %}{% endif %}"}, "a.html:1"),
            ({"a.html": "\n{% for x in nope %}{% endfor %}"}, "a.html:2"),
        ],
    )
    def test_a_name_that_nobody_gave_is_told_where_it_is_used(self, templates: dict[str, str], place: str) -> None:
        assert told(templates) == f"templates/{place}: the template uses 'nope', which there is not {HINT}"

    @pytest.mark.parametrize("expression", ["site.nope", "site['nope']", "site|attr('nope')"])
    def test_a_field_that_there_is_not_is_told(self, expression: str) -> None:
        assert told({"a.html": f"\n{{{{ {expression} }}}}"}) == (
            f"templates/a.html:2: the template uses 'nope' of a value that it got, which there is not {HINT}"
        )

    def test_a_mistake_has_a_reason_and_a_line_for_machines(self) -> None:
        with pytest.raises(TemplateError) as caught:
            render({"a.html": "\n{{ nope }}"}, "a.html")
        problem = caught.value.problem
        assert (problem.path, problem.line, problem.reason) == ("templates/a.html", 2, "undefined-variable")

    @pytest.mark.parametrize(
        ("templates", "expected"),
        [
            ({"a.html": "x\n{% if %}"}, "a.html:2: Expected an expression, got 'end of statement block'"),
            (
                {"a.html": "{% include 'b.html' %}", "b.html": "\n{% endif %}"},
                "b.html:2: Encountered unknown tag 'endif'.",
            ),
            ({"a.html": "\n{{ 1|nope }}"}, "a.html:2: No filter named 'nope'."),
        ],
    )
    def test_a_template_that_is_none_is_told(self, templates: dict[str, str], expected: str) -> None:
        assert told(templates) == f"templates/{expected} {HINT}"

    @pytest.mark.parametrize("name", ["a.html", "b.html"])
    def test_a_template_that_there_is_not_is_told_in_a_sentence(self, name: str) -> None:
        message = told({"a.html": "x\n{% include 'gone.html' %}"} if name == "a.html" else {}, name)
        missing = "gone.html" if name == "a.html" else "b.html"
        assert missing in message
        assert f": {missing} (" not in message

    @pytest.mark.parametrize(
        "expression",
        [
            "{{ 1 / 0 }}",
            "{{ 'a' + 1 }}",
            "{{ range(999999) }}",
            "{{ [1, 'a']|sort }}",
            "{{ '%d'|format('x') }}",
            "{% include 'a.html' %}",
        ],
    )
    def test_a_template_that_fails_for_any_reason_is_told_with_its_line(self, expression: str) -> None:
        assert told({"a.html": f"x\n{expression}"}).startswith("templates/a.html:2: ")

    def test_reading_templates_shows_what_is_wrong_with_each(self) -> None:
        templates = {
            "a.html": "{% if %}",
            "b.html": "fine {{ nope }}",
            "c.html": "\n{{ x|nope }}",
            "d.txt": "\n\n{% endfor %}",
        }
        assert [str(problem) for problem in syntax_problems(templates)] == [
            f"templates/a.html:1: Expected an expression, got 'end of statement block' {HINT}",
            f"templates/c.html:2: No filter named 'nope'. {HINT}",
            f"templates/d.txt:3: Encountered unknown tag 'endfor'. {HINT}",
        ]
        assert syntax_problems({"b.html": "fine"}) == ()

    def test_those_of_one_folder_can_be_read_alone(self) -> None:
        templates = {"pages/a.html": "{% if %}", "newsletter/a.html": "{% if %}"}
        assert [problem.path for problem in syntax_problems(templates, "pages/")] == ["templates/pages/a.html"]


class TestSandbox:
    @pytest.mark.parametrize(
        "expression",
        [
            "site.__class__",
            "site['__class__']",
            "site|attr('__class__')",
            "site.__init__.__globals__",
            "site.__dataclass_fields__",
            "site.__reduce_ex__(2)",
            "''.__class__.__mro__[1].__subclasses__()",
            "().__class__.__base__",
            "''['__class__']",
            "'{0.__class__}'.format(site)",
            "'{x.__class__}'.format_map({'x': site})",
            "cycler.__init__.__globals__",
            "lipsum.__globals__",
            "wrap.__globals__",
            "wrap.__code__",
            "self.__init__",
            "items.append(1)",
            "items.clear()",
            "mapping.update({})",
            "mapping.pop('a')",
            "[site]|map(attribute='__class__')|first",
            "[site]|map('attr', '__class__')|first",
            "site|attr('_' + '_class__')",
            "site.title.__class__",
        ],
    )
    def test_nothing_but_what_it_got_can_be_reached(self, expression: str) -> None:
        items, mapping = [0], {"a": 1}
        assert "templates/a.html:1: " in told({"a.html": f"{{{{ {expression} }}}}"}, items=items, mapping=mapping)
        assert (items, mapping) == ([0], {"a": 1})

    @pytest.mark.parametrize(
        "expression",
        [
            "words.__class__",
            "words.__dict__",
            "words._body_stream",
            "words.hello.__class__",
            "words.show(site)",
            "words.greet.__init__",
            "words.nope",
            "loop.__class__",
            "loop._iterable",
            "loop.cycle.__func__",
            "loop.nope",
        ],
    )
    def test_nor_by_way_of_imported_words_and_of_loops(self, expression: str) -> None:
        words = "{% set hello = 'Hello' %}{% set show = '{0.__class__}'.format %}{% macro greet() %}{% endmacro %}"
        page = f"{{% import 'words.html' as words %}}{{% for x in [1] %}}{{{{ {expression} }}}}{{% endfor %}}"
        assert "templates/a.html:1: " in told({"a.html": page, "words.html": words})

    def test_what_words_and_loops_are_for_can_be_reached(self) -> None:
        words = "{% set hello = 'Hello' %}{% macro greet(name) %}{{ hello }} {{ name }}{% endmacro %}"
        page = (
            "{% import 'words.txt' as words %}"
            "{% for x in 'ab' %}{{ loop.index }}/{{ loop.length }} {{ words.hello }} {{ words.greet(x) }};{% endfor %}"
        )
        templates = {"a.txt": page, "words.txt": words}
        assert render(templates, "a.txt") == "1/2 Hello Hello a;2/2 Hello Hello b;"
