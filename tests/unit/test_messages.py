"""Messages, read by the standard library's parser, which shares no code with how they are written."""

import email
import email.policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from makers import day, make_newsletter

from syndicate.domain.mail import Mailbox, Reader, parse_mailbox
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Rendered
from syndicate.newsletters.message import MAX_LINE_BYTES, MessageForm, make_form

SENDER = Mailbox(name="The Weekly", address="weekly@example.org")
DUE = day(1, 6, hour=7)
HOSTILE = [
    "Tea\r\nBcc: all@example.org",
    'a "b" \\ <c@d.example>',
    "=?utf-8?q?x?=",
    "🍵 Tee für Ärzte " * 30,
    "x" * 300,
]


def rendered(**changes: Any) -> Rendered:
    values = {
        "subject": "Tea and cake",
        "html": "web",
        "text": "web",
        "mail_html": f'<p>Tea = ✓</p>\n<a href="{UNSUBSCRIBE_URL}">x</a> <a href="{PREFERENCES_URL}">y</a>\n',
        "mail_text": f"Tea = ✓\n\nUnsubscribe:\n{UNSUBSCRIBE_URL}\n\nTopics:\n{PREFERENCES_URL}\n",
    }
    return Rendered(**{**values, **changes})


def form(issue: Rendered | None = None, *, sender: Mailbox = SENDER, **newsletter: Any) -> MessageForm:
    return make_form(make_newsletter(**newsletter), sender, issue or rendered(), DUE, 12, "feeds.example.org")


def reader(**changes: Any) -> Reader:
    values = {
        "mailbox": Mailbox(name="Ann", address="ann@example.com"),
        "unsubscribe_url": "https://example.org/u?token=a=b&list=weekly",
        "preferences_url": "https://example.org/p?token=c",
    }
    return Reader(**{**values, **changes})


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def parts(message: EmailMessage) -> tuple[str, str]:
    text, html = message.iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def decoded(header: str) -> str:
    """Return a header's words: the parser of addresses leaves blanks between encoded words, which RFC 2047 drops."""
    words = " ".join(str(make_header(decode_header(header))).split())
    return words.removeprefix('"').replace('" <', " <")


class TestHeaders:
    def test_they_are_those_of_a_newsletter(self) -> None:
        data = form(reply_to=Mailbox(address="desk@example.org"), unsubscribe_mailto="off@example.org").fill(reader())
        message = read(data)
        assert {name: str(value) for name, value in message.items() if name not in ("Message-ID", "Content-Type")} == {
            "From": "The Weekly <weekly@example.org>",
            "Reply-To": "desk@example.org",
            "To": "Ann <ann@example.com>",
            "Subject": "Tea and cake",
            "Date": "Mon, 01 Jun 2026 07:00:00 +0000",
            "List-Id": '"The Weekly" <weekly.feeds.example.org>',
            "List-Unsubscribe": "<https://example.org/u?token=a=b&list=weekly>, "
            "<mailto:off@example.org?subject=unsubscribe>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
            "Feedback-ID": "weekly-12:weekly:newsletter:example-org",
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
        }
        assert message.get_content_type() == "multipart/alternative"

    def test_the_same_issue_to_the_same_reader_has_the_same_id(self) -> None:
        first = read(form().fill(reader()))["Message-ID"]
        assert (
            first
            == read(form(rendered(subject="Other")).fill(reader(unsubscribe_url="https://x.example/")))["Message-ID"]
        )
        assert first != read(form().fill(reader(mailbox=Mailbox(address="bo@example.com"))))["Message-ID"]
        assert first.endswith("@example.org>")

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_no_text_makes_a_header(self, hostile: str) -> None:
        data = form(
            rendered(subject=hostile), sender=Mailbox(name=hostile, address="a@example.org"), title=hostile
        ).fill(reader(mailbox=Mailbox(name=hostile, address="b@example.org")))
        message = read(data)
        plain = " ".join(hostile.split())
        assert message["Subject"] == plain
        raw = email.message_from_bytes(data)
        assert decoded(raw["From"]).replace("\\", "") == f"{plain} <a@example.org>".replace("\\", "")
        assert decoded(raw["To"]).replace("\\", "") == f"{plain} <b@example.org>".replace("\\", "")
        assert [address.addr_spec for address in message["To"].addresses] == ["b@example.org"]
        assert "Bcc" not in message

    @pytest.mark.parametrize(
        "url",
        [
            "http://x.example/ a",
            "https://x.example/\r\nBcc: a@b.example",
            "javascript:alert(1)",
            "https://ü.example/",
            'https://x.example/">',
            "",
        ],
    )
    def test_an_address_that_could_break_out_is_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"^expected an address in plain ASCII of at most 900 characters, got "):
            form().fill(reader(unsubscribe_url=url))


class TestParts:
    def test_each_reader_has_links_of_their_own(self) -> None:
        text, html = parts(read(form().fill(reader())))
        assert text == (
            "Tea = ✓\n\nUnsubscribe:\nhttps://example.org/u?token=a=b&list=weekly\n\n"
            "Topics:\nhttps://example.org/p?token=c\n"
        )
        assert html == (
            '<p>Tea = ✓</p>\n<a href="https://example.org/u?token=a=b&amp;list=weekly">x</a> '
            '<a href="https://example.org/p?token=c">y</a>\n'
        )

    def test_lines_are_short_and_end_as_mail_wants(self) -> None:
        long = f"<p>{'é word ' * 5000}</p>{UNSUBSCRIBE_URL}{'=' * 3000}\r\nFrom here\n.\n--x\n \n"
        url = "https://example.org/" + "=a" * 400
        data = form(rendered(mail_html=long, mail_text=long)).fill(reader(unsubscribe_url=url))
        lines = data.split(b"\r\n")
        assert max(map(len, lines)) <= MAX_LINE_BYTES
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert max(len(line) for line in data.partition(b"\r\n\r\n")[2].split(b"\r\n")) <= 76
        assert not any(line.startswith(b"From ") for line in lines)
        assert parts(read(data))[0] == long.replace("\r\n", "\n").replace(UNSUBSCRIBE_URL, url)

    def test_the_same_issue_gives_the_same_bytes(self) -> None:
        assert form().fill(reader()) == form().fill(reader())


class TestMailboxes:
    @pytest.mark.parametrize(
        ("text", "name", "address"),
        [
            ("a@example.org", None, "a@example.org"),
            ("The Weekly <a@example.org>", "The Weekly", "a@example.org"),
            ('"Tea, Cake & Co" <a.b+c@mail.example.org>', "Tea, Cake & Co", "a.b+c@mail.example.org"),
            ("Tee für Ärzte <a@xn--bcher-kva.example>", "Tee für Ärzte", "a@xn--bcher-kva.example"),
        ],
    )
    def test_they_are_read(self, text: str, name: str | None, address: str) -> None:
        assert parse_mailbox(text) == Mailbox(name=name, address=address)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a",
            "a@b",
            "a@b..c",
            "a b@example.org",
            "<a@example.org",
            "A <a@ü.example>",
            "A\nB <a@example.org>",
            "a@example.org\n.x",
            f"{'a' * 65}@example.org",
            "A <b@c.example> <a@example.org>",
        ],
    )
    def test_what_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"^expected an address such as The Weekly <weekly@example\.org>$"):
            parse_mailbox(text)
