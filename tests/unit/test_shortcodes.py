"""Shortcodes and template tags: what is left out, what is replaced, what counts as lost."""

import time

import pytest

from syndicate.parsing.jsx import may_have_jsx, without_jsx
from syndicate.parsing.shortcodes import LostText, expand, has_tags, link_to, page_of_player


def expanded(text: str) -> str:
    return expand(text, code=(), caption=str)[0]


def lost(text: str) -> tuple[LostText, ...]:
    return expand(text, code=(), caption=str)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{< unknown >}} b", "a  b"),
        ("a {{% unknown %}} b", "a  b"),
        ("{{< note >}}kept{{< /note >}}", "kept"),
        ("{{% note %}}kept{{% /note %}}", "kept"),
        ("{{< note />}}kept", "kept"),
        ("{{% param canonical_url %}}", ""),
        ("{% if page.x %}yes{% else %}no{% endif %}", "yesno"),
        ("{%- assign x = 'a b' -%}", ""),
        ("{% capture x %}kept{% endcapture %}", "kept"),
        ("{{ page.title }}", ""),
        ("{{- .Title -}}", ""),
        ("{{ site.url }}/path", "/path"),
        ("{% quote(author='me') %}kept{% end %}", "kept"),
        ("{# gone\n\nand gone #}kept", "kept"),
        ("{/* gone\n\nand gone */}kept", "kept"),
        ("{% comment %}{{ gone }} gone{% endcomment %}kept", "kept"),
        ("{{< comment >}}gone{{< /comment >}}kept", "kept"),
        ("{{<\n  unknown\n  a=1\n>}}kept", "kept"),
    ],
)
def test_a_tag_is_left_out_and_what_it_encloses_stays(text: str, expected: str) -> None:
    assert expanded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{< never closed",
        "{{< never closed\n\nA paragraph >}}",
        "{{< never closed {{",
        "{% never closed",
        "{{ never\n\nclosed }}",
        "{# never closed",
        "{#if x} and\n\nlater #}",
        "{/* never closed",
        "an Elixir tuple {:ok, value}",
        "a set {a, b} and ${x}",
    ],
)
def test_what_is_no_tag_or_never_closed_stays_as_text(text: str) -> None:
    assert expanded(text) == text
    assert lost(text) == ()


def test_a_tag_that_is_never_closed_does_not_swallow_the_next() -> None:
    assert expanded("{{< open\n\ntext {{< x >}} end") == "{{< open\n\ntext  end"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title {#anchor}", "# Title "),
        ("# Title {#anchor .class key=value}\nnext", "# Title \nnext"),
        ("text\n{: .lead}\n", "text\n\n"),
        ("[a](b){:target='_blank'}", "[a](b)"),
        ("{:.no_toc}", ""),
        ("{::nomarkdown}x{:/}", "x"),
        ("* TOC\n{:toc}\nnext", "\nnext"),
        ("1. This list gives way\n   {:.x toc}", ""),
        ("* item\n* TOC\n{:toc}", "* item\n"),
        ("* item\n* item", "* item\n* item"),
    ],
)
def test_kramdown_attributes_are_left_out(text: str, expected: str) -> None:
    assert expanded(text) == expected


@pytest.mark.parametrize(
    ("text", "address", "label"),
    [
        ("{{< youtube fgbB0HhVBq8 >}}", "https://www.youtube.com/watch?v=fgbB0HhVBq8", ""),
        ('{{< youtube id="fgbB0HhVBq8" >}}', "https://www.youtube.com/watch?v=fgbB0HhVBq8", ""),
        ('{{ youtube(id="fgbB0HhVBq8") }}', "https://www.youtube.com/watch?v=fgbB0HhVBq8", ""),
        ("{% youtube fgbB0HhVBq8 %}", "https://www.youtube.com/watch?v=fgbB0HhVBq8", ""),
        (
            "{% include youtube.html id='fgbB0HhVBq8' %}",
            "https://www.youtube.com/watch?v=fgbB0HhVBq8",
            "",
        ),
        (
            '{{ "https://www.youtube-nocookie.com/embed/fgbB0HhVBq8" | embed: "A talk" }}',
            "https://www.youtube.com/watch?v=fgbB0HhVBq8",
            "A talk",
        ),
        ('{{< vimeo id="146022717" title="A film" >}}', "https://vimeo.com/146022717", "A film"),
        ("{{< tweet 877500564405444608 >}}", "https://x.com/i/status/877500564405444608", "Post"),
        ('{{< x user="Zoo" id="1453" >}}', "https://x.com/Zoo/status/1453", "Post"),
        ("{% twitter https://twitter.com/a/status/1 %}", "https://twitter.com/a/status/1", "Post"),
        ("{{< gist spf13 7896402 >}}", "https://gist.github.com/spf13/7896402", "Code"),
        ("{% gist spf13/7896402 a.go %}", "https://gist.github.com/spf13/7896402", "Code"),
        ("{% gist 7896402 %}", "https://gist.github.com/7896402", "Code"),
        ("{{< instagram BWNjjyYFxVx >}}", "https://www.instagram.com/p/BWNjjyYFxVx/", "Picture"),
        ('{{< video src="/a.mp4" caption="A walk" >}}', "/a.mp4", "A walk"),
        ('{{< iframe "https://example.com/x" >}}', "https://example.com/x", "Embedded content"),
        ("{% embed https://example.com/x %}", "https://example.com/x", "Embedded content"),
    ],
)
def test_a_known_embed_becomes_a_link(text: str, address: str, label: str) -> None:
    kind = {"Post", "Code", "Picture", "Embedded content", ""}
    words = label or "Video"
    shown = link_to(address, kind=words) if label in kind else link_to(address, kind="", text=label)
    assert expanded(text) == shown


