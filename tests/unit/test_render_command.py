"""syndicate issue render: a cut issue as a file that mail programs open."""

import email
import email.policy
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support import CONFIG, Site

SENDER = "Tee für alle <weekly@gazette.example>"
WEEKLY = {"slug": "weekly", "title": "The Weekly", "cadence": "daily at 08:00", "start": "2026-01-01"}
NOW = ("--now", "2026-11-01T09:00:00Z")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path, newsletters=[WEEKLY], mail={"sender": SENDER})
    site.article("tea.md", title="Tea 🍵", date="2026-10-30", categories=["Tea"])
    site.say("issue", "cut", "weekly", *NOW)
    return site


def render(site: Site, *arguments: str) -> str:
    return site.say("issue", "render", "weekly", "1", "--eml", str(site.root / "a.eml"), *arguments)


def test_the_message_has_both_parts_and_each_link(site: Site) -> None:
    said = render(site)
    data = (site.root / "a.eml").read_bytes()
    assert said == f"wrote issue 1 of weekly as a message of {len(data):,} bytes: {site.root / 'a.eml'}\n"
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, SENDER, "The Weekly: Tea 🍵")
    assert message["Date"].datetime.isoformat() == "2026-11-01T08:00:00+00:00"
    assert message["List-Id"] == '"The Weekly" <weekly.gazette.example>'
    for part in message.iter_parts():
        assert "Tea 🍵" in part.get_content()
        assert "https://unsubscribe.invalid/" in part.get_content()
        assert "https://preferences.invalid/" in part.get_content()
        assert "https://gazette.example/newsletters/weekly/1/" in part.get_content()


def test_a_year_and_a_template_later_it_has_the_same_bytes(site: Site) -> None:
    render(site)
    before = (site.root / "a.eml").read_bytes()
    site.write("templates/newsletter/issue.html", "other")
    site.article("tea.md", title="Other", date="2026-10-30")
    site.build(now="2027-11-01T09:00:00Z")
    render(site)
    assert (site.root / "a.eml").read_bytes() == before


def test_the_page_on_the_web_ends_nobodys_subscription(site: Site) -> None:
    page = (site.output / "newsletters/weekly/1/index.html").read_text("utf-8")
    assert ".invalid" not in page


def test_it_is_to_whom_it_is_said_to_be(site: Site) -> None:
    render(site, "--to", "Ann <ann@example.org>")
    message = email.message_from_bytes((site.root / "a.eml").read_bytes(), policy=email.policy.default)
    assert message["To"] == "Ann <ann@example.org>"


def test_it_is_signed_if_there_is_a_key(site: Site) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    site.write("dkim.pem", key.private_bytes(*form))
    options = {"domain": "gazette.example", "selector": "one", "key_file": "dkim.pem"}
    site.configure({**CONFIG, "newsletters": [WEEKLY], "mail": {"sender": SENDER, "dkim": options}})
    render(site)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    data = (site.root / "a.eml").read_bytes()
    assert data.startswith(b"DKIM-Signature: ")
    assert dkim.verify(data, dnsfunc=lambda name, timeout=5: record)
    (site.root / "dkim.pem").unlink()
    assert site.refuse("issue", "render", "weekly", "1", "--eml", "-") == (
        f"{site.config}: mail.dkim.key_file: {site.root / 'dkim.pem'}: No such file or directory "
        "(make one with 'openssl genrsa -out dkim.pem 2048')"
    )


def test_what_can_not_be_written_is_told(site: Site) -> None:
    render_to = ("issue", "render", "weekly", "1", "--eml", "-")
    refused = site.run(*render_to, "--to", "nobody")
    assert refused.exit_code == 2
    assert "expected an address such as The Weekly <weekly@example.org>, got 'nobody'" in refused.output
    site.configure({**CONFIG, "newsletters": [WEEKLY]})
    assert site.refuse(*render_to) == ("weekly has no sender; set newsletters[].sender or mail.sender in the config")


