"""Bodies: Markdown and HTML of any origin to safe HTML with absolute addresses, and to plain text."""

import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.parsing import bodies
from syndicate.parsing.bodies import Body, LostText, Markup, render_body, scrub
from syndicate.parsing.plain_text import excerpt, text_of

PAGE = "https://example.org/blog/post/"


def resolve(address: str) -> str | None:
    return urljoin(PAGE, address)


def markdown(text: str) -> str:
    return render_body(text, markup=Markup.MARKDOWN, resolve=resolve).html


def html(text: str) -> str:
    return render_body(text, markup=Markup.HTML, resolve=resolve).html


# ---- Markdown ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  \n\n ", ""),
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("# a\n\nb\nc", "<h1>a</h1>\n<p>b\nc</p>"),
        ("a\r\nb\rc", "<p>a\nb\nc</p>"),
        ("~~a~~", "<p><s>a</s></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        (
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
        ),
        ("```python\nx < 1\n```", '<pre><code class="language-python">x &lt; 1\n</code></pre>'),
        ("see https://a.org/b.", '<p>see <a href="https://a.org/b">https://a.org/b</a>.</p>'),
        ("main.rs, README.md and //a.me", "<p>main.rs, README.md and //a.me</p>"),
        ("[a](../b 'c')", '<p><a href="https://example.org/blog/b" title="c">a</a></p>'),
        ("![a](/b.png)", '<p><img src="https://example.org/b.png" alt="a"></p>'),
        ("a <b>b</b> <x-y>c</x-y> <T>d</T>", "<p>a <b>b</b> c d</p>"),
        ("a <!-- more --> b", "<p>a  b</p>"),
        ("<div>\n\n*a*\n\n</div>", "<div>\n<p><em>a</em></p>\n</div>"),
        ("AT&T &copy; &amp;lt;", "<p>AT&amp;T © &amp;lt;</p>"),
        ("a\x0b\x00b &#11;c", "<p>ab \ufffdc</p>"),
    ],
)
def test_markdown_becomes_html(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`{{ x }}` {{ y }}", "<p><code>{{ x }}</code></p>"),
        ("``a ` {{ x }}``{{ y }}", "<p><code>a ` {{ x }}</code></p>"),
        ("```\n{% x %}\n```\n{% y %}", "<pre><code>{% x %}\n</code></pre>"),
        ("~~~~\n~~~\n{{ x }}\n~~~~", "<pre><code>~~~\n{{ x }}\n</code></pre>"),
        ("a\n\n    {{ x }}\n", "<p>a</p>\n<pre><code>{{ x }}\n</code></pre>"),
        (
            "- a\n\n  ```\n  {{ x }}\n  ```\n",
            "<ul>\n<li>\n<p>a</p>\n<pre><code>{{ x }}\n</code></pre>\n</li>\n</ul>",
        ),
        ("> `{{ x }}`", "<blockquote>\n<p><code>{{ x }}</code></p>\n</blockquote>"),
        ("<pre>{{ x }}</pre>", "<pre>{{ x }}</pre>"),
        ("a <code>{{ x }}</code>{{ y }}", "<p>a <code>{{ x }}</code></p>"),
        ("\\`{{ x }}`", "<p>``</p>"),
        ("`{{</* x */>}}`", "<p><code>{{&lt; x &gt;}}</code></p>"),
    ],
)
def test_tags_stay_in_code_and_go_elsewhere(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{{< youtube abcdefghijk >}}",
            '<p><a href="https://www.youtube.com/watch?v=abcdefghijk">Video: youtube.com</a></p>',
        ),
        (
            '{{< figure src="a.jpg" caption="By [Ann](/ann)" >}}\nnext *line*',
            '<figure><img src="https://example.org/blog/post/a.jpg" alt=""><figcaption>By '
            '<a href="https://example.org/ann">Ann</a></figcaption></figure>\n<p>next <em>line</em></p>',
        ),
        (
            "{% highlight c %}\na  *b*\n\n\t{{ c }}\n{% endhighlight %}\nd",
            '<pre><code class="language-c">a  *b*\n\n\t{{ c }}</code></pre>\n<p>d</p>',
        ),
        ('[a]({{< ref "b c" >}})', '<p><a href="https://example.org/blog/post/b%20c">a</a></p>'),
        ("[a]({{ page.url }})", "<p>a</p>"),
        ("## A {#a}\n\n* TOC\n{:toc}\n\nb\n{: .c}", "<h2>A</h2>\n<p>b</p>"),
        ("{{< unclosed\n\nb", "<p>{{&lt; unclosed</p>\n<p>b</p>"),
        (
            "import Tabs from 'a';\n\n<Tabs b={1}>\n\n*c*\n\n</Tabs>\n\n{/* d */}",
            "<p><em>c</em></p>",
        ),
        (
            "<div style={{width: '50%'}}>\n<img src={require('./a.png').default} />\n</div>",
            '<div>\n<img src="https://example.org/blog/post/a.png" alt="">\n</div>',
        ),
    ],
)
def test_shortcodes_become_html(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a[^x] b[^1], c[^x]\n\n[^1]: *one*\n[^x]: two\n    lines\n",
            "<p>a<sup>[1]</sup> b<sup>[2]</sup>, c<sup>[1]</sup></p>\n"
            "<p><sup>[2]</sup> <em>one</em></p>\n<p><sup>[1]</sup> two\nlines</p>",
        ),
        ("a[^1]\n\n[^1]: ibid.", "<p>a<sup>[1]</sup></p>\n<p><sup>[1]</sup> ibid.</p>"),
        ("a[^1] `b[^1]`\n\n[^1]: c", "<p>a<sup>[1]</sup> <code>b[^1]</code></p>\n<p><sup>[1]</sup> c</p>"),
        ("a[^1] and [^2]", "<p>a[^1] and [^2]</p>"),
    ],
)
def test_footnotes_are_numbered(text: str, expected: str) -> None:
    assert markdown(text) == expected


