"""Subject and preheader worded in the config: small templates, and messages that name key, line and variable."""

import pytest
from golden.designs import TEMPLATES
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.config.load import parse_config
from syndicate.domain.newsletters import Rendered
from syndicate.domain.wording import Wording
from syndicate.errors import ConfigError, TemplateError
from syndicate.newsletters.render import render_issue

HINT = "(it may use newsletter, site, issue, stories, story_count; see docs/reference/config.md)"
HEAD = "site: {title: A, url: https://example.org/}\nsources: [path: articles]\nnewsletters:\n  - slug: weekly\n"


def worded(text: str, field: str = "newsletters[0].subject") -> Wording:
    return Wording(text=text, path="config.yaml", line=9, field=field)


def issue(*titles: str, number: int | None = 3, **words: str) -> Rendered:
    newsletter = make_newsletter(**{key: worded(text, f"newsletters[0].{key}") for key, text in words.items()})
    entries = [make_entry(place, title=title) for place, title in enumerate(titles, 1)]
    sections = [(make_topic("Tea"), entries)] if entries else []
    return render_issue(TEMPLATES, make_site(), newsletter, sections, day(1, 6), number)


def test_subject_and_preheader_are_worded_by_the_config():
    rendered = issue(
        "Kettles & <b>pots</b>",
        "Loaves",
        subject="{{ newsletter.title }} {{ issue.number }}: {{ stories[0].title }}",
        preheader="{{ story_count }} stories of {{ site.title }}, {{ issue.date_text }}: {{ issue.subject }}",
    )
    assert rendered.subject == "The Weekly 3: Kettles & <b>pots</b>"
    said = "2 stories of The Test Gazette, 1 June 2026: The Weekly 3: Kettles &amp; &lt;b&gt;pots&lt;/b&gt;"
    assert f">{said}</div>" in rendered.html
    assert f">{said}</div>" in (rendered.mail_html or "")


def test_without_a_story_the_issue_says_its_title():
    assert issue(subject="{{ stories[0].title }}", preheader="{{ stories[0].title }}").subject == "The Weekly"


def test_what_comes_out_stands_on_one_line_and_nothing_is_not_said():
    assert issue("A", subject="  {{ stories[0].title }}\n no. {{ issue.number }}  ", number=None).subject == "A no."
    assert issue("A\u0007\r\nBcc: b@example.org", subject="{{ stories[0].title }}").subject == "A Bcc: b@example.org"


def test_a_subject_that_comes_out_empty_is_the_usual_one_and_a_preheader_is_left_out():
    rendered = issue("Kettles", subject="{% if false %}x{% endif %}", preheader="{{ '' }}")
    assert rendered.subject == "The Weekly: Kettles"
    assert "preheader" not in rendered.html.partition("<body")[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ stories[0].titel }}", "the template uses 'titel' of a value that it got, which there is not"),
        ("{{ stories[4].title }}", "the template uses 4 of a value that it got, which there is not"),
        ("{{ 1 // 0 }}", "integer division or modulo by zero"),
        ("{{ newsletter.__class__ }}", "access to attribute '__class__' of 'dict' object is unsafe."),
    ],
)  # fmt: skip
def test_a_mistake_names_key_line_and_variable(text, said):
    with pytest.raises(TemplateError) as caught:
        issue("Kettles", preheader=text)
    assert str(caught.value) == f"config.yaml:9: newsletters[0].preheader: {said} {HINT}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("subject: '{{ stores[0].title }}'", "subject: the template uses 'stores', which there is not"),
        ("preheader: '{{ stories[0 }}'", "preheader: it is no template: unexpected '}', expected ']'"),
        ("utm: {campaign: '{{ number }}'}", "utm.campaign: the template uses 'number', which there is not"),
    ],
)
def test_what_reading_shows_is_a_mistake_of_the_config(line, said):
    text = f"{HEAD}    title: W\n    cadence: daily at 08:00\n    {line}\n"
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "config.yaml")
    hint = "(it may use newsletter, site, issue, stories, story_count)"
    assert [str(one) for one in caught.value.problems] == [f"config.yaml:7: newsletters[0].{said} {hint}"]


def test_what_the_config_says_is_carried_over():
    text = f"{HEAD}    title: W\n    cadence: daily at 08:00\n    subject: '{{{{ story_count }}}} new'\n    utm: {{}}\n"
    (newsletter,) = parse_config(text, "site/config.yaml").newsletters
    assert newsletter.subject == Wording(
        text="{{ story_count }} new", path="site/config.yaml", line=7, field="newsletters[0].subject"
    )
    assert newsletter.preheader is None
    assert newsletter.tagging is not None
    assert (newsletter.tagging.source, newsletter.tagging.medium) == (None, "email")
    assert newsletter.tagging.campaign.text == "{{ newsletter.slug }}-{{ issue.number }}"
