"""The rules that published feeds are judged by: one good document a format, and broken ones for each reason."""

import json
from typing import Any

import pytest

from syndicate.checks import check_document
from syndicate.checks.content import markup_in
from syndicate.checks.values import is_language, is_w3c_date, rfc_822, rfc_3339

SELF = "https://example.org/tea/feed"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/css" href="/feed.css"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:fh="http://purl.org/syndication/history/1.0"
  xmlns:at="http://purl.org/atompub/tombstones/1.0">
<channel>
<title>Tea &amp; biscuits</title>
<link>https://example.org/tea/</link>
<description>All about tea</description>
<language>en-GB</language>
<managingEditor>pip@example.org (Pip Draft)</managingEditor>
<lastBuildDate>Tue, 03 Mar 2026 08:00:00 +0000</lastBuildDate>
<ttl>60</ttl>
<image><url>https://example.org/tea.png</url><title>Tea</title><link>https://example.org/tea/</link><width>144</width></image>
<atom:link rel="self" href="https://example.org/tea/feed" type="application/rss+xml"/>
<atom:link rel="hub" href="https://hub.example.com/"/>
<atom:link rel="current" href="https://example.org/tea/feed"/>
<atom:link rel="prev-archive" href="https://example.org/tea/archive/1.xml"/>
<fh:archive/>
<at:deleted-entry ref="urn:uuid:9b1a7e6c-0000-4000-8000-000000000009" when="2026-03-02T08:00:00Z"/>
<sy:updatePeriod>daily</sy:updatePeriod>
<sy:updateFrequency>2</sy:updateFrequency>
<item>
<title>The &lt;b&gt; element, AT&amp;T and a &lt; b</title>
<link>https://example.org/tea/1/</link>
<description>&lt;p&gt;&lt;img src="https://example.org/1.png"
srcset="https://example.org/1.png 1x, https://example.org/2.png 2x"&gt; Tea.</description>
<content:encoded><![CDATA[<p style="background-position: top">Hot &amp; strong
<a href="mailto:pip@example.org">tea</a>.</p>]]></content:encoded>
<author>pip@example.org (Pip Draft)</author>
<category domain="https://example.org/topics">Tea</category>
<guid isPermaLink="false">urn:uuid:9b1a7e6c-0000-4000-8000-000000000001</guid>
<pubDate>Sun, 01 Mar 2026 08:00:00 +0000</pubDate>
<enclosure url="https://example.org/1.mp3" length="1234" type="audio/mpeg"/>
<source url="https://example.com/rss.xml">Elsewhere</source>
<atom:updated>2026-03-03T08:00:00Z</atom:updated>
<media:group><media:content url="https://example.org/s.jpg"/><media:content url="https://example.org/l.jpg"/></media:group>
</item>
<item>
<title>Second cup</title>
<link>https://example.org/tea/2/</link>
<dc:creator>Pip Draft</dc:creator>
<guid>https://example.org/tea/2/</guid>
<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>
<atom:updated>2026-03-02T08:00:00Z</atom:updated>
</item>
</channel>
</rss>
"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0"
  xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="en">
<id>urn:uuid:9b1a7e6c-0000-4000-8000-000000000000</id>
<title>Tea &amp; biscuits</title>
<updated>2026-03-03T08:00:00Z</updated>
<author><name>Pip Draft</name><email>pip@example.org</email><uri>https://example.org/pip</uri></author>
<link rel="self" href="https://example.org/tea/feed" type="application/atom+xml"/>
<link rel="hub" href="https://hub.example.com/"/>
<link rel="current" href="https://example.org/tea/feed"/>
<link rel="prev-archive" href="https://example.org/tea/archive/1.xml"/>
<link href="https://example.org/tea/" type="text/html" hreflang="en"/>
<fh:archive/>
<at:deleted-entry ref="urn:uuid:9b1a7e6c-0000-4000-8000-000000000009" when="2026-03-02T08:00:00Z"/>
<logo>https://example.org/logo.png</logo>
<entry>
<id>urn:uuid:9b1a7e6c-0000-4000-8000-000000000001</id>
<title type="html">Tea &amp;amp; &lt;b&gt;milk&lt;/b&gt;</title>
<updated>2026-03-03T08:00:00Z</updated>
<published>2026-03-01T08:00:00.5+01:00</published>
<link href="https://example.org/tea/1/"/>
<link rel="enclosure" href="https://example.org/1.mp3" type="audio/mpeg" length="1234"/>
<link rel="http://example.org/rels/steeped" href="https://example.org/steeped"/>
<category term="tea" scheme="https://example.org/topics" label="Tea"/>
<summary>Hot.</summary>
<content type="html">&lt;p&gt;Hot &lt;a href="https://example.org/"&gt;tea&lt;/a&gt;.&lt;/p&gt;</content>
<source><id>https://example.com/</id><title>Elsewhere</title><updated>2026-03-01T08:00:00Z</updated></source>
</entry>
<entry>
<id>tag:example.org,2026:2</id>
<title>Second cup</title>
<updated>2026-03-02T08:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>More <a href="https://example.org/">tea</a>.</p></div></content>
</entry>
</feed>
"""

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head>
<title>Feeds</title>
<dateCreated>Sun, 01 Mar 2026 08:00:00 GMT</dateCreated>
</head>
<body>
<outline text="Drinks">
<outline type="rss" text="Tea" xmlUrl="https://example.org/tea/rss.xml" htmlUrl="https://example.org/tea/"/>
</outline>
</body>
</opml>
"""

