"""What an issue has beside its stories: offerings of its topics, and the editor's note of its day."""

import pytest
from makers import NOW, day, front, make_newsletter, make_topic
from memory_project import Project

from syndicate.domain.articles import EntryId, Offering
from syndicate.domain.extras import offerings_by_section
from syndicate.domain.newsletters import Newsletter, Rendered
from syndicate.errors import TemplateError
from syndicate.services.extras import MAX_NOTE_BYTES, Gatherer

TEA, SKY = make_topic("Desk: Tea"), make_topic("Night Sky")
ONE, TWO, THREE = EntryId("1"), EntryId("2"), EntryId("3")


def offering(label: str, *categories: str, url: str | None = None) -> Offering:
    return Offering(label=label, url=url, categories=categories)


def labels(offerings: dict[EntryId, tuple[Offering, ...]], most: int = 9) -> list[list[str]]:
    sections = [(TEA, [ONE, TWO]), (SKY, [THREE])]
    return [[one.label for one in found] for found in offerings_by_section(sections, offerings, most)]


class TestOfferings:
    def test_they_come_below_the_section_whose_topic_they_name(self) -> None:
        kettle, scope = offering("Kettle", "Desk: Tea"), offering("Telescope", "night sky")
        assert labels({ONE: (scope, kettle), THREE: (scope,)}) == [["Kettle"], ["Telescope"]]

    @pytest.mark.parametrize("category", ["Desk: Tea", "Tea", "desk: tea", "Shop: Tea"])
    def test_a_topic_is_named_by_its_label_whatever_the_taxonomy(self, category: str) -> None:
        assert labels({ONE: (offering("Kettle", category),)}) == [["Kettle"], []]

    def test_those_without_a_category_come_after_those_of_the_topic(self) -> None:
        found = labels({ONE: (offering("Ladder"), offering("Kettle", "Tea")), TWO: (offering("Cup", "Tea"),)})
        assert found == [["Kettle", "Cup", "Ladder"], []]

    def test_those_of_other_topics_are_left_out(self) -> None:
        assert labels({ONE: (offering("Boat", "Harbour"),)}) == [[], []]

    def test_none_is_shown_twice_in_an_issue(self) -> None:
        cup, same = offering("Cup", url="https://example.org/cup"), offering("A cup", url="https://example.org/cup")
        assert labels({ONE: (cup,), TWO: (same,), THREE: (cup,)}) == [["Cup"], []]
        assert labels({ONE: (offering("Cup"), offering("CUP"))}) == [["Cup"], []]

    def test_a_section_has_so_many_at_most_and_the_rest_may_stand_in_the_next(self) -> None:
        many = tuple(offering(f"Cup {number}") for number in range(4))
        assert labels({ONE: many, THREE: many}, most=2) == [["Cup 0", "Cup 1"], ["Cup 2", "Cup 3"]]
        assert labels({ONE: many}, most=0) == [[], []]


@pytest.fixture
def project() -> Project:
    kettle, boat = "{label: Kettle, permalink: /kettle, categories: [Tea]}", "{label: Boat, categories: [Harbour]}"
    offered = f"relatedOfferings: [{kettle}, {boat}]"
    return Project({"news/tea.md": front(f"categories: [Tea]\n{offered}")})


def issue(project: Project, newsletter: Newsletter, files: dict[str, bytes]) -> Rendered:
    """Return the next issue of a newsletter, where these files lie beside the config."""

    def read(path: str, most: int) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        if path.endswith("/"):
            raise IsADirectoryError(21, "Is a directory")
        return files[path][: most + 1]

    desk = project.desk()
    extras = Gatherer(site=project.site, snapshot=desk.snapshot, index=project.index, read=read)
    return (
        type(desk)(
            site=desk.site,
            templates=desk.templates,
            ledger=desk.ledger,
            snapshot=desk.snapshot,
            entries=desk.entries,
            extras=extras,
        )
        .preview(newsletter, NOW)
        .rendered
    )


class TestGathering:
    def test_offerings_are_shown_where_the_newsletter_asks_for_them(self, project: Project) -> None:
        shown = issue(project, make_newsletter(start=day(1), offerings_per_topic=3), {})
        assert ">Kettle</a>" in shown.html
        assert "Related:\n* Kettle\n  https://example.org/kettle\n" in shown.text
        assert "Boat" not in shown.html + shown.text
        silent = issue(project, make_newsletter(start=day(1)), {})
        assert "Kettle" not in silent.html + silent.text

    @pytest.mark.parametrize("place", ["note.md", "notes/{date}.md"])
    def test_a_note_is_read_from_the_file_of_its_day(self, project: Project, place: str) -> None:
        files = {
            "note.md": "All *well*, [see](/x).".encode("utf-8-sig"),
            "notes/2026-06-01.md": b"All *well*, [see](/x).",
        }
        shown = issue(project, make_newsletter(start=day(1), note=place), files)
        assert "<em>well</em>" in shown.html
        assert "From the editor\n---------------\n\nAll well, see <https://example.org/x>.\n" in shown.text

    def test_the_day_is_that_of_the_newsletters_zone(self, project: Project) -> None:
        from zoneinfo import ZoneInfo

        far = make_newsletter(start=day(1), note="{date}.md", zone=ZoneInfo("Pacific/Kiritimati"))
        due_there = "2026-06-01"  # Monday at 08:00 there is Sunday in UTC
        assert "Here" in issue(project, far, {f"{due_there}.md": b"Here"}).text

    def test_where_there_is_no_file_there_is_no_note(self, project: Project) -> None:
        shown = issue(project, make_newsletter(start=day(1), note="note.md"), {})
        assert "From the editor" not in shown.html + shown.text

    @pytest.mark.parametrize(
        ("note", "data", "told"),
        [
            ("note.md", b"\xff\xfe", "note.md: the editor's note is not UTF-8 (save it as UTF-8)"),
            (
                "note.md",
                b"x" * (MAX_NOTE_BYTES + 1),
                "note.md: the editor's note is larger than 100,000 bytes (a note is a few paragraphs: shorten it)",
            ),
            (
                "notes/",
                b"",
                "notes/: the editor's note can't be read: Is a directory (name a file that can be read, or none)",
            ),
        ],
    )
    def test_a_note_that_cannot_be_read_is_told(self, project: Project, note: str, data: bytes, told: str) -> None:
        with pytest.raises(TemplateError) as caught:
            issue(project, make_newsletter(start=day(1), note=note), {note: data})
        assert (str(caught.value), caught.value.problem.reason) == (told, "bad-note")