def test_lost_text_is_reported_with_its_line() -> None:
    text = 'one\r\n\r\n<A b={{\r\n c: 1 }} />\r\n\r\n{{< pullquote text="A wise word" >}}'
    body = render_body(text, markup=Markup.MARKDOWN, resolve=resolve)
    found = '{{< pullquote text="A wise word" >}}'
    assert body == Body(html="<p>one</p>", lost=(LostText(line=6, found=found),))


def test_a_body_of_html_needs_no_markdown_parser() -> None:
    code = (
        "import sys; from syndicate.parsing.bodies import *;"
        "render_body('<p>a</p>\\n\\n<ul><li>b</ul>', markup=Markup.MARKDOWN, resolve=str);"
        "sys.exit('markdown_it' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


HTML_STARTS = ["<p>", "<P\n", "<div", "</div>", "<hr/>", "  <h1 id=a>", "<p\u00a0>", "\n\n<td>", "<ul><li>"]
OTHER_STARTS = ["a", "<b>", "<pre>", "<!-- ", "    <p>", "\t<p>", "<script>", "<pa>", "<p.>", "# ", "- <p>", "> <p>"]
MIDDLES = ["*a*", "\n\n", "\n", "\n \t\n", "    b", "</p>", "<br>", "`c`", "http://a.org", "&amp;", "</pre>", " ", "\t"]


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(HTML_STARTS * 4 + OTHER_STARTS),
            st.lists(st.sampled_from(MIDDLES) | st.text(max_size=3), max_size=4).map("".join),
            st.sampled_from(["", "\n", "\n\n", " \n \n\n", "  "]),
        ).map("".join),
        max_size=4,
    ).map("".join)
)
def test_passing_the_parser_by_gives_what_the_parser_gives(text: str) -> None:
    text = scrub(text).replace("\r", "\n")
    shortcut = bodies._html_of_markdown(text)
    parsed = str(bodies._markdown(linkify=True).render(text))
    assert shortcut.strip("\n") == parsed.strip("\n") or not text.strip()
    assert bodies._sanitised(shortcut, resolve) == bodies._sanitised(parsed, resolve)


# ---- HTML ----------------------------------------------------------------------------------