@pytest.mark.parametrize("text", ["{{< youtube >}}", "{{< vimeo x >}}", "{{< tweet x >}}", "{{< gist / >}}"])
def test_an_embed_of_nothing_is_left_out(text: str) -> None:
    assert expanded(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{< figure src="/a.jpg" >}}', '<figure><img src="/a.jpg" alt=""></figure>'),
        (
            '{{< figure\n  src="/a.jpg"\n  alt="A cat"\n  caption="Our cat"\n>}}',
            '<figure><img src="/a.jpg" alt="A cat"><figcaption>Our cat</figcaption></figure>',
        ),
        (
            '{{< figure src="a.jpg" title="T" caption="C" attr="Ann" attrlink="/ann" link="/big" >}}',
            '<figure><a href="/big"><img src="a.jpg" alt=""></a>'
            '<figcaption>T: C <a href="/ann">Ann</a></figcaption></figure>',
        ),
        (
            '{{< legacy-img-right src="2014/NJ\\_Loc3.jpg" alt="5\\" pipe" caption="" >}}',
            '<figure><img src="2014/NJ_Loc3.jpg" alt="5&quot; pipe"></figure>',
        ),
        (
            '{% image "assets/a.jpg" "A cat on a mat" %}',
            '<figure><img src="assets/a.jpg" alt="A cat on a mat"></figure>',
        ),
        (
            '{% image_with_class "assets/a.jpg" "height-lg" "Ann Lee" %}',
            '<figure><img src="assets/a.jpg" alt="Ann Lee"></figure>',
        ),
        (
            '{% img left /images/a.jpg 200 300 "A title" %}',
            '<figure><img src="/images/a.jpg" alt="A title"></figure>',
        ),
        (
            '{% include "linked-figure.html",\n image: "/a.jpg",\n alt: "Ann, in a hat" %}',
            '<figure><img src="/a.jpg" alt="Ann, in a hat"></figure>',
        ),
        (
            '{{< img src="a.jpg" >}}\nnext line',
            '<figure><img src="a.jpg" alt=""></figure>\n\nnext line',
        ),
        (
            'Look: {{< img src="a.jpg" caption="A cat" >}}',
            'Look: <img src="a.jpg" alt=""> <em>A cat</em>',
        ),
        ('[{% image "a.jpg" "A cat" %}](/b)', '[<img src="a.jpg" alt="A cat">](/b)'),
        ('<img src="{{< img src="a.jpg" >}}">', '<img src="a.jpg">'),
    ],
)
def test_a_picture_is_shown(text: str, expected: str) -> None:
    assert expanded(text) == expected