JSON = """{
"version": "https://jsonfeed.org/version/1.1",
"title": "Tea & biscuits",
"home_page_url": "https://example.org/tea/",
"feed_url": "https://example.org/tea/feed",
"language": "en-GB",
"authors": [{"name": "Pip Draft", "url": "mailto:pip@example.org"}],
"hubs": [{"type": "WebSub", "url": "https://hub.example.com/"}],
"items": [
{
"id": "urn:uuid:9b1a7e6c-0000-4000-8000-000000000001",
"url": "https://example.org/tea/1/",
"title": "The <b> element",
"content_html": "<p>Hot <a href='https://example.org/'>tea</a>.</p>",
"date_published": "2026-03-01T08:00:00Z",
"tags": ["tea"],
"attachments": [{"url": "https://example.org/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1234}]
},
{"id": "2", "content_text": "More tea."}
]
}
"""

DOCUMENTS = {"rss": RSS, "atom": ATOM, "json": JSON, "opml": OPML}


@pytest.mark.parametrize("format", DOCUMENTS)
def test_a_good_document_has_no_problem(format: str) -> None:
    assert check_document("feed", DOCUMENTS[format].encode(), SELF, max_bytes=10_000) == ()


GUID = '<guid isPermaLink="false">urn:uuid:9b1a7e6c-0000-4000-8000-000000000001</guid>'
ENCLOSURE = '<enclosure url="https://example.org/1.mp3" length="1234" type="audio/mpeg"/>'
DIV = "<p>More "