KEPT = """<h2 lang="de">a</h2>
<p dir="rtl">a<br>b<wbr>c <abbr title="x">d</abbr> <cite>e</cite> <q cite="https://a.org/">f</q></p>
<blockquote cite="https://a.org/">g</blockquote>
<ol start="3" reversed="" type="a"><li value="4">h</li></ol>
<dl><dt>i</dt><dd>j</dd></dl>
<table><caption>k</caption><colgroup><col span="2"></colgroup><thead><tr><th scope="col" abbr="l">m</th></tr></thead>\
<tbody><tr><td colspan="2" rowspan="3">n</td></tr></tbody></table>
<figure><img src="https://a.org/o.png" alt="p" title="q" width="1" height="2"><figcaption>r</figcaption></figure>
<p><time datetime="2026-03-01">s</time> <del datetime="2026-03-01">t</del> <ins cite="https://a.org/">u</ins></p>
<details><summary>v</summary><ruby>w<rp>(</rp><rt>x</rt><rp>)</rp></ruby></details>
<pre class="language-c"><code class="language-c++">y</code></pre>
<section><article><aside><p><a href="https://a.org/" title="b" hreflang="en">z</a></p></aside></article></section>"""


def test_what_articles_are_made_of_is_kept() -> None:
    assert html(KEPT) == KEPT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p style='color:red' class=x id=y onclick=z data-a=b>a</p>", "<p>a</p>"),
        ("<code class='hljs language-js'>a</code>", '<code class="language-js">a</code>'),
        ("<code class='hljs'>a</code><pre class=lang-c>b</pre>", '<code>a</code><pre class="lang-c">b</pre>'),
        ("<center>a <tt>b</tt> <strike>c</strike></center>", "<div>a <code>b</code> <s>c</s></div>"),
        ("<fieldset><font color=red>a</font></fieldset>", "<div>a</div>"),
        ("<dir><li>a</dir><acronym title=b>c</acronym>", '<ul><li>a</li></ul><abbr title="b">c</abbr>'),
        ("<form><label>a</label> <input value=b><button>c</button></form>", "a c"),
        ("<p>a<p>b<li>c", "<p>a</p><p>b</p><li>c</li>"),
        ("<p></p><p>a</p><p></p>", "<p>a</p>"),
        ("<pre>\n\na\n</pre>", "<pre>a\n</pre>"),
        ("a<!-- b --><![CDATA[c]]><?d?>", "a"),
        ("<script>a</script><style>b</style><title>c</title><template>d</template>e", "e"),
        ("<noscript><p>a</p></noscript><svg><text>b</text></svg><math><mi>c</mi></math>d", "d"),
        ("<noembed>a</noembed><noframes><p>b</p></noframes>c", "c"),
        ("<!DOCTYPE html><html><head><title>a</title></head><body><p>b</p></body></html>", "<p>b</p>"),
        (
            "<picture><source srcset='/a.webp'><img src='/a.png'></picture>",
            '<img src="https://example.org/a.png" alt="">',
        ),
        ("a&#11;b&#xFFFE;c&#xD800;&nbsp;d", "abc\ufffd&nbsp;d"),
        ("\x02a\x0c\ud800\uffff", "a"),
        ("a < b & c > d \"e'", "a &lt; b &amp; c &gt; d \"e'"),
        ("{{ x }}<p>{% y %}a</p>", "<p>a</p>"),
        ("<pre>{{ x }}<code>{{ y }}</code></pre>{{ z }}", "<pre>{{ x }}<code>{{ y }}</code></pre>"),
        ("<code>{{ x }}<PRE>{{ y }}</PRE>{{ z }}", "<code><pre>{{ y }}</pre></code>"),
    ],
)
def test_html_is_sanitised(text: str, expected: str) -> None:
    assert html(text) == expected


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://xss.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<SCRIPT>alert(1);//<</SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<IMG SRC=javascript:alert(1)>",
    "<IMG SRC=`javascript:alert(1)`>",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<IMG SRC=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)>",
    '<a href="jav&#x09;ascript:alert(1)">a</a>',
    '<a href="jav&#x0A;ascript:alert(1)">a</a>',
    '<a href=" &#14;  javascript:alert(1)">a</a>',
    '<a href="\x01javascript:alert(1)">a</a>',
    '<a href="java\x00script:alert(1)">a</a>',
    '<a href="java&#1;script:alert(1)">a</a>',
    '<a href="java&#xFFFE;script:alert(1)">a</a>',
    '<a href="javascript&colon;alert(1)">a</a>',
    '<a href="JaVaScRiPt:alert(1)">a</a>',
    '<a href="vbscript:msgbox(1)">a</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">a</a>',
    '<a href="javascript://example.org/%0aalert(1)">a</a>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "<img srcset='javascript:alert(1) 1x, data:x 2x'>",
    "<img data-src='javascript:alert(1)'>",
    "<blockquote cite='javascript:alert(1)'>a</blockquote>",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>a</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe src='/a'><img src=x onerror=alert(1)></iframe>",
    "<iframe src='/a'><iframe ><img src=x onerror=alert(1)></iframe>",
    "<iframe src='/a' title='</a><script>alert(1)</script>'></iframe>",
    "<iframe src='/a\"><script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<object data='data:text/html,<script>alert(1)</script>'>a</object>",
    "<embed src='javascript:alert(1)'>",
    "<video><source onerror=alert(1) src='javascript:alert(1)'></video>",
    "<video src='/a' poster='javascript:alert(1)'></video>",
    "<audio src='/a' onerror=alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<p style='background:url(javascript:alert(1))'>a</p>",
    "<link rel=stylesheet href='javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<table background='javascript:alert(1)'><td>a",
    "<input type=image src='javascript:alert(1)'>",
    "<isindex action='javascript:alert(1)'>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<? echo('<script>alert(1)</script>') ?>",
    "<!ENTITY xxe SYSTEM 'file:///etc/passwd'>",
    "<a href='&#x6a;avascript:alert(1)' onmouseover=alert(1)>a</a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '{{< figure src="x\\" onerror=\\"alert(1)" >}}',
    '{{< figure src="javascript:alert(1)" link="javascript:alert(1)" >}}',
    '{{< youtube id="x\\"><script>alert(1)</script>" >}}',
    '{{< video src="javascript:alert(1)" >}}',
    "{{< img src='a' caption=\"<script>alert(1)</script>\" >}}",
    "{% highlight html %}<script>alert(1)</script>{% endhighlight %}",
    "{% raw %}<script>alert(1)</script>{% endraw %}",
    "{{ '<script>alert(1)</script>' }}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("markup", Markup)
