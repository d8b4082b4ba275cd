"""An issue put together from its parts against one rendered for the same reader in one go."""

from dataclasses import dataclass
from datetime import timedelta

from golden.designs import LANGUAGES, TEMPLATES
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.domain.articles import Author, Image, Offering
from syndicate.domain.extras import Extras, Note
from syndicate.domain.feeds import Entry
from syndicate.domain.newsletters import Rendered
from syndicate.domain.themes import Design
from syndicate.domain.topics import Topic
from syndicate.newsletters.as_a_whole import as_a_whole
from syndicate.newsletters.assemble import Assembler
from syndicate.newsletters.parts import load
from syndicate.newsletters.render import render_issue
from syndicate.newsletters.setting import Setting

TOPICS = (
    make_topic("Desk: Tea"),
    make_topic("Night Sky", label='Sky & "stars" <b>'),
    make_topic("bread", label="خبز"),
    make_topic("Sea"),
)
TITLES = st.sampled_from(
    [
        "Tea",
        'A "quoted" one',
        'It\'s both "of them" & <more>',
        "word " * 60 + "end",
        "شاي وكعك",
        "🍵",
        "%(count)d {{ x }} \\1 \\g<0>",
        "",
    ]
)
PICTURES = st.sampled_from(
    [
        None,
        Image(url="https://img.example/a.png?a=1&b=2", width=1200, height=630),
        Image(url="https://img.example/b.png"),
    ]
)
OFFERINGS = st.lists(
    st.sampled_from(
        [
            Offering(label="Kettle & cup", url="https://shop.example/?a=1&b=2"),
            Offering(label="Lamp", categories=("Night Sky",)),
            Offering(label="Boat", url="https://shop.example/boat", categories=("Sea", "Desk: Tea")),
        ]
    ),
    max_size=2,
)  # fmt: skip
Sections = list[tuple[Topic, list[Entry]]]


@dataclass(frozen=True, kw_only=True)
class Case:
    setting: Setting
    sections: Sections

    def for_reader(self, wanted: set[Topic]) -> Sections:
        """Return the sections of a reader, told without the program's help: dates fall within each."""
        found: dict[Topic, list[Entry]] = {topic: [] for topic in TOPICS}
        for home, entries in self.sections:
            for entry in entries:
                own = [topic for topic in TOPICS if topic in wanted and topic in (home, *entry.topics)]
                if own:
                    found[home if home in wanted else own[0]].append(entry)
        for entries in found.values():
            entries.sort(key=lambda entry: entry.published, reverse=True)
        return [(topic, entries) for topic, entries in found.items() if entries]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    newsletter = make_newsletter(
        design=draw(st.sampled_from(Design)),
        language=draw(st.sampled_from(LANGUAGES)),
        contents=draw(st.booleans()),
        offerings_per_topic=draw(st.integers(0, 2)),
        postal_address="1 Quay",
    )
    placed: dict[Topic, list[Entry]] = {}
    offerings = {}
    for number in range(1, draw(st.integers(1, 7)) + 1):
        own = tuple(draw(st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True)))
        entry = make_entry(
            number,
            title=draw(TITLES),
            url=f"https://example.org/{number}/?a=1&b=2",
            summary=draw(st.sampled_from([None, "Short", "long & <longer> " * 20])),
            published=day(28) - timedelta(days=number),
            brand=draw(st.sampled_from([None, "ledger.example", "المدينة"])),
            authors=draw(st.sampled_from([(), (Author(name="Ann"), Author(name="Bo"))])),
            image=draw(PICTURES),
            topics=own,
        )
        in_order = [topic for topic in TOPICS if topic in own]
        home = in_order[-1 if draw(st.integers(0, 4)) == 0 else 0]  # the last where the others had no room
        placed.setdefault(home, []).append(entry)
        offerings[entry.id] = tuple(draw(OFFERINGS))
    note = draw(st.sampled_from([None, Note(html="<p>Dear <b>readers</b></p>", text="Dear readers")]))
    setting = Setting(
        templates=TEMPLATES,
        site=make_site(),
        newsletter=newsletter,
        due=day(1, 6),
        number=3,
        extras=Extras(note=note, offerings=offerings),
    )
    return Case(setting=setting, sections=[(topic, placed[topic]) for topic in TOPICS if topic in placed])


def rendered(case: Case) -> Rendered:
    one = case.setting
    return render_issue(one.templates, one.site, one.newsletter, case.sections, one.due, 3, one.extras, TOPICS)


@settings(max_examples=40, deadline=None)
@given(case=cases(), wanted=st.sets(st.sampled_from(TOPICS), min_size=1))
def test_what_a_reader_gets_is_what_would_be_rendered_for_that_reader_alone(case: Case, wanted: set[Topic]) -> None:
    issue = rendered(case)
    assert issue.parts is not None
    said = Assembler(load(issue.parts))([topic.slug for topic in wanted])
    sections = case.for_reader(wanted)
    if not sections:
        assert said is None
        return
    assert said is not None
    expected = as_a_whole(case.setting, sections)
    assert (said.subject, said.html, said.text) == (expected.subject, expected.mail_html, expected.mail_text)
    assert said.stories == said.in_mail == sum(len(entries) for _, entries in sections)


@settings(max_examples=20, deadline=None)
@given(case=cases())
def test_the_whole_issue_is_that_of_one_go(case: Case) -> None:
    issue, expected = rendered(case), as_a_whole(case.setting, case.sections)
    assert issue.parts is not None
    for name in ("subject", "html", "text", "mail_html", "mail_text"):
        assert getattr(issue, name) == getattr(expected, name)