BROKEN = [
    # reason, document, what is replaced, by what, the message
    ("feed-not-well-formed", "rss", "</channel>", "", "expected well-formed XML, got: mismatched tag"),
    ("feed-not-well-formed", "atom", "<logo>", "<x:logo>", "expected well-formed XML, got: unbound prefix"),
    ("feed-not-well-formed", "rss", "Second cup", "\x07",
     "expected well-formed XML, got: not well-formed (invalid token)"),
    ("feed-not-well-formed", "rss", "Second cup", "&#xD800;",
     "expected well-formed XML, got: reference to invalid character number"),
    ("feed-not-well-formed", "json", '"tags":', "tags:", "expected JSON, got: Expecting property name enclosed in "
     "double quotes"),
    ("feed-not-well-formed", "json", "More tea", "\\ud800", "expected text, got the character U+D800"),
    ("feed-not-well-formed", "json", "1234}", "NaN}", "expected JSON, got a number that JSON readers refuse"),
    ("feed-not-well-formed", "json", "{\n\"version", "\ufeff{\n\"version",
     "expected JSON, got a byte-order mark before it"),
    ("feed-not-well-formed", "opml", "<opml", "<!DOCTYPE opml [<!ENTITY a 'b'>]><opml",
     "expected no document type, got one: readers refuse it, since it can declare entities"),
    ("feed-not-well-formed", "opml", '"UTF-8"', '"ISO-8859-1"', "expected UTF-8, got a declaration of ISO-8859-1"),
    ("feed-unknown-format", "opml", "opml", "list",
     "expected RSS 2.0, Atom 1.0, JSON Feed or OPML 2.0, got the element <list>"),
    ("feed-unknown-format", "atom", "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#",
     "expected RSS 2.0, Atom 1.0, JSON Feed or OPML 2.0, got the element <{http://purl.org/atom/ns#}feed>"),
    ("feed-no-self", "rss", 'rel="self"', 'rel="related"',
     "expected a link with rel 'self' to https://example.org/tea/feed, got none"),
    ("feed-no-self", "atom", 'rel="self"', 'rel="related"',
     "expected a link with rel 'self' to https://example.org/tea/feed, got none"),
    ("feed-no-self", "json", '"feed_url": "https://example.org/tea/feed",', "",
     "expected feed_url to be https://example.org/tea/feed, got none"),
    ("feed-wrong-self", "rss", 'rel="self" href="https:', 'rel="self" href="http:',
     "expected a self link to https://example.org/tea/feed, got 'http://example.org/tea/feed'"),
    ("feed-wrong-self", "json", '"feed_url": "https:', '"feed_url": "http:',
     "expected feed_url to be https://example.org/tea/feed, got 'http://example.org/tea/feed'"),
    ("feed-missing-element", "rss", "<description>All about tea</description>", "",
     "expected a channel with a description, got none"),
    ("feed-missing-element", "rss", "<title>Second cup</title>", "",
     "expected an item with a title or a description, got neither"),
    ("feed-missing-element", "rss", "<ttl>",
     "<textInput><title>Ask</title><description>Ask</description><name>q</name></textInput><ttl>",
     "expected a textInput with a link, got none"),
    ("feed-missing-element", "atom", "<updated>2026-03-02T08:00:00Z</updated>", "",
     "expected an entry with updated, got none"),
    ("feed-missing-element", "atom", "<title>Second cup</title>", "<title/>",
     "expected an entry with a title, got none"),
    ("feed-missing-element", "atom", "author>", "contributor>",
     "expected an author of the entry or of the feed, got none"),
    ("feed-missing-element", "json", '"title": "Tea & biscuits",', "", "expected a feed with a title, got none"),
    ("feed-missing-element", "json", '"content_text": "More tea."', '"content_text": ""',
     "expected an item with content_html or content_text, got neither"),
    ("feed-missing-element", "opml", 'text="Drinks"', 'text=""', "expected an outline with a text, got none"),
    ("feed-missing-element", "opml", "xmlUrl", "url", "expected an outline of type rss with an xmlUrl, got none"),
    ("feed-unknown-element", "rss", "ttl>", "timeToLive>", "expected an element that RSS has, got 'timeToLive'"),
    ("feed-unknown-element", "atom", "logo>", "picture>", "expected an element that Atom has here, got 'picture'"),
    ("feed-element-twice", "rss", "<ttl>60</ttl>", "<ttl>60</ttl><ttl>60</ttl>", "expected one ttl, got another"),
    ("feed-element-twice", "atom", "<summary>", "<summary>Hot!</summary><summary>",
     "expected one summary, got another"),
    ("feed-bad-value", "json", '"title": "The <b> element"', '"title": 7', "expected a text in title, got 7"),
    ("feed-bad-value", "json", '["tea"]', '"tea"', "expected a list in tags, got 'tea'"),
    ("feed-no-id", "rss", GUID, "", "expected an item with a guid, got none"),
    ("feed-no-id", "rss", "<guid>https://example.org/tea/2/</guid>", "", "expected an item with a guid, got none"),
    ("feed-bad-id", "rss", "<guid>https:", "<guid>urn:",
     "expected isPermaLink=\"false\" on a guid that is no http(s) address, got 'urn://example.org/tea/2/'"),
    ("feed-bad-id", "rss", 'isPermaLink="false"', 'isPermaLink="no"',
     "expected isPermaLink to be true or false, got 'no'"),
    ("feed-bad-id", "atom", "tag:example.org,2026:2", "second cup", "expected a URI as id, got 'second cup'"),
    ("feed-bad-id", "atom", "urn:uuid:9b1a7e6c-0000-4000-8000-000000000001", "urn:uuid:1",
     "expected a URI as id, got 'urn:uuid:1'"),
    ("feed-bad-id", "json", '"id": "2"', '"id": 2', "expected a text as id, got 2"),
    ("feed-same-id", "rss", "<guid>https://example.org/tea/2/</guid>", GUID,
     "expected an id of its own, got that of line 33: 'urn:uuid:9b1a7e6c-0000-4000-8000-000000000001'"),
    ("feed-same-id", "atom", "tag:example.org,2026:2", "urn:uuid:9b1a7e6c-0000-4000-8000-000000000001",
     "expected an id of its own, got that of line 17: 'urn:uuid:9b1a7e6c-0000-4000-8000-000000000001'"),
    ("feed-same-id", "json", '"id": "2"', '"id": "urn:uuid:9b1a7e6c-0000-4000-8000-000000000001"',
     "expected an id of its own, got that of items[0] again: 'urn:uuid:9b1a7e6c-0000-4000-8000-000000000001'"),
    ("feed-bad-date", "rss", "Mon, 02", "Tue, 02",
     "expected a date like 'Sun, 01 Mar 2026 08:00:00 +0000', got 'Tue, 02 Mar 2026 08:00:00 GMT'"),
    ("feed-bad-date", "rss", "<ttl>60", "<ttl>1 hour", "expected a whole number of minutes in ttl, got '1 hour'"),
    ("feed-bad-date", "rss", "sy:updatePeriod", "sy:UpdatePeriod",
     "expected updatePeriod, updateFrequency or updateBase in the syndication module, got 'UpdatePeriod'"),
    ("feed-bad-date", "rss", ">daily<", ">None<",
     "expected one of hourly, daily, weekly, monthly, yearly in sy:updatePeriod, got 'None'"),
    ("feed-bad-date", "atom", "2026-03-01T08:00:00.5+01:00", "2026-03-01 08:00:00",
     "expected a date like '2026-03-01T08:00:00Z', got '2026-03-01 08:00:00'"),
    ("feed-bad-date", "json", "2026-03-01T08:00:00Z", "2026-02-30T08:00:00Z",
     "expected a date like '2026-03-01T08:00:00Z', got '2026-02-30T08:00:00Z'"),
    ("feed-bad-date", "opml", "Sun, 01", "Mon, 01",
     "expected a date like 'Sun, 01 Mar 2026 08:00:00 +0000', got 'Mon, 01 Mar 2026 08:00:00 GMT'"),
    ("feed-wrong-updated", "rss", "Tue, 03 Mar 2026 08", "Tue, 03 Mar 2026 07",
     "expected a lastBuildDate no older than the newest item, got 'Tue, 03 Mar 2026 07:00:00 +0000' before "
     "2026-03-03T08:00:00Z"),
    ("feed-wrong-updated", "atom", "biscuits</title>\n<updated>2026", "biscuits</title>\n<updated>2025",
     "expected updated to be no older than the newest entry's 2026-03-03T08:00:00Z, got '2025-03-03T08:00:00Z'"),
    ("feed-same-updated", "rss", "<atom:updated>2026-03-02", "<atom:updated>2026-03-03",
     "expected moments of update that tell entries apart, got that of line 37 again"),
    ("feed-same-updated", "atom", "<updated>2026-03-02T08:00:00Z", "<updated>2026-03-03T09:00:00+01:00",
     "expected moments of update that tell entries apart, got that of line 19 again"),
    ("feed-bad-enclosure", "rss", 'length="1234"', 'length="0"',
     "expected an enclosure with its length in bytes, got '0'"),
    ("feed-bad-enclosure", "rss", ' type="audio/mpeg"', "", "expected an enclosure with a media type, got ''"),
    ("feed-bad-enclosure", "atom", '"https://example.org/1.mp3"', '"/1.mp3"',
     "expected an enclosure with an absolute http(s) address, got '/1.mp3'"),
    ("feed-bad-enclosure", "json", '"mime_type"', '"type"', "expected an attachment with a media type, got ''"),
    ("feed-several-enclosures", "rss", ENCLOSURE, ENCLOSURE * 2, "expected one enclosure in an item, got another"),
    ("feed-several-enclosures", "rss", ENCLOSURE, f"{ENCLOSURE}\n{ENCLOSURE.replace('1.mp3', '2.mp3')}",
     "expected one enclosure in an item, got another"),
    ("feed-author-twice", "rss", "<dc:creator>", "<author>pip@example.org</author><dc:creator>",
     "expected either author or dc:creator in an item, got both"),
    ("feed-author-twice", "rss", "<category ", "<dc:creator>Pip</dc:creator><category ",
     "expected either author or dc:creator in an item, got both"),
    ("feed-bad-author", "rss", "<author>pip@example.org (Pip Draft)", "<author>Pip Draft",
     "expected an e-mail address in author, got 'Pip Draft'"),
    ("feed-bad-author", "atom", "<name>Pip Draft</name>", "", "expected an author with a name, got none"),
    ("feed-bad-author", "json", '"authors": [{"name": "Pip Draft", "url": "mailto:pip@example.org"}]', '"authors": []',
     "expected authors with someone in it, got an empty list"),
    ("feed-bad-author", "json", '"authors": [{"name": "Pip Draft", "url": "mailto:pip@example.org"}]',
     '"author": {"name": "Pip Draft"}', "expected authors, a list, got author, which was version 1.0's"),
    ("feed-element-order", "rss", "<guid>https://example.org/tea/2/</guid>",
     "<content:encoded>Tea</content:encoded><guid>https://example.org/tea/2/</guid><description>Tea</description>",
     "expected content:encoded after description, got it before"),
    ("feed-element-order", "rss", "<title>Second cup</title>",
     "<content:encoded>Tea</content:encoded><description>Tea</description>",
     "expected content:encoded after description, got it before"),
    ("feed-single-group", "rss", '<media:content url="https://example.org/s.jpg"/>', "",
     "expected a media:group of at least two media:content to choose from, got fewer"),
    ("feed-single-group", "rss", '<media:content url="https://example.org/s.jpg"/>', "<media:title/>",
     "expected a media:group of at least two media:content to choose from, got fewer"),
    ("feed-unsafe-content", "rss", "Hot &amp; strong", "<iframe src='https://example.org/'></iframe>",
     "expected content that is safe to show, got the element <iframe>"),
    ("feed-unsafe-content", "rss", "background-position", "color: red; Pos/**/ition",
     "expected content that is safe to show, got the style 'position' of <p>"),
    ("feed-unsafe-content", "rss", "mailto:", "java&#10;script:",
     "expected content that is safe to show, got the address 'java script:pip@example.org' of <a>"),
    ("feed-unsafe-content", "atom", "&lt;p&gt;Hot", "&lt;p onclick=x&gt;Hot",
     "expected content that is safe to show, got the attribute onclick of <p>"),
    ("feed-unsafe-content", "atom", DIV, '<p style="\\70osition: fixed">',
     "expected content that is safe to show, got the style 'position' of <p>"),
    ("feed-unsafe-content", "json", "<p>Hot", "<script>x()</script>",
     "expected content that is safe to show, got the element <script>"),
    ("feed-relative-address", "rss", "src=\"https://example.org/1.png\"", "src=\"1.png\"",
     "expected absolute addresses in content, got the src '1.png' of <img>"),
    ("feed-relative-address", "rss", "https://example.org/2.png 2x", "/2.png 2x",
     "expected absolute addresses in content, got the srcset '/2.png' of <img>"),
    ("feed-relative-address", "rss", "<link>https://example.org/tea/2/", "<link>/tea/2/",
     "expected an absolute address in link, got '/tea/2/'"),
    ("feed-relative-address", "atom", '<a href="https://example.org/">', '<a href="#leaves">',
     "expected absolute addresses in content, got the href '#leaves' of <a>"),
    ("feed-relative-address", "atom", "<logo>https://example.org/", "<logo>//example.org/",
     "expected an absolute address in logo, got '//example.org/logo.png'"),
    ("feed-relative-address", "json", '"https://example.org/tea/1/"', '"tea/1/"',
     "expected an absolute address, got 'tea/1/'"),
    ("feed-relative-address", "opml", 'htmlUrl="https://example.org/', 'htmlUrl="/',
     "expected an absolute address in htmlUrl, got '/tea/'"),
    ("feed-markup-in-text", "rss", "Second cup", "&lt;b&gt;Second&lt;/b&gt; cup",
     "expected plain text in title, got the markup '<b> … </b>'"),
    ("feed-markup-in-text", "rss", ">Tea</category>", ">Tea &amp;amp; milk</category>",
     "expected plain text in category, got the markup '&amp;'"),
    ("feed-markup-in-text", "atom", "Second cup", "Second&lt;br/&gt;cup",
     "expected plain text in title, got the markup '<br/>'"),
    ("feed-markup-in-text", "atom", "Hot.</summary>", "Hot<b/></summary>",
     "expected plain text in summary, got the markup '<b>'"),
    ("feed-markup-in-text", "json", "Tea & biscuits", "Tea &#38; biscuits",
     "expected plain text, got the markup '&#38;'"),
    ("feed-bad-link", "atom", 'type="text/html" hreflang="en"/>', '/><link href="https://example.org/other/"/>',
     "expected alternate links that differ in type or hreflang, got two alike"),
    ("feed-bad-link", "atom", 'rel="http://example.org/rels/steeped"', 'rel="steeped"',
     "expected a registered relation or a URI in rel, got 'steeped'"),
    ("feed-bad-link", "rss", "<link>https://example.org/tea/2/", "<link>ftp://example.org/tea/2/",
     "expected an http(s) address in link, got 'ftp://example.org/tea/2/'"),
    ("feed-bad-link", "rss", "<link>https://example.org/tea/</link>", f"<link>{SELF}</link>",
     "expected a link to the channel's page, got the feed's own address 'https://example.org/tea/feed'"),
    ("feed-bad-link", "atom", 'href="https://example.org/steeped"', "",
     "expected a link with an address in href, got none"),
    ("feed-bad-type", "atom", '<content type="html">', '<content type="CDATA">',
     "expected type text, html or xhtml in content, got 'CDATA'"),
    ("feed-bad-type", "json", "version/1.1", "version/1",
     "expected https://jsonfeed.org/version/1.1, got 'https://jsonfeed.org/version/1'"),
    ("feed-bad-type", "rss", 'rss version="2.0"', 'rss version="0.91"', "expected version 2.0 of RSS, got '0.91'"),
    ("feed-bad-image", "rss", "<width>144", "<width>600", "expected a width of at most 144 pixels, got '600'"),
    ("feed-bad-image", "rss", "<title>Tea</title>", "", "expected an image with a title, got none"),
    ("feed-bad-image", "rss", "Tea</title><link>https://example.org/tea/", "Tea</title><link>https://example.org/",
     "expected the channel's link 'https://example.org/tea/' in its image, got 'https://example.org/'"),
    ("feed-bad-category", "rss", ">Tea</category>", "> </category>",
     "expected a category with a name, got an empty one"),
    ("feed-bad-category", "atom", 'term="tea" ', "", "expected a category with a term, got none"),
    ("feed-bad-source", "atom", "<id>https://example.com/</id>", "", "expected a source with an id, got none"),
    ("feed-bad-source", "rss", '<source url="https://example.com/rss.xml">', "<source>",
     "expected a source with the address of a feed in url, got none"),
    ("feed-bad-language", "rss", "en-GB", "English", "expected a language tag, got 'English'"),
    ("feed-bad-language", "atom", 'xml:lang="en"', 'xml:lang="en_GB"',
     "expected a language tag in xml:lang, got 'en_GB'"),
    ("feed-bad-language", "json", "en-GB", "en_GB", "expected a language tag, got 'en_GB'"),
    ("feed-bad-archive", "atom", 'rel="current"', 'rel="related"',
     "expected an archive with a link with rel 'current', got none"),
    ("feed-bad-archive", "rss", "https://example.org/tea/archive/1.xml", "archive/1.xml",
     "expected an absolute http(s) address for prev-archive, got 'archive/1.xml'"),
    ("feed-bad-archive", "atom", "<fh:archive/>", "<fh:complete/>",
     "expected either a complete feed or one with archives, got both"),
    ("feed-bad-tombstone", "atom", ' when="2026-03-02T08:00:00Z"', "",
     "expected a deleted-entry with a moment in when, got ''"),
    ("feed-bad-tombstone", "atom", "000000000009", "000000000001",
     "expected either an entry or its deleted-entry, got both of 'urn:uuid:9b1a7e6c-0000-4000-8000-000000000001'"),
    ("feed-bad-hub", "atom", "https://hub", "hub",
     "expected a hub at an absolute http(s) address, got 'hub.example.com/'"),
    ("feed-bad-hub", "json", '"type": "WebSub", ', "", "expected a hub with a type, such as 'WebSub', got none"),
    ("feed-bad-instruction", "rss", "text/css", "text/xsl",
     "expected a style sheet in CSS, got XSLT: '/feed.css'"),
    ("feed-bad-instruction", "rss", "/feed.css", "/feed.xslt?1",
     "expected a style sheet in CSS, got XSLT: '/feed.xslt?1'"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "format", "old", "new", "what"), BROKEN)