def test_nothing_hostile_gets_through(text: str, markup: Markup) -> None:
    check(render_body(f"b {text} c", markup=markup, resolve=resolve).html)
    check(render_body(text, markup=markup, resolve=resolve).html)


# ---- Addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("x", "https://example.org/blog/post/x"),
        ("../x", "https://example.org/blog/x"),
        ("/x", "https://example.org/x"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("?q=1&amp;r", "https://example.org/blog/post/?q=1&amp;r"),
        ("#part", "https://example.org/blog/post/#part"),
        (" x\ty\n", "https://example.org/blog/post/xy"),
        ("https://a.org/?b&amp;c#d", "https://a.org/?b&amp;c#d"),
        ("https://a.org/b c", "https://a.org/b%20c"),
        ("HTTPS://a.org", "https://a.org"),
        ("http:/a.org", "http://a.org"),
        ("https:\\\\a.org", "https://a.org"),
        ("https://a.org/é", "https://a.org/%C3%A9"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("tel:+1-2", "tel:+1-2"),
    ],
)
def test_an_address_is_made_absolute(written: str, expected: str) -> None:
    assert html(f'<a href="{written}">a</a>') == f'<a href="{expected}">a</a>'


@pytest.mark.parametrize(
    "written", ["", " ", "javascript:x", "ftp://a.org", "http://", "mailto:", "//[", "c:\\a", "//a^b/c"]
)
def test_a_link_to_nowhere_keeps_its_text(written: str) -> None:
    assert html(f'a <a href="{written}" title="b"><b>c</b></a>') == "a <b>c</b>"


