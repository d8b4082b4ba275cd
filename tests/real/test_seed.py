"""The article that the project was conceived from, field by field."""

import shutil
from pathlib import Path

import pytest
from support import CONFIG, Site

PATH = "articles/leveraging-patient-engagement-technologies.md"
TITLE = "Leveraging patient engagement technologies to tackle health inequity"
SOURCE = "https://www.healthcareitnews.com/news/asia/leveraging-patient-engagement-technologies-tackle-health-inequity"
PAGE = (
    "https://gazette.example/news/healthcareitnews-leveraging-patient-engagement-technologies-to-tackle-health-inequity"
)
PICTURE = "https://cdn.gazette.example/pictures/aed551b4-00f2-5c0b-a3d2-e9bb4b063c5d-featuredImage.jpeg"
SUMMARY = (
    "Healthcare disparities can seriously impact a patient’s health, however, proactive communication with patients "
    "can bridge care gaps and ensure patients have the information they need to stay engaged i"
)
TOPICS = [
    {
        "slug": "healthcare-it-news-patient-engagement",
        "label": "Patient Engagement",
        "taxonomy": "Healthcare IT News",
    },
    {
        "slug": "events-taxonomies-health-inequities",
        "label": "Health Inequities",
        "taxonomy": "Events Taxonomies",
    },
]


@pytest.fixture
def seed(shared: Path, tmp_path: Path) -> Site:
    source = {"path": "articles", "image_base": "https://cdn.gazette.example/pictures/"}
    site = Site(tmp_path, {**CONFIG, "sources": [source]})
    shutil.copy(shared / "data" / "seed" / Path(PATH).name, site.root / PATH)
    return site


def test_all_fields_of_the_seed_are_read(seed):
    report = seed.build()
    assert (report["files"], report["published"], report["problems"]) == (1, 1, 0)
    row = seed.articles()[PATH]
    offerings = row.pop("offerings")
    identifier = row.pop("id")
    assert row == {
        "path": PATH,
        "status": "published",
        "reason": None,
        "title": TITLE,
        "link": SOURCE,
        "url": PAGE,
        "source_url": SOURCE,
        "brand": "healthcareitnews.com",
        "published": "2023-02-01T00:00:00Z",
        "updated": "2023-02-01T10:28:27.855637Z",
        "authors": ["Athira Ravi"],
        "topics": TOPICS,
        "tags": ["News"],
        "kind": "brief",
        "language": "en",
        "image": {"url": PICTURE, "alt": TITLE, "width": 1200, "height": 630},
        "summary": SUMMARY,
        "duplicate_of": None,
    }
    assert identifier.startswith("urn:uuid:")
    assert [one["label"] for one in offerings] == [
        "Clinical Ink - Patient Engagement",
        "NextStep Solutions - Patient Engagement",
        "Health Dialog - Medication Adherence Management",
        "TeleVox Platform",
        "Novadontics Patient Engagement",
    ]
    assert offerings[0] == {
        "label": "Clinical Ink - Patient Engagement",
        "url": "https://gazette.example/offering/clinical-ink---patient-engagement",
        "categories": ["Healthcare IT News: Patient Engagement", "Symplur: Digital Health"],
    }


def test_the_seed_is_an_entry_of_both_its_topics_and_of_all(seed):
    seed.build()
    identifier = seed.articles()[PATH]["id"]
    for folder in ("all", *(f"topics/{topic['slug']}" for topic in TOPICS)):
        for file in ("rss.xml", "atom.xml"):
            (entry,) = seed.feed(f"{folder}/{file}").entries
            assert (entry.id, entry.title, entry.link) == (identifier, TITLE, SOURCE)
            assert entry.summary == SUMMARY
            assert entry.published_parsed[:6] == (2023, 2, 1, 0, 0, 0)
            assert entry.updated_parsed[:6] == (2023, 2, 1, 10, 28, 27)
            assert [author.name for author in entry.authors] == ["Athira Ravi"]
            assert [tag.term for tag in entry.tags] == ["Patient Engagement", "Health Inequities"]
            assert entry.content[0].value.startswith(
                "<p>Healthcare disparities can seriously impact a patient’s health"
            )
            assert entry.content[0].value.count("<li>") == 9


def test_the_seed_keeps_its_id_when_its_slug_and_file_change(seed):
    seed.build()
    identifier = seed.articles()[PATH]["id"]
    old = seed.root / PATH
    text = old.read_text("utf-8").replace("\n  healthcareitnews-leveraging-", "\n  healthcareitnews-using-")
    old.unlink()
    seed.write("articles/renamed.md", text)
    seed.build()
    row = seed.articles()["articles/renamed.md"]
    assert (row["id"], row["url"]) == (identifier, PAGE.replace("-leveraging-", "-using-"))
