"""Issues of each design in each language that comes with syndicate, with everything that an issue may have."""

from pathlib import Path

from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.adapters.templates import load_templates
from syndicate.domain.articles import Author, Image, Offering
from syndicate.domain.extras import Extras
from syndicate.domain.newsletters import Rendered
from syndicate.domain.themes import Design
from syndicate.newsletters.render import render_issue
from syndicate.parsing.notes import parse_note

TEMPLATES, _ = load_templates(Path("no templates of one's own"))
LANGUAGES = ("en", "de", "ar")
# What a small newspaper says in each: name, description, two topics, four headlines, a summary, an author, an offering,
# a note.
SAID = {
    "en": (
        "The Quay Weekly",
        "What the harbour did this week.",
        ("Tides", "Tea"),
        ("The tide tables are wrong again", "A kettle that counts", "Bread for a small oven", "What the lamps cost"),
        "Three people saw it and two wrote it down. What they say agrees in all but the hour.",
        "Pip Draft",
        "A tide clock that is right",
        "Dear readers,\n\nit was *quiet*, see [the list](/list).\n\n- One\n- Two",
    ),
    "de": (
        "Die Hafenwoche",
        "Was diese Woche am Hafen geschah.",
        ("Gezeiten", "Tee"),
        ("Die Gezeitentafel irrt schon wieder", "Ein Kessel, der zählt", "Brot für kleine Öfen", "Was Laternen kosten"),
        "Drei haben es gesehen und zwei haben es aufgeschrieben. Sie sind sich bis auf die Stunde einig.",
        "Änne Muster",
        "Eine Gezeitenuhr, die stimmt",
        "Liebe Leserinnen und Leser,\n\nes war *ruhig*, siehe [die Liste](/liste).\n\n1. Eins\n2. Zwei",
    ),
    "ar": (
        "أسبوع الميناء",
        "ما حدث في الميناء هذا الأسبوع.",
        ("المد والجزر", "الشاي"),
        ("جداول المد خاطئة من جديد", "إبريق يعدّ", "A headline in English.", "كم تكلف المصابيح"),
        "رآه ثلاثة وكتب عنه اثنان، واتفقا في كل شيء إلا الساعة (2026).",
        "Pip Draft",
        "ساعة مد صحيحة",
        "أعزاءنا القراء،\n\nكان الأسبوع *هادئًا*، انظر [القائمة](/list).\n\n- أولًا\n- ثانيًا",
    ),
}
PICTURES = (
    Image(url="https://img.example/wide.png?a=1&b=2", alt='A "wide" one', width=1200, height=630),
    Image(url="https://img.example/square.png", width=800, height=800),
    None,
    Image(url="https://img.example/unmeasured.png"),
)


def issue(design: Design, language: str) -> Rendered:
    """Return an issue of four stories in two sections, with a note, contents, offerings and a postal address."""
    title, description, labels, headlines, summary, author, offering, note = SAID[language]
    topics = tuple(make_topic(f"topic {number}", label=label) for number, label in enumerate(labels))
    entries = [
        make_entry(
            number,
            title=headline,
            summary=summary if number != 2 else None,
            image=PICTURES[number - 1],
            brand="ledger.example" if number % 2 else None,
            authors=(Author(name=author),) if number < 3 else (),
            topics=topics if number == 1 else (),
        )
        for number, headline in enumerate(headlines, 1)
    ]
    newsletter = make_newsletter(
        title=title,
        description=description,
        language=language,
        design=design,
        contents=True,
        offerings_per_topic=2,
        postal_address="1 Quay\nHarbour Town",
    )
    extras = Extras(
        note=parse_note(note, lambda address: f"https://example.org{address}"),
        offerings={
            entries[0].id: (Offering(label=offering, url="https://example.org/clock"), Offering(label="Ladder")),
        },
    )
    sections = [(topics[0], entries[:3]), (topics[1], entries[3:])]
    return render_issue(TEMPLATES, make_site(), newsletter, sections, day(1, 6, hour=7), 12, extras)


def files() -> dict[str, str]:
    """Return each issue's message as HTML, and its plain text, which is the same in all designs."""
    made = {}
    for language in LANGUAGES:
        for design in Design:
            rendered = issue(design, language)
            made[f"{design.value}-{language}.html"] = rendered.mail_html or ""
        made[f"{language}.txt"] = rendered.mail_text or ""
    return made