def test_a_sender_that_is_none_is_told_with_its_line(site: Site) -> None:
    site.configure(
        {**CONFIG, "mail": {"sender": "nobody", "dkim": {"domain": "x", "selector": "a b", "key_file": "k"}}}
    )
    told = site.refuse("issue", "render", "weekly", "1", "--eml", "-")
    assert "mail.sender: expected an address such as The Weekly <weekly@example.org>, got 'nobody'" in told
    assert "mail.dkim.domain: expected a domain such as example.org, got 'x'" in told
    assert "mail.dkim.selector: expected the name of a key in the DNS such as mail2026, got 'a b'" in told


TWO_TOPICS = ("issue", "render", "weekly", "1", "--eml", "-", "--topics")


@pytest.fixture
def two(tmp_path: Path) -> Site:
    site = Site(tmp_path, newsletters=[{**WEEKLY, "topics": ["Tea", "Night Sky", "Bread"]}], mail={"sender": SENDER})
    site.article("tea.md", title="Kettles", date="2026-10-30", categories=["Tea", "Night Sky"])
    site.article("sky.md", title="Lamps", date="2026-10-29", categories=["Night Sky"])
    site.article("bread.md", title="Ovens", date="2026-10-28", categories=["Tea", "Bread"])
    return site


class TestTopics:
    @pytest.mark.parametrize(
        ("topics", "told", "not_told"),
        [
            ("Night Sky", ("Night Sky\n---", "Kettles", "Also in Tea", "Lamps", "2 stories"), ("Ovens", "Tea\n---")),
            (" bread, nothing ", ("Bread\n---", "Ovens", "Also in Tea", "1 story"), ("Kettles", "Lamps")),
            ("tea,night-sky,bread", ("Tea\n---", "Night Sky\n---", "3 stories"), ("Bread\n---",)),
        ],
    )
    def test_a_message_is_for_a_reader_of_these(
        self, two: Site, topics: str, told: tuple[str, ...], not_told: tuple[str, ...]
    ) -> None:
        two.say("issue", "cut", "weekly", *NOW)
        two.article("sky.md", title="Other", date="2026-10-29", categories=["Bread"])
        two.build(now="2027-11-01T09:00:00Z")
        message = email.message_from_string(two.say(*TWO_TOPICS, topics), policy=email.policy.default)
        text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
        assert all(one in text for one in told)
        assert not any(one in text for one in not_told)
        assert all(one.partition("\n")[0] in html for one in told)

    def test_a_preview_is_too(self, two: Site) -> None:
        said = two.say("issue", "preview", "weekly", "--topics", "bread", *NOW)
        assert said.startswith("the next issue of weekly has 1 story: ")
        page = (two.state / "preview/weekly/index.html").read_text("utf-8")
        assert "Ovens" in page
        assert "Kettles" not in page

    def test_topics_without_a_story_are_told(self, two: Site) -> None:
        two.say("issue", "cut", "weekly", *NOW)
        assert two.refuse(*TWO_TOPICS, "Sea,Cake") == (
            "issue 1 of weekly has no story of Sea, Cake; its topics: Tea, Night Sky, Bread"
        )

    def test_a_preview_of_topics_without_a_story_is_told_and_an_empty_one_is_shown(self, two: Site) -> None:
        preview = ("issue", "preview", "weekly", "--topics", "sea", *NOW)
        assert two.refuse(*preview) == "the next issue of weekly has no story of sea; its topics: Tea, Night Sky, Bread"
        two.say("issue", "cut", "weekly", *NOW)
        assert two.say(*preview).startswith("the next issue of weekly has 0 stories: ")

    def test_templates_that_show_stories_their_own_way_are_told(self, two: Site) -> None:
        two.write(
            "templates/newsletter/section.txt", "{% for story in section.stories %}{{ story.title }}\n{% endfor %}"
        )
        two.say("issue", "cut", "weekly", *NOW)
        assert two.refuse(*TWO_TOPICS, "Tea") == (
            "issue 1 of weekly can't be parted by topics: it was cut before issues had parts, "
            "or its templates show stories in another way than by theirs"
        )
