"""Links of messages tagged for those who count visits: addresses stay what they were."""

from urllib.parse import urlsplit

import pytest
from golden.designs import TEMPLATES
from hypothesis import given
from hypothesis import strategies as st
from makers import day, make_entry, make_newsletter, make_site, make_topic

from syndicate.domain.extras import Extras, Note
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Rendered
from syndicate.domain.wording import Tagging, Wording
from syndicate.newsletters.render import render_issue
from syndicate.newsletters.tagging import tag_html, tag_text, tagged, tags_of

T = "utm_source=weekly&utm_medium=email&utm_campaign=w-3"
BEARS = {
    "https://a.example/": f"https://a.example/?{T}",
    "https://a.example": f"https://a.example?{T}",
    "HTTPS://A.example/Tea": f"HTTPS://A.example/Tea?{T}",
    "https://a.example/?": f"https://a.example/?{T}",
    "https://a.example/?q=1": f"https://a.example/?q=1&{T}",
    "https://a.example/?q=1&": f"https://a.example/?q=1&{T}",
    "https://a.example/?q=1;r=2;": f"https://a.example/?q=1;r=2;{T}",
    "https://a.example/?b=2&a=1&b=1": f"https://a.example/?b=2&a=1&b=1&{T}",
    "https://a.example/?token=a%2Fb+c%20%e4": f"https://a.example/?token=a%2Fb+c%20%e4&{T}",
    "https://a.example/#end": f"https://a.example/?{T}#end",
    "https://a.example/?q=1#/a?b#c": f"https://a.example/?q=1&{T}#/a?b#c",
    "https://a.example/#!/tea": f"https://a.example/?{T}#!/tea",
    "https://a.example/?opaque/path": f"https://a.example/?opaque/path&{T}",
    "https://a.example/t;v=1/utm_source=x": f"https://a.example/t;v=1/utm_source=x?{T}",
    "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fa%3D1": (
        f"https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fa%3D1&{T}"
    ),
    "https://[2001:db8::1]:8080/x": f"https://[2001:db8::1]:8080/x?{T}",
}
STAY = (
    "https://a.example/?utm_source=theirs",
    "https://a.example/?q=1&UTM_Campaign=theirs#x",
    "https://a.example/?utm%5Fmedium=theirs",
    "https://a.example/#utm_source=theirs",
    "https://s3.example/f?X-Amz-Algorithm=A&X-Amz-Signature=abc",
    "https://s.example/f?Expires=1&Signature=a~b&Key-Pair-Id=K",
    "https://blob.example/f?sv=1&sig=a%2Fb%3D",
    "https://a.example/f?hmac=abc",
    "https://a.example/f?X-Goog-Signature=1",
    "mailto:ann@example.org",
    "tel:+123",
    "/relative",
    "#top",
    "javascript:alert(1)",
    "https://",
    "",
)


@pytest.mark.parametrize(("url", "became"), BEARS.items())
def test_tags_stand_behind_the_query_and_before_the_fragment(url, became):
    assert tagged(url, T) == became


@pytest.mark.parametrize("url", STAY)
def test_what_would_mean_something_else_stays_as_it_is(url):
    assert tagged(url, T) == url


def test_without_tags_nothing_changes():
    assert tagged("https://a.example/", "") == "https://a.example/"


def test_values_are_encoded_and_empty_ones_left_out():
    assert tags_of("The Weekly & co", "e/mail", "spring=1#é") == (
        "utm_source=The%20Weekly%20%26%20co&utm_medium=e%2Fmail&utm_campaign=spring%3D1%23%C3%A9"
    )
    assert tags_of("weekly", "email", "") == "utm_source=weekly&utm_medium=email"


ADDRESSES = st.builds(
    "https://{}/{}{}{}".format,
    st.sampled_from(["a.example", "user@b.example:81", "[::1]"]),
    st.text("aZ0-._~%2F/;=&+", max_size=8),
    st.one_of(st.just(""), st.text("aZ0-._~%20/;=&+?", max_size=12).map("?{}".format)),
    st.one_of(st.just(""), st.text("aZ0-._~%20/;=&+?#", max_size=12).map("#{}".format)),
)