def test_each_relative_address_is_resolved_once_as_it_is_written() -> None:
    seen: list[str] = []
    text = (
        '<a href="../a?b&amp;c">d</a><img src="e.png" srcset="f.png 2x"><q cite="#g">h</q>'
        '<video src="/i"></video><a href="https://a.org">j</a>'
    )
    expected = 'd<q>h</q><a href="https://a.org">j</a>'
    assert render_body(text, markup=Markup.HTML, resolve=seen.append).html == expected
    assert sorted(seen) == ["#g", "../a?b&c", "/i", "e.png", "f.png"]


def test_what_resolve_gives_is_checked() -> None:
    answers = {"a": "javascript:x", "b": "/still/relative", "c": "https://a.org/\x01 d", "e": ""}
    text = "".join(f'<a href="{name}">{name}</a>' for name in answers)
    shown = render_body(text, markup=Markup.HTML, resolve=answers.get).html
    assert shown == 'ab<a href="https://a.org/%20d">c</a>e'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('src="/a.png"', 'src="https://example.org/a.png" alt=""'),
        ('alt="b" src="/a.png"', 'alt="b" src="https://example.org/a.png"'),
        ('src="/a.png" width="100%" height="20"', 'src="https://example.org/a.png" height="20" alt=""'),
        ('src="data:image/gif;base64,R0" data-src="/a.png"', 'src="https://example.org/a.png" alt=""'),
        ('src="/a.png" data-src="/b.png"', 'src="https://example.org/a.png" alt=""'),
        ('src="/a.png" sizes="50vw"', 'src="https://example.org/a.png" alt=""'),
        (
            'srcset="/a,b.png 1x,/c.png, d.png 2x ,,/e.png 100w"',
            'srcset="https://example.org/a,b.png 1x, https://example.org/c.png, '
            'https://example.org/blog/post/d.png 2x, https://example.org/e.png 100w" '
            'src="https://example.org/a,b.png" alt=""',
        ),
        (
            'src="/a.png" sizes="50vw" srcset="data:image/gif;base64,R0 1x, /b.png 2x" alt="c"',
            'src="https://example.org/a.png" sizes="50vw" srcset="https://example.org/b.png 2x" alt="c"',
        ),
    ],
)
def test_a_picture_has_an_address_and_an_alternative(written: str, expected: str) -> None:
    assert html(f"<img {written}>") == f"<img {expected}>"


@pytest.mark.parametrize(
    "written", ["", 'alt="a"', 'src="data:image/png;base64,R0"', 'src="mailto:a@b.org"', "srcset=,,"]
)
def test_a_picture_without_an_address_goes_with_the_link_around_it(written: str) -> None:
    assert html(f'<p>a<a href="/b"><img {written}></a></p>') == "<p>a</p>"


