"""One document of each format with which nothing is wrong, served at SELF."""

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