def test_a_caption_is_made_by_the_caller() -> None:
    text = '{{< figure src="a.jpg" caption="*new*" >}}'
    assert "<figcaption>*NEW*<" in expand(text, code=(), caption=str.upper)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[a]({{< ref "blog/x.md" >}})', "[a](blog/x.md)"),
        ('[a]({{% relref path="/blog/x y (1).md" %}} "T")', '[a](/blog/x%20y%20%281%29.md "T")'),
        ('<a href="{{< ref "x" >}}">a</a>', '<a href="x">a</a>'),
        ("[a]({% post_url 2014-01-01-x %})", "[a](2014-01-01-x)"),
        ("[a]({{ site.baseurl }}{% link _posts/x.md %})", "[a](_posts/x.md)"),
        ("[a](https://example.org{% post_url x %})", "[a](https://example.org/x)"),
        ('[a]({{ "/a/b/" | url }})', "[a](/a/b/)"),
        ('[a]({{ "a b.png" | asset_url }})', "[a](a%20b.png)"),
        ('[a]({{ get_url(path="@/blog/x.md") }})', "[a](@/blog/x.md)"),
        ("[a]({{ page.url }})", "[a](<>)"),
        ('[a]({{< tmp "gone" >}} "T")', '[a](<> "T")'),
        ('{{ "Hello world" | upcase }}', "Hello world"),
        ("<img alt=\"{{ 'A cat' | t }}\">", '<img alt="A cat">'),
        ("[a]: {{ '/x' | relative_url }}", "[a]: /x"),
    ],
)
def test_a_reference_becomes_the_address_it_names(text: str, expected: str) -> None:
    assert expanded(text) == expected
    assert lost(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{%- raw -%}`{% y %}`{%- endraw -%} or", "`{% y %}` or"),
        ("{% raw %} never ended {{ x }}", " never ended "),
        (
            "{% highlight ruby linenos %}\ndef x; end\n{% endhighlight %}",
            '<pre><code class="language-ruby">def x&#59; end</code></pre>',
        ),
        (
            '{{< highlight go "linenos=table" >}}\n{{ x }}\n\n  y\n{{< / highlight >}}',
            '<pre><code class="language-go">&#123;&#123; x &#125;&#125;&#10;&#10;  y</code></pre>',
        ),
        (
            "{% codeblock A title lang:js %}\nx\n{% endcodeblock %}",
            '<pre><code class="language-js">x</code></pre>',
        ),
        ("{% codeblock %}\nx\n{% endcodeblock %}", "<pre><code>x</code></pre>"),
        ("say {% highlight sh %}ls -l{% endhighlight %} now", "say <code>ls &#45;l</code> now"),
        ("write {{</* x */>}}", "write {{&lt; x &gt;}}"),
        ("write {{%/* x */%}}", "write {{% x %}}"),
    ],
)
def test_code_and_raw_text_are_kept(text: str, expected: str) -> None:
    assert expanded(text) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("`{{< x >}}`", "`{{< x >}}`"),
        ("`{{</* x */>}}`", "`{{< x >}}`"),
        ("`{{%/* x */%}}`", "`{{% x %}}`"),
        ("`{% raw %}{{ x }}{% endraw %}`", "`{{ x }}`"),
        ("`{% raw %}`", "`{% raw %}`"),
    ],
)
def test_tags_in_code_stay_as_written(code: str, expected: str) -> None:
    text = f"{{{{ a }}}}{code}{{{{ b }}}}"
    assert expand(text, code=[(7, 7 + len(code))], caption=str) == (expected, ())


def test_code_inside_a_tag_belongs_to_the_tag() -> None:
    text = '{{< figure src="a.jpg" caption="`x`" >}}{{ y }}'
    assert "`x`" in expand(text, code=[(32, 35)], caption=str)[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            '{{< pullquote text="A wise word" >}}',
            '{{< pullquote text="A wise word" >}}',
        ),
        ('{{< details "Read more" >}}x{{< /details >}}', '{{< details "Read more" >}}'),
        ("{% alert 'Mind the gap' %}", "{% alert 'Mind the gap' %}"),
        ("{{< note `Mind\nthe gap` >}}", "{{< note `Mind the gap` >}}"),
        ('{{ note(text="Mind the gap") }}', '{{ note(text="Mind the gap") }}'),
        (
            "{% include callout.html text='Mind the gap' %}",
            "{% include callout.html text='Mind the gap' %}",
        ),
    ],
)
def test_a_text_in_an_unknown_tag_is_reported(text: str, found: str) -> None:
    assert lost(text) == (LostText(line=1, found=found),)


@pytest.mark.parametrize(
    "text",
    [
        '{{< button "Go" >}}',
        '{{< box class="wide blue" style="float: left" >}}',
        '{{< icon "600x300 1.5" >}}',
        "{% if page.title == 'A title here' %}{% endif %}",
        "{{ page.title | default: 'A title here' }}",
        "{% assign x = 'some words here' %}",
        '{{< youtube id="fgbB0HhVBq8" title="Some words here" >}}',
        '<a href="{{< tmp "some words here" >}}">x</a>',
    ],
)
def test_what_is_no_text_for_readers_is_not_reported(text: str) -> None:
    assert lost(text) == ()


def test_lost_text_tells_its_line_and_is_shortened() -> None:
    (one,) = lost(f'first\n\n{{{{< quote\n text="{"word " * 40}" >}}}}')
    assert one.line == 3
    assert one.found == '{{< quote text="' + "word " * 12 + "wor…"
    assert len(one.found) == 80