# ---- Embeds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '<iframe src="https://maps.example/a?b=1&amp;c" width=1><p>d</p></iframe>',
            '<p><a href="https://maps.example/a?b=1&amp;c">Embedded content: maps.example</a></p>',
        ),
        (
            '<iframe src="//www.youtube.com/embed/abc?rel=0"></iframe>',
            '<p><a href="https://www.youtube.com/watch?v=abc">Video: youtube.com</a></p>',
        ),
        (
            '<iframe src="https://player.vimeo.com/video/12" title="A &quot;film&quot; &lt;3"></iframe>',
            '<p><a href="https://vimeo.com/12">A "film" &lt;3</a></p>',
        ),
        (
            '<video controls poster="/p.jpg"><source src="/a.mp4"><source src="/a.webm">No video.</video>',
            '<p><a href="https://example.org/a.mp4">Video: example.org</a></p>',
        ),
        ('<audio src="https://a.org/b.mp3"></audio>', '<p><a href="https://a.org/b.mp3">Audio: a.org</a></p>'),
        ('<embed src="https://a.org/b">', '<p><a href="https://a.org/b">Embedded content: a.org</a></p>'),
        (
            '<object data="https://a.org/b.pdf"><object data="/c">d</object></object>e',
            '<p><a href="https://a.org/b.pdf">Embedded content: a.org</a></p>e',
        ),
        (
            '<object data="/b.pdf"><p><a href="/b">the flyer</a></p></object>',
            '<p><a href="https://example.org/b">the flyer</a></p>',
        ),
        (
            '<object><param name="movie" value="x"><embed src="https://a.org/b"></object>',
            '<p><a href="https://a.org/b">Embedded content: a.org</a></p>',
        ),
        ("<video><p>a</p></video><iframe>b</iframe><embed>c", "<p>a</p>c"),
        ('<iframe src="about:blank"></iframe>a', "a"),
        (
            '<p>a <iframe src="https://b.org"></iframe> c</p>',
            '<p>a <a href="https://b.org">Embedded content: b.org</a> c</p>',
        ),
        (
            '<ul><li>a <video src="https://b.org/c"></video></li></ul>',
            '<ul><li>a <p><a href="https://b.org/c">Video: b.org</a></p></li></ul>',
        ),
        (
            '<a href="https://a.org"><iframe src="https://b.org"></iframe></a>',
            '<a href="https://b.org">Embedded content: b.org</a>',
        ),
        (
            '<div><br><iframe src="https://b.org"></iframe></div>',
            '<div><br><p><a href="https://b.org">Embedded content: b.org</a></p></div>',
        ),
        (
            '<figure><video src="https://a.org/b"></video><figcaption>c</figcaption></figure>',
            '<figure><p><a href="https://a.org/b">Video: a.org</a></p><figcaption>c</figcaption></figure>',
        ),
    ],
)
def test_an_embed_becomes_a_link(text: str, expected: str) -> None:
    assert html(text) == expected


# ---- Any text ------------------------------------------------------------------------------