def test_a_broken_document_has_the_problem_and_no_other(
    reason: str, format: str, old: str, new: str, what: str
) -> None:
    assert old in DOCUMENTS[format]
    problems = check_document("feed", DOCUMENTS[format].replace(old, new).encode(), SELF)
    assert {(one.reason, one.what) for one in problems} == {(reason, what)}


def test_every_reason_has_two_broken_documents() -> None:
    from syndicate.checks import atom, json_feed, opml, rss

    rules = [*rss.RULES, *atom.RULES, *json_feed.RULES, *opml.RULES]
    reasons = {rule.reason for rule in rules} | {"feed-not-well-formed", "feed-unknown-format"}
    tried = [reason for reason, *_ in BROKEN]
    assert sorted(reasons) == sorted(set(tried))
    assert [reason for reason in reasons if tried.count(reason) < 2] == []


@pytest.mark.parametrize("data", [b"\xff<rss/>", RSS.encode("utf-16"), ATOM.replace("Pip", "Pïp").encode("latin-1")])
def test_what_is_not_utf_8_is_not_well_formed(data: bytes) -> None:
    assert [one.reason for one in check_document("feed", data, SELF)] == ["feed-not-well-formed"]


@pytest.mark.parametrize("format", ["rss", "json"])
def test_a_document_over_the_limit_is_too_large(format: str) -> None:
    data = DOCUMENTS[format].encode()
    (problem,) = check_document("tea/rss.xml", data, SELF, max_bytes=len(data) - 1)
    assert problem.reason == "feed-too-large"
    assert problem.what == f"expected at most {len(data) - 1:,} bytes, got {len(data):,}"
    assert check_document("tea/rss.xml", data, SELF, max_bytes=len(data)) == ()