@given(ADDRESSES)
def test_nothing_of_an_address_is_lost_moved_or_written_anew(url):
    before, after = urlsplit(url), urlsplit(tagged(url, T))
    assert (after.scheme, after.netloc, after.path, after.fragment) == (
        before.scheme, before.netloc, before.path, before.fragment,
    )  # fmt: skip
    assert after.query.startswith(before.query)
    assert after.query[len(before.query) :].strip("&") == T
    assert tagged(tagged(url, T), T) == tagged(url, T)


def test_in_html_only_links_are_tagged_and_references_survive():
    html = (
        '<a class="x" href="https://a.example/?q=1&amp;copy=2">A</a><img src="https://a.example/p.png">'
        f'<a href="{UNSUBSCRIBE_URL}">U</a><a href="{PREFERENCES_URL}">P</a><a href="https://me.example/3/">W</a>'
        '<a href="mailto:a@example.org">M</a>'
    )
    found, became = tag_html(html, T, keep=("https://me.example/3/",))
    escaped = T.replace("&", "&amp;")
    assert found == html.replace("&amp;copy=2", f"&amp;copy=2&amp;{escaped}")
    assert became == {"https://a.example/?q=1&copy=2": f"https://a.example/?q=1&copy=2&{T}"}
    assert tag_html("<a href=\"https://a.example/?a=1&copy=2\">", T)[1] == {
        "https://a.example/?a=1&copy=2": f"https://a.example/?a=1&copy=2&{T}"
    }  # fmt: skip


def test_in_plain_text_only_addresses_that_are_links_of_the_html_are_tagged():
    became = {"https://a.example/": f"https://a.example/?{T}"}
    text = "  https://a.example/\nsee (https://a.example/), ehttps://a.example/ or https://a.example/b\n"
    assert tag_text(text, became) == (
        f"  https://a.example/?{T}\nsee (https://a.example/?{T}), ehttps://a.example/ or https://a.example/b\n"
    )


def issue(*, tagging: Tagging | None) -> Rendered:
    note = Note(html='<p>See <a href="https://note.example/#a">this</a></p>', text="See this (https://note.example/#a)")
    newsletter = make_newsletter(tagging=tagging, contents=True, offerings_per_topic=1)
    entries = [make_entry(1), make_entry(2, url="https://src.example/x?utm_source=theirs")]
    return render_issue(
        TEMPLATES, make_site(), newsletter, [(make_topic("Tea"), entries)], day(1, 6), 3, Extras(note=note)
    )


def test_a_message_is_tagged_and_its_copy_on_the_web_is_not():
    campaign = Wording(text="{{ newsletter.slug }}-{{ issue.number }}", path="config.yaml", field="campaign")
    plain, own = issue(tagging=None), issue(tagging=Tagging(medium="email", campaign=campaign))
    assert (own.html, own.text) == (plain.html, plain.text)
    tags = "utm_source=weekly&utm_medium=email&utm_campaign=weekly-3"
    text, html = own.mail_text or "", own.mail_html or ""
    for url in ("https://example.org/stories/1/?{}", "https://example.org/?{}", "https://note.example/?{}#a"):
        assert url.format(tags) in text
        assert f'href="{url.format(tags.replace("&", "&amp;"))}"' in html
    for url in (UNSUBSCRIBE_URL, PREFERENCES_URL, "https://feeds.example.org/newsletters/weekly/3/"):
        assert f'href="{url}"' in html
        assert f"\n{url}\n" in text
    assert 'href="https://src.example/x?utm_source=theirs"' in html
    assert html.replace(f"?{tags.replace('&', '&amp;')}", "") == plain.mail_html
    assert text.replace(f"?{tags}", "") == plain.mail_text
