"""Articles and files made to do harm: the build goes on, and nothing is written outside output/."""

import json
import os
import shutil
from pathlib import Path

import pytest
from support import CONFIG, NOW, Site, assert_feeds_parse, assert_whole, files, problems

# Texts that are paths, names of devices, too long, or no text at all.
EVIL = [
    "../../etc/passwd", "..", ".", "/etc/passwd", "con", "NUL.txt", "x" * 5000, "é" * 400, "a\x00b", "C:\\Windows\\x",
    "~root", "%2e%2e/%2e%2e", "a/../../b", "\u202egnp.exe", "index.html", ".syndicate", "-rf", " ", "$(touch owned)",
    "`touch owned`", "{{ 7 * 7 }}", "\x1b]0;owned\x07", "a\nb", "<script>alert(1)</script>", "]]>", "\ud800", "topics",
]  # fmt: skip
IDS = [ascii(text)[:24] for text in EVIL]
DEEP = 30_000


def outside(site: Site) -> set[str]:
    """Return what lies in the site's folder and above, but for what a build may write."""
    above = {path.as_posix() for path in site.root.parent.iterdir()}
    return above | {
        path.relative_to(site.root).as_posix()
        for path in site.root.rglob("*")
        if not path.relative_to(site.root).as_posix().startswith(("output/", ".syndicate/"))
    }


def hold_harmless(site: Site) -> None:
    """Build, and hold that all that was written is whole and where it belongs."""
    (site.root / "output").mkdir(exist_ok=True)
    (site.root / ".syndicate").mkdir(exist_ok=True)
    before = outside(site)
    report = site.build()
    assert outside(site) == before
    kinds = ("published", "held", "duplicates", "skipped", "rejected")
    assert sum(report[kind] for kind in kinds) == report["files"]
    assert "Good" in [entry.title for entry in site.feed("all/rss.xml").entries]
    assert_feeds_parse(site)
    for path, data in site.tree().items():
        assert_whole(path, data)
        assert not (site.output / path).is_symlink()
        assert max(map(len, path.split("/"))) <= 120


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "deep" / "er" / "site")
    site.article("good.md", title="Good")
    return site


def front(text: str) -> bytes:
    """Return an article whose every field is a text, written as JSON so that any text can be."""
    keys = ("title", "slug", "id", "author", "tags", "description", "image", "language", "kind", "basePath", "brand")
    own = {"title": f"t {text}", "date": "2026-03-01", "categories": [text, f"{text}: {text}"]}
    return json.dumps({**dict.fromkeys(keys, text), **own}).encode()