def test_a_problem_tells_file_line_entry_and_source() -> None:
    (problem,) = check_document("output/rss.xml", RSS.replace("Mon, 02", "Tue, 02").encode(), SELF)
    assert str(problem) == (
        "output/rss.xml:45: expected a date like 'Sun, 01 Mar 2026 08:00:00 +0000', got 'Tue, 02 Mar 2026 08:00:00 "
        "GMT' (syndicate writes this: run 'syndicate build --full', and if it stays, report it together with the "
        "article; the entry is 'Second cup'; by RSS Best Practices Profile, date and time; RFC 822, 5)"
    )


def test_a_problem_of_json_tells_its_member() -> None:
    (problem,) = check_document("output/feed.json", JSON.replace('"audio/mpeg"', '""').encode(), SELF)
    assert (problem.line, problem.field) == (10, "items[0].attachments[0].mime_type")


def test_lines_beyond_65535_are_told() -> None:
    longer = RSS.replace("<item>", "\n" * 70_000 + "<item>").replace("Mon, 02", "Tue, 02")
    (problem,) = check_document("feed", longer.encode(), SELF)
    assert problem.line == 45 + 2 * 70_000


def test_many_problems_of_a_kind_end_with_their_number() -> None:
    problems = check_document("feed", RSS.replace("<category ", "<category/>" * 1000 + "<category ").encode(), SELF)
    assert len(problems) == 25
    assert problems[-1].what == "expected a category with a name, got an empty one; and 975 more like this in the file"