def test_tags_are_told_fast() -> None:
    assert not has_tags("no {tags} here")
    assert all(map(has_tags, ("{{ x }}", "{% x %}", "{: .x}", "{#x}", "{/* x */}")))


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://www.youtube.com/embed/a-b_c?rel=0", "https://www.youtube.com/watch?v=a-b_c"),
        ("//www.youtube-nocookie.com/embed/abc", "https://www.youtube.com/watch?v=abc"),
        (
            "https://www.youtube.com/embed/videoseries?si=1&list=PL1",
            "https://www.youtube.com/playlist?list=PL1",
        ),
        ("https://player.vimeo.com/video/65678345?color=004cff", "https://vimeo.com/65678345"),
        ("https://youtu.be/abc", "https://youtu.be/abc"),
        ("https://example.org/embed/x", "https://example.org/embed/x"),
    ],
)
def test_a_player_has_a_page(address: str, page: str) -> None:
    assert page_of_player(address) == page


def test_a_link_says_what_it_leads_to() -> None:
    assert link_to("https://www.example.org/a?b&c", kind="Video") == (
        '<a href="https://www.example.org/a?b&amp;c">Video&#58; example&#46;org</a>'
    )
    assert link_to("/a.mp4", kind="Video") == '<a href="/a.mp4">Video</a>'
    assert link_to("/a", kind="Video", text="*a*\n b") == '<a href="/a">&#42;a&#42; b</a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<p style={{color: "red"}}>a</p>', "<p>a</p>"),
        ("<p style={{ a: {b: 1} }} lang='de'>a</p>", "<p lang='de'>a</p>"),
        (
            '<video\n  width={700}\n  controls="controls">',
            '<video\n  width="700"\n  controls="controls">',
        ),
        ('<img src={"/a.png"} alt={`A "cat"`} />', '<img src="/a.png" alt="A &quot;cat&quot;" />'),
        ("<img src={require('./a.png').default} />", '<img src="./a.png" />'),
        ("<img src={useBaseUrl('/a.png')} {...rest} />", '<img src="/a.png" />'),
        ("<a onClick={() => go('x')} href='/y'>z</a>", "<a href='/y'>z</a>"),
        ("<p x={1}> {' '} a{\" \"} </p>", "<p>   a  </p>"),
        ("let x ={a: 1}", "let x ={a: 1}"),
    ],
)
def test_jsx_properties_go_or_become_html(text: str, expected: str) -> None:
    assert may_have_jsx(text)
    assert without_jsx(text, ()) == expected


MODULE = """import Tabs from '@theme/Tabs';
import {
  A,
} from "./b";
import './c.css'

export const data = {
  a: 1,
};

text
"""


def test_imports_and_exports_go_from_a_body_with_components() -> None:
    left = without_jsx(MODULE + "<Tabs>\n", ())
    assert left.split() == ["text", "<Tabs>"]
    assert left.count("\n") == MODULE.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        MODULE,
        "import duties rise\n\n<Tabs />",
        "export taxes fall\n\n<Tabs />",
        "We import x from 'y'\n\n<Tabs />",
    ],
)
def test_prose_and_plain_bodies_keep_their_imports(text: str) -> None:
    assert without_jsx(text, ()) == text


def test_code_keeps_its_jsx() -> None:
    code = "```\nimport A from 'a'\n<A b={1} />\n```\n"
    text = f"<A b={{2}} />\n{code}"
    assert without_jsx(text, [(12, 12 + len(code))]) == f"<A />\n{code}"


@pytest.mark.parametrize(
    "text",
    [
        "{{<" * 20_000,
        "{{<" * 20_000 + ">}}",
        "{{" * 20_000,
        "{% raw %}" * 3_000,
        "{# " * 20_000,
        "{/*" * 20_000,
        "{:a=b " * 20_000,
        "{#a " * 20_000,
        "{{< a " + '\\"' * 9_000 + ">}}",
        "{{< a " + "x" * 19_000 + ">}}",
        '{{ "' + "a" * 19_000 + " }}",
        "* a\n{:toc}\n" * 2_000,
        "a=" * 9_000 + '{{ "x" }}' * 100,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    expanded(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "<a b={" * 20_000,
        "<a b={{{{" * 5_000,
        "import {\n" * 5_000 + "<X />",
        "export const\n" * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_jsx_takes_no_time(text: str) -> None:
    start = time.process_time()
    without_jsx(text, ())
    assert time.process_time() - start < 2