@pytest.mark.parametrize("text", EVIL, ids=IDS)
def test_no_text_of_an_article_leads_out_of_the_output_folder(site, text):
    site.write("articles/evil.md", front(text) + b"\ntext")
    link = {"title": "Linked", "date": "2026-03-01", "url": text, "link": text, "permalink": f"/{text}/:slug/"}
    site.write("articles/link.md", json.dumps(link).encode() + f"\n![]({text}) [a]({text})".encode("utf-8", "replace"))
    dates = {"title": "Dated", "date": text, "lastMod": "2026-03-01", "expiryDate": text, "publishDate": text}
    site.write("articles/dates.md", json.dumps(dates).encode())
    hold_harmless(site)
    assert site.articles()["articles/evil.md"]["status"] == "published"
    assert ("articles/dates.md", "bad-date") in problems(site.build("--full"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs the special files of Linux")
def test_links_loops_pipes_and_folders_called_like_articles_are_no_articles(site):
    folder = site.root / "articles"
    (folder / "loop").symlink_to(".")
    (folder / "up").symlink_to("..")
    (folder / "self.md").symlink_to("self.md")
    (folder / "nowhere.md").symlink_to("/nonexistent/x.md")
    (folder / "zero.md").symlink_to("/dev/zero")
    (folder / "memory.md").symlink_to("/proc/self/mem")  # a file that may be opened and not be read
    os.mkfifo(folder / "pipe.md")
    (folder / "folder.md").mkdir()
    site.article("folder.md/inside.md", title="Inside", date="2026-02-01")
    hold_harmless(site)
    rows = site.articles()
    assert {path: row["status"] for path, row in rows.items()} == {
        "articles/good.md": "published",
        "articles/folder.md/inside.md": "published",
        "articles/memory.md": "rejected",
        "articles/nowhere.md": "rejected",
        "articles/pipe.md": "rejected",
        "articles/self.md": "rejected",
        "articles/zero.md": "rejected",
    }
    hint = " (check that it is a file and its permissions)"
    said = site.run("check", "--now", NOW)
    assert (said.exit_code, said.stderr.splitlines()) == (
        1,
        [
            f"articles/memory.md: can't be read: Input/output error{hint}",
            f"articles/nowhere.md: can't be read: No such file or directory{hint}",
            f"articles/pipe.md: can't be read: not a regular file{hint}",
            f"articles/self.md: can't be read: Too many levels of symbolic links{hint}",
            f"articles/zero.md: can't be read: not a regular file{hint}",
        ],
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="for the superuser everything is readable")
def test_what_may_not_be_read_is_rejected_or_named(site):
    secret = site.article("secret.md")
    secret.chmod(0)
    site.article("closed/inside.md")
    (site.root / "articles/closed").chmod(0)
    try:
        hold_harmless(site)
        assert ("articles/secret.md", "unreadable") in problems(site.build())
        assert any(path.startswith("articles/closed") for path, _ in problems(site.build()))
    finally:
        (site.root / "articles/closed").chmod(0o700)


def test_pictures_that_are_links_are_not_published(site):
    """A link may lead to a secret; what is published must lie in the source folder itself."""
    site.write("secret.png", b"a secret")
    (site.root / "articles/pot.png").symlink_to("../secret.png")
    site.article("a.md", body="![](pot.png) ![](../secret.png)", image="../secret.png")
    hold_harmless(site)
    assert [path for path, data in site.tree().items() if b"a secret" in data or path.startswith("media/")] == []


@pytest.mark.parametrize("name", [b"latin-\xe9.md", b"new\nline.md", b"tab\tquote'\".md", b"\x1b[31mred.md", b"-rf.md"])
def test_any_file_name_is_shown_on_one_line_without_control_characters(site, name):
    path = os.path.join(os.fsencode(site.root / "articles"), name)
    with open(path, "wb") as file:
        file.write(b"---\ntitle: Odd\ndate: soon\n---\n")
    hold_harmless(site)
    said = site.run("check", "--now", NOW).stderr
    assert said.endswith("\n")
    assert said.removesuffix("\n").isprintable()
    for line in site.say("articles", "--now", NOW).splitlines():
        assert len(line.split("\t")) == 5
    assert len(site.articles()) == 2


def test_two_files_whose_names_look_alike_are_both_accounted_for(site):
    for name in (b"a\xe9.md", rb"a\xe9.md"):
        with open(os.path.join(os.fsencode(site.root / "articles"), name), "wb") as file:
            file.write(b"---\ntitle: Odd " + name.hex().encode() + b"\ndate: 2026-03-01\n---\n")
    report = site.build()
    assert (report["files"], report["published"]) == (3, 3)


HEAD = "title: Deep\ndate: 2026-03-01\n"
ALIASES = "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
DEEPLY_NESTED = {
    "yaml-flow": f"---\n{HEAD}x: {'[' * DEEP}{']' * DEEP}\n---\n",
    "yaml-blocks": f"---\n{HEAD}x:\n" + "".join(" " * n + "-\n" for n in range(1, 1500)) + "---\n",
    "yaml-aliases": f"---\n{HEAD}a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    + "---\n",
    "json": f'{{"title": "Deep", "date": "2026-03-01", "x": {"[" * DEEP}{"]" * DEEP}}}\n',
    "toml": f'+++\ntitle = "Deep"\ndate = 2026-03-01\nx = {"[" * DEEP}{"]" * DEEP}\n+++\n',
    "html": f"---\n{HEAD}---\n{'<div>' * DEEP}text",
    "html-lists": f"---\n{HEAD}---\n{'<ul><li>' * DEEP}text",
    "quotes": f"---\n{HEAD}---\n{'> ' * DEEP}text",
    "lists": f"---\n{HEAD}---\n{'- ' * DEEP}text",
    "brackets": f"---\n{HEAD}---\n{'[' * DEEP}text",
    "links": f"---\n{HEAD}---\n{'[a](' * DEEP}text",
    "stars": f"---\n{HEAD}---\n{'*a _b ' * DEEP}text",
    "ticks": f"---\n{HEAD}---\n" + " ".join("`" * n for n in range(1, 400)),
    "shortcodes": f"---\n{HEAD}---\n{'{{< a >}}' * DEEP}{'{% raw %}' * DEEP}",
    "tags": f"---\n{HEAD}---\n{'<A b={' * DEEP}",
    "comments": f"---\n{HEAD}---\n{'<!--' * DEEP}",
    "entities": f"---\n{HEAD}---\n{'&' * DEEP}{'&#x110000;' * 1000}",
    "fences": f"---\n{HEAD}---\n" + "".join(f"{' ' * (n % 4)}{'`' * (3 + n % 9)}\n" for n in range(DEEP // 10)),
    "tables": f"---\n{HEAD}---\n{'|a' * 2000}\n{'|-' * 2000}\n" + f"{'|b' * 2000}\n" * 5,
    "authors": f"---\n{HEAD}author: {'[' * 200}x{']' * 200}\n---\n",
    "title": f"---\ntitle: {'<b>' * DEEP}\ndate: 2026-03-01\n---\n",
}


UNREADABLE = {"json", "toml", "yaml-flow", "yaml-blocks", "yaml-aliases"}


@pytest.mark.parametrize("kind", DEEPLY_NESTED)
def test_what_is_nested_without_end_is_read_or_rejected(site, kind):
    site.write("articles/deep.md", DEEPLY_NESTED[kind])
    hold_harmless(site)
    row = site.articles()["articles/deep.md"]
    assert row["status"] == ("rejected" if kind in UNREADABLE else "published")


def test_a_file_of_20_mb_is_rejected_by_its_size_and_a_small_one_beside_it_is_not(site):
    site.write("articles/large.md", b"---\ntitle: Large\ndate: 2026-03-01\n---\n" + b"word " * 4_000_000)
    hold_harmless(site)
    assert problems(site.build()) == {("articles/large.md", "file-too-large")}


@pytest.mark.real
def test_what_is_nested_without_end_is_read_by_workers_too(site):
    """So many files that worker processes share them, where a stack that overflows would end one."""
    for number in range(220):
        site.article(f"{number}.md", link=f"https://source.example/{number}")
    for kind, content in DEEPLY_NESTED.items():
        site.write(f"articles/deep-{kind}.md", content)
    done = site.command("build", "--now", NOW)
    assert (done.returncode, done.stdout.split(",")[0]) == (0, "published 6 feeds")
    assert "crashed-parser" not in done.stderr


def test_a_config_with_evil_slugs_is_refused(site):
    for section in (
        {"newsletters": [{"slug": "../../x", "title": "X", "cadence": "daily at 08:00"}]},
        {"topics": {"Tea": {"slug": "../../x"}}},
        {"sources": [{"path": "articles", "name": "../../x"}]},
    ):
        site.configure({**CONFIG, **section})
        assert ": expected lower-case letters, digits and hyphens such as 'x', got '../../x'" in site.refuse("build")
    assert not site.output.exists()


def test_templates_can_not_reach_the_machine(site):
    for code in (
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ site.__class__ }}",
        "{{ cycler.__init__.__globals__.os.popen('touch owned') }}",
        "{% include '../../config.yaml' %}",
        "{{ site.__init__.__globals__ }}",
    ):
        site.write("templates/pages/index.html", code)
        assert site.refuse("build", "--now", NOW).startswith("templates/pages/index.html:1: "), code
    assert not (site.root / "owned").exists()


UNSAFE = ("<script", "onclick", "javascript:", "<iframe", "onload", "<style", "<form", "<object", "<base", "<meta")


def test_what_is_in_a_feed_is_safe_to_show(site):
    body = (
        "<script>alert(1)</script><p onclick=alert(1)>x</p><a href='javascript:alert(1)'>a</a><iframe src=//x></iframe>"
        "<img src=x onerror=alert(1)><svg onload=alert(1)><style>*{display:none}</style><form action=//x><input></form>"
        "<object data=//x></object><base href=//x><meta http-equiv=refresh content=0><link rel=stylesheet href=//x>"
    )
    site.article("evil.md", title="<script>alert(1)</script> T", description="<img src=x onerror=alert(1)>", body=body)
    site.article("html.html", body=body)
    hold_harmless(site)
    for path in ("all/rss.xml", "all/atom.xml"):
        text = (site.output / path).read_text("utf-8").replace("&lt;", "<").replace("&amp;", "&")
        for word in (
            "<script",
            "onclick",
            "javascript:",
            "<iframe",
            "onload",
            "<style",
            "<form",
            "<object",
            "<base",
            "<meta",
        ):
            assert word not in text, (path, word)
    page = (site.output / "articles/html/index.html").read_text("utf-8")
    assert "alert(1)" not in page.replace("&lt;", "<")


def test_a_source_that_holds_output_and_state_does_not_read_its_own_pages(tmp_path):
    site = Site(tmp_path, {**CONFIG, "sources": [{"path": "."}]})
    site.article("a.md", title="Good")
    hold_harmless(site)
    assert site.build()["files"] == 1
    shutil.rmtree(site.state)
    assert site.build()["files"] == 1


def test_files_that_vanish_between_two_looks_are_no_error(site):
    site.article("a.md")
    site.build()
    (site.root / "articles/a.md").unlink()
    assert site.build()["files"] == 1
    assert len(list(files(site.output / "all"))) == 3