def test_nothing_of_a_document_type_is_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 100}">' for n in range(20))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "tea">{entities}]><rss version="&e20;">&e20;</rss>'
    assert [one.reason for one in check_document("feed", bomb.encode(), SELF)] == ["feed-not-well-formed"]
    outside = '<!DOCTYPE rss SYSTEM "http://example.org/x.dtd"><rss/>'
    assert [one.reason for one in check_document("feed", outside.encode(), SELF)] == ["feed-not-well-formed"]


@pytest.mark.parametrize(
    "document",
    [
        "<rss>" + "<a>" * 100_000 + "</a>" * 100_000 + "</rss>",
        "[" * 100_000,
        '{"items": ' + "[" * 100_000,
        '{"items": [1, null, {"id": {}, "authors": [1], "attachments": [[]], "tags": {}, "content_html": []}]}',
        '{"items": [' + "9" * 5000 + "]}",
        RSS.replace("Tea.</description>", "&lt;b&gt;" * 20_000 + "&lt;iframe&gt;</description>"),
        JSON.replace("<p>Hot", "\\u0000<![<!--<p>Hot"),
        RSS.replace("<ttl>60", "<ttl>" + "6" * 5000),
        "",
        "<",
        "{",
    ],
    ids=range(11),
)
def test_hostile_documents_have_problems_and_raise_nothing(document: str) -> None:
    assert check_document("feed", document.encode(), SELF)