ELEMENT_NAMES = (
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var wbr "
    "address article aside blockquote br caption col colgroup dd details div dl dt figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hgroup hr img li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
ATTRIBUTE_NAMES = (
    "abbr alt cite class colspan datetime dir height href hreflang lang reversed rowspan scope sizes span src srcset "
    "start title type value width"
)
ELEMENTS, ATTRIBUTES = set(ELEMENT_NAMES.split()), set(ATTRIBUTE_NAMES.split())
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Checker(HTMLParser):
    """Reads a fragment with another parser than the one that made it, and allows nothing unknown."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        given = dict(attrs)
        assert given.keys() <= ATTRIBUTES
        assert tag != "img" or {"src", "alt"} <= given.keys()
        for name, value in attrs:
            assert value is not None
            if name == "class":
                assert re.fullmatch(r"lang(uage)?-[\w+#.-]+", value)
            elif name == "srcset":
                assert all(is_absolute(candidate.split()[0]) for candidate in value.split(", "))
            elif name in ("href", "src", "cite"):
                assert is_absolute(value) or (name == "href" and value.startswith(("mailto:", "tel:")))

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    handle_pi = unknown_decl = handle_comment


def is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", address)


def check(fragment: str) -> None:
    Checker().feed(fragment)
    assert not FORBIDDEN.search(fragment)


WORDS = (
    "<p> </p> <div> </div> <a> </a> <b> </b> <i> </i> <table> </table> <tr> <td> </td> <ul> <li> </ul> <pre> </pre> "
    "<code> </code> <iframe> </iframe> <video> </video> <source> <object> </object> <embed> <img> <svg> </svg> <math> "
    "<style> </style> <script> </script> <title> <textarea> </textarea> <select> <option> </select> <noscript> "
    "</noscript> <template> </template> <form> </form> <button> </button> <center> </center> <h1> </h1> <br> <hr> "
    "<blockquote> <dl> <dt> <dd> <ruby> <rt> <rp> <details> <summary> <caption> <col> <tbody> <plaintext> <xmp> <!-- "
    "--> <![CDATA[ ]]> <?x ?> <!DOCTYPE> & &lt; &amp; &#11; &#x26; &quot; \" ' ` * _ ~ [ ] ( ) > < # - + = | \\ { } "
    "{{ }} {% %} {# #} {: :} {{< >}} {{% %}} {/* */} {#a} {:toc} {:.x} highlight raw endraw comment endcomment figure "
    'youtube ref src= alt= "a /x // http://e.org https: javascript: data: mailto: .. ?q #f \x00 \x0b \ud800 \ufffe '
    "\xa0 é 漢 a b import export from <Foo 1. 2) ``` ~~~ www.a.org x@y.org"
)
SPACES = [" ", "    ", "\n", "\n\n", "\t"]
VALUES = [
    "javascript:alert(1)", "java\tscript:x", "&#106;avascript:x", "http://e.org/ a", "//e.org", "/x", "#f", "data:x",
    "a.jpg 1x, b.jpg,c 2x", ",,,", "language-c", "http:", "https:/\\", "//[", "http://[", "\x01javascript:x", "tel:",
    "vbscript:x", "mailto:", "x&#58;y", "java&Tab;script:x",
]  # fmt: skip
TAG_NAMES = "a img iframe video object embed source q div p code pre span td input form"
TAG_ATTRIBUTES = "href src srcset data data-src cite title alt class style onclick poster id lang width"
tags = st.builds(
    "<{0} {1}={3}{2}{3}>".format,
    st.sampled_from(TAG_NAMES.split()),
    st.sampled_from(TAG_ATTRIBUTES.split()),
    st.text(max_size=6) | st.sampled_from(VALUES),
    st.sampled_from(['"', "'", ""]),
)
texts = st.lists(st.sampled_from(WORDS.split(" ") + SPACES) | tags | st.text(max_size=3), max_size=25).map("".join)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts, st.sampled_from(Markup))
def test_any_text_gives_a_safe_fragment(text: str, markup: Markup) -> None:
    body = render_body(text, markup=markup, resolve=resolve)
    check(body.html)
    assert "<" not in re.sub(r"<[^>]*>", "", body.html)
    assert not FORBIDDEN.search(text_of(body.html))


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts, st.sampled_from(Markup))
def test_what_is_sanitised_stays_as_it_is(text: str, markup: Markup) -> None:
    once = render_body(text, markup=markup, resolve=resolve).html
    if "{" not in once:  # a tag that was shown as text would be read as a tag
        assert render_body(once, markup=Markup.HTML, resolve=never).html == once


def never(address: str) -> str | None:
    raise AssertionError(address)


@given(st.text())
def test_plain_text_survives(text: str) -> None:
    escaped = scrub(text).replace("&", "&amp;").replace("<", "&lt;").replace("{", "&#123;")
    assert text_of(html(f"<p>{escaped}</p>")) == " ".join(scrub(text).split())


DEEP = {
    "divs": "<div>" * 20_000,
    "divs with text": "<div>a" * 20_000 + "</div>" * 20_000,
    "lists": "<ul><li>" * 20_000,
    "tables": "<table><tr><td>" * 20_000,
    "definitions": "<dl><dd>" * 20_000,
    "formatting": "".join(f"<b title={number}>" for number in range(1_000)) + "<p>x" * 1_000,
    "formatting in paragraphs": "".join(f"<p><b title={number}>" for number in range(3_000)),
    "links": "<a href=x>" * 20_000,
    "objects": "<object>" * 20_000,
    "videos": "<video>" * 20_000,
    "embeds": "<embed src=x>" * 20_000,
    "crossed": "<div><table></div>" * 5_000,
    "in comments": "<!--</div>--><div>" * 5_000,
    "comments": "<!--\n" * 5_000,
    "less than": "<" * 20_000,
    "attributes": '<a href="' * 5_000,
    "commas": f'<img srcset="{"," * 20_000}">',
    "candidates": f'<img srcset="{", a" * 20_000}">',
    "quotes": ">" * 20_000,
    "spaced quotes": "> " * 20_000 + "x",
    "Markdown lists": "- " * 20_000 + "x",
    "numbered lists": "1. " * 20_000,
    "brackets": "[" * 20_000,
    "pictures": "![" * 10_000,
    "nested links": "[" * 5_000 + "a" + "](b)" * 5_000,
    "stars": "*" * 20_000,
    "spaced stars": "*a " * 20_000,
    "strong": "**a " * 10_000 + "b**" * 10_000,
    "backticks": "`a" * 20_000,
    "backtick runs": "".join("`" * number + " " for number in range(300)) + "{{ x }}",
    "code elements": "{{ x }}<pre>" * 10_000,
    "addresses": "http://a." * 20_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("markup", Markup)
def test_deep_nesting_takes_no_time(text: str, markup: Markup) -> None:
    start = time.process_time()
    body = render_body(text, markup=markup, resolve=resolve)
    assert time.process_time() - start < 2
    assert len(body.html) < 20 * len(text)


def test_below_the_deepest_level_text_is_kept_and_marks_are_dropped() -> None:
    text = "<div>" * 1_000 + "<p>a <i>b</i></p>" + "</div>" * 1_000 + "<p><i>c</i></p>"
    depth = 256
    assert html(text) == "<div>" * depth + "<p>a b</p>" + "</div>" * depth + "<p><i>c</i></p>"


def test_many_tags_that_do_not_nest_are_kept() -> None:
    text = '<p>a <b>b</b><br><!-- c --><a href="https://a.org">d</a></p><LI><I>e</I></LI></u>' * 1_000
    expected = '<p>a <b>b</b><br><a href="https://a.org">d</a></p><li><i>e</i></li>' * 1_000
    assert html(text) == expected


def test_nested_lists_of_any_real_depth_are_kept() -> None:
    text = "\n".join("  " * depth + f"- level{depth}" for depth in range(18))
    assert text_of(markdown(text)).split() == [f"level{depth}" for depth in range(18)]


# ---- Plain text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", ""),
        ("<p>a</p><p>b</p>", "a b"),
        ("a<br>b<hr>c", "a b c"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ('<p>a<b>b</b><i>c</i> <a href="x&gt;y">d</a>e</p>', "abc de"),
        ('<code class="language-c">a</code>b', "ab"),
        ("a &amp; b &lt;c&gt; &amp;lt;", "a & b <c> &lt;"),
        (" a\n\n b&nbsp;c\t", "a b c"),
        ('a<img src="x" alt="b">c', "a c"),
        ("a<wbr>b", "ab"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
    ],
)
def test_plain_text_of_a_fragment(fragment: str, expected: str) -> None:
    assert text_of(fragment) == expected


@pytest.mark.parametrize(
    ("text", "max_chars", "expected"),
    [
        ("", 5, ""),
        ("a word", 6, "a word"),
        ("a word", 5, "a…"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("one — two", 6, "one…"),
        ("one", 1, "…"),
        ("one", 0, ""),
        ("one", -1, ""),
        ("supercalifragilistic", 10, "supercali…"),
        ("see https://example.org/" + "x" * 60, 60, "see https://example.org/" + "x" * 35 + "…"),
        ("日本語の文章です。", 5, "日本語の…"),
        ("Tokyo は日本の首都です", 10, "Tokyo は日本…"),
        ("日本のTokyo", 6, "日本の…"),
        ("การอ่านข่าว", 6, "การอ่…"),
        ("한국어는 띄어쓰기를 한다", 8, "한국어는…"),
        ("e\u0301" * 5, 6, "e\u0301e\u0301…"),
        ("👩\u200d👩\u200d👧 family", 3, "…"),
        ("\u0301\u0301\u0301", 2, "…"),
    ],
)
def test_an_excerpt_ends_between_words(text: str, max_chars: int, expected: str) -> None:
    assert excerpt(text, max_chars) == expected


@given(st.text(), st.integers(-1, 60))
def test_an_excerpt_is_never_longer_than_asked(text: str, max_chars: int) -> None:
    short = excerpt(text, max_chars)
    assert len(short) <= max(max_chars, 0)
    assert short == text or text.startswith(short.removesuffix("…"))


def test_scrub_returns_the_same_text_where_nothing_is_to_do() -> None:
    text = "a\tb\nc\rd é 漢 \U0001f600"
    assert scrub(text) is text


@given(st.text())
def test_scrub_leaves_only_what_xml_allows(text: str) -> None:
    assert scrub(text) == FORBIDDEN.sub("", text)