def test_json_of_any_depth_raises_nothing() -> None:
    for depth in range(800, 1100):
        document = f'{{"items": [{{"id": {"[" * depth}{"]" * depth}}}]}}'
        assert check_document("feed", document.encode(), SELF)


def test_one_fault_is_one_problem_if_the_address_of_the_feed_is_relative() -> None:
    for format in ("rss", "atom", "json"):
        document = DOCUMENTS[format].replace('"self" href="https://example.org', '"self" href="')
        document = document.replace('"feed_url": "https://example.org', '"feed_url": "')
        assert [one.reason for one in check_document("feed", document.encode(), SELF)] == ["feed-wrong-self"]


def test_a_feed_without_entries_is_good() -> None:
    empty = ATOM[: ATOM.index("<entry>")].replace("author>", "contributor>") + "</feed>"
    assert check_document("feed", empty.encode(), SELF) == ()
    empty = RSS[: RSS.index("<item>")] + "</channel></rss>"
    assert check_document("feed", empty.encode(), SELF) == ()


def test_a_byte_order_mark_is_right_in_xml() -> None:
    assert check_document("feed", b"\xef\xbb\xbf" + ATOM.encode(), SELF) == ()


class TestValues:
    @pytest.mark.parametrize(
        "text", ["Sun, 01 Mar 2026 08:00:00 GMT", "1 Mar 2026 08:00 +0100", "Thu, 29 Feb 2024 23:59:60 EST"]
    )
    def test_dates_of_rss(self, text: str) -> None:
        assert rfc_822(text)

    @pytest.mark.parametrize(
        "text",
        ["Sun, 1 Mar 26 08:00:00 GMT", "Sun, 30 Feb 2026 08:00:00 GMT", "Sun, 01 März 2026 08:00:00 GMT", "2026-03-01",
         "Sun, 01 Mar 2026 24:00:00 GMT", "Sun, 01 Mar 2026 08:00:00", "Sun, 01 Mar 2026 08:00:00 +0060",
         "Sun, 01 Mar 0000 08:00:00 GMT", ""],
    )  # fmt: skip
    def test_no_dates_of_rss(self, text: str) -> None:
        assert rfc_822(text) is None

    @pytest.mark.parametrize(
        "text", ["2026-03-01T08:00:00z", "2026-03-01T08:00Z", "2026-03-01T08:00:00", "٢٠٢٦-03-01T08:00:00Z"]
    )
    def test_no_dates_of_atom(self, text: str) -> None:
        assert rfc_3339(text) is None

    def test_moments_are_compared_across_zones(self) -> None:
        assert rfc_3339("2026-03-01T08:00:00.25Z") == rfc_3339("2026-03-01T09:30:00.250+01:30")
        assert rfc_822("Sun, 01 Mar 2026 08:00:00 GMT") == rfc_822("Sun, 01 Mar 2026 03:00:00 EST")

    def test_dates_of_w3c_may_be_coarse(self) -> None:
        good = ["2026", "2026-03", "2026-03-01", "2026-03-01T08:00Z", "2026-03-01T08:00:00+01:00"]
        assert [text for text in good if not is_w3c_date(text)] == []
        bad = ["26", "2026-13", "2026-02-30", "2026-03-01T08", "2026-03-01T25:00Z", "2026-03-01T08:00"]
        assert [text for text in bad if is_w3c_date(text)] == []

    def test_languages(self) -> None:
        good = ["en", "pt-BR", "zh-Hant-TW", "de-CH-1996", "sl-rozaj-biske", "en-x-tea", "x-tea", "i-klingon", "es-419"]
        assert [tag for tag in good if not is_language(tag)] == []
        bad = ["", "english", "en_GB", "e", "en-", "en--GB", "en-GB-", "12", "en GB"]
        assert [tag for tag in bad if is_language(tag)] == []


class TestMarkup:
    @pytest.mark.parametrize(
        "text",
        ["The <b> element", "a < b and c > d", "AT&T", "Q&A; or not", "Sleep <Tech>", "<T> of List<T>", "use <br> here",
         "if (a<b && c>d)", "</b> closes <b>", "&nosuch;", "<tea>hot</tea>"],
    )  # fmt: skip
    def test_texts_that_talk_about_markup_are_texts(self, text: str) -> None:
        assert markup_in(text) is None

    @pytest.mark.parametrize(
        ("text", "found"),
        [("<b>Tea</b>", "<b> … </b>"), ("Tea &amp; milk", "&amp;"), ("It&#8217;s", "&#8217;"), ("&#x27;", "&#x27;"),
         ("<img src=x>", "<img src=x>"), ("a<br/>b", "<br/>"), ("<A HREF=x>tea</A>", "<A HREF=x> … </A>"),
         ("&nbsp;", "&nbsp;")],
    )  # fmt: skip
    def test_markup_is_found(self, text: str, found: str) -> None:
        assert markup_in(text) == found


def test_json_on_one_line_is_read() -> None:
    feed: dict[str, Any] = json.loads(JSON)
    assert check_document("feed", json.dumps(feed).encode(), SELF) == ()
