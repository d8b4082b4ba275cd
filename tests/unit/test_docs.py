"""Fails when the docs fall behind the code: each thing that a user can meet is named where it belongs."""

import ast
import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from syndicate import errors
from syndicate.checks import atom, json_feed, opml, rss
from syndicate.checks.document import DOCUMENT_REASONS
from syndicate.cli.main import cli
from syndicate.config.load import parse_config
from syndicate.config.schema import config_schema
from syndicate.domain.permalinks import TOKENS
from syndicate.domain.sources import DEFAULT_FIELDS
from syndicate.newsletters import views as newsletter_views
from syndicate.newsletters.preflight import clients
from syndicate.newsletters.preflight import table as preflight
from syndicate.pages import views as page_views
from syndicate.parsing import bodies, body_links, shortcodes
from syndicate.templating import views as shared_views

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"])
# The moment at which the tutorial is tried: after its articles, before the one that waits for its day.
NOW = "2026-10-01T12:00:00Z"


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def reference(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text("utf-8")


def sections(text: str, level: int = 2) -> dict[str, str]:
    """Return each heading of a level with the text below it."""
    parts = re.split(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def codes(text: str) -> set[str]:
    """Return everything that stands between back ticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


# ---- Commands ----


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ALL_COMMANDS = dict(commands(cli, "syndicate"))


@pytest.mark.parametrize("path", ALL_COMMANDS)
def test_every_command_and_option_is_in_the_reference(path: str) -> None:
    section = sections(reference("commands")).get(f"`{path}`")
    assert section is not None, f"docs/reference/commands.md has no section '## `{path}`'"
    options = [one for one in ALL_COMMANDS[path].params if isinstance(one, click.Option)]
    missing = [name for one in options for name in one.opts if name not in section]
    assert not missing, f"not in the section on '{path}': {missing}"


def test_the_reference_has_no_command_that_does_not_exist() -> None:
    headings = [name for name in sections(reference("commands")) if name.startswith("`syndicate")]
    assert sorted(headings) == sorted(f"`{path}`" for path in ALL_COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_commands_in_examples_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    blocks = [body for _, body in fenced(text)]
    called = [line.split("#")[0] for block in blocks for line in block.splitlines()]
    for line in called:
        for found in re.finditer(r"(?:^|[\s/&])syndicate ((?:[a-z][a-z-]* ?){1,2})(.*)", line):
            words = found[1].split()
            path = next((name for name in (f"syndicate {' '.join(words[:count])}" for count in (2, 1))
                         if name in ALL_COMMANDS), None)  # fmt: skip
            if path is None:
                assert words[0] in ("issue", "ledger"), f"{shown(page)}: {line}"
                continue
            known = {name for one in ALL_COMMANDS[path].params for name in one.opts}
            used = set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", found[2].split("|")[0]))
            assert used <= known, f"{shown(page)}: {line}"


def test_every_error_is_named() -> None:
    text = reference("commands")
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.SyndicateError)]
    missing = [one.__name__ for one in classes if one.__name__ not in text]
    assert classes
    assert not missing


# ---- config.yaml ----


def config_keys(schema: dict[str, Any], definitions: dict[str, Any], place: str = "") -> Iterator[str]:
    """Yield the dotted path of each key that holds a value: 'sources[].path', 'topics.*.label'."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
    for choice in schema.get("anyOf", ()):
        yield from config_keys(choice, definitions, place)
    if "properties" in schema:
        for name, inner in schema["properties"].items():
            yield from config_keys(inner, definitions, f"{place}.{name}" if place else name)
    elif "$ref" in schema.get("items", {}) and "properties" in definitions[schema["items"]["$ref"].rsplit("/", 1)[-1]]:
        yield from config_keys(schema["items"], definitions, f"{place}[]")
    elif "$ref" in (inner := schema.get("additionalProperties") or {}):
        yield from config_keys(inner, definitions, f"{place}.*")
    elif schema.get("type") != "null" and "anyOf" not in schema:
        yield place


def test_every_config_key_is_in_the_reference() -> None:
    schema = config_schema()
    keys = set(config_keys(schema, schema["$defs"]))
    assert {"site.title", "sources[].fields", "topics.*.rule.tags", "newsletters[].start", "templates"} <= keys
    rows = set(re.findall(r"^\| `([^`]+)` \|", reference("config"), re.MULTILINE))
    assert sorted(keys - rows) == []
    assert sorted(row for row in rows - keys if "." in row and row != "topics.*.rule") == []


def test_every_permalink_token_is_in_the_reference() -> None:
    assert sorted({f":{name}" for name in TOKENS} - codes(reference("config"))) == []


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_configs_in_the_docs_can_be_used(page: Path) -> None:
    for info, body in fenced(page.read_text("utf-8")):
        if info.startswith("yaml") and re.search(r"^site:", body, re.MULTILINE):
            whole = body if re.search(r"^sources:", body, re.MULTILINE) else f"{body}sources: [path: articles]\n"
        elif info.startswith("yaml") and re.match(r"(sources|topics|newsletters|feeds|output|server):", body):
            rest = "" if body.startswith("sources:") else "sources: [path: articles]\n"
            whole = f"site: {{title: A, url: https://example.org/}}\n{rest}{body}"
        else:
            continue
        parse_config(whole, shown(page))


# ---- Front matter, statuses, reasons ----


def test_every_field_and_key_is_in_the_reference() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ((?:`[^`]+`(?:, )?)+) \|", reference("front-matter"), re.MULTILINE)
    assert {field: tuple(re.findall(r"`([^`]+)`", keys)) for field, keys in rows} == DEFAULT_FIELDS


def texts_in(node: ast.AST) -> set[str]:
    """Return the texts that an expression gives: 'a' if x else 'b' gives both."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return {text.strip()}
        case ast.IfExp(body=body, orelse=other):
            return texts_in(body) | texts_in(other)
        case _:
            return set()


def reasons_in(tree: ast.AST) -> set[str]:
    """Return every reason word in a module: given by name, first to a rejection, or returned by what decides one."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="reason" | "skipped", value=value):
                found |= texts_in(value)
            case ast.Call(
                func=ast.Name(id="Rejection") | ast.Attribute(attr="_problem" | "_hold_for"), args=[first, *_]
            ):
                found |= texts_in(first)
            case ast.FunctionDef(name="hold_reason" | "skip_reason"):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        found |= texts_in(inner.value)
            case ast.Assign(targets=[ast.Name(id="reason")], value=value):
                found |= texts_in(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for name, value in zip(names, values, strict=True):
                    if isinstance(name, ast.Name) and name.id == "reason":
                        found |= texts_in(value)
    return found


def test_every_reason_is_explained() -> None:
    reasons: set[str] = set()
    for path in (ROOT / "syndicate").rglob("*.py"):
        reasons |= reasons_in(ast.parse(path.read_text("utf-8")))
    known = {"draft", "not-valid", "future", "expired", "no-title", "bad-date", "bad-yaml", "bad-toml", "section-page"}
    assert known | {"headless-page", "undefined-variable", "foreign-file", "unknown-topic", "bad-config"} <= reasons
    explained = set().union(
        *(
            codes(reference(page))
            for page in ("front-matter", "commands", "config", "templates", "feed-checks", "issue-checks")
        )
    )
    assert sorted(reasons - explained) == []


def test_every_rule_for_feeds_is_explained_with_its_source() -> None:
    rows = dict(re.findall(r"^\| `(feed-[\w-]+)` \|(.+)\|$", reference("feed-checks"), re.MULTILINE))
    rules = [rule for table in (rss.RULES, atom.RULES, json_feed.RULES, opml.RULES) for rule in table]
    sources = {(rule.reason, source) for rule in rules for source in rule.source.split("; ")}
    assert {rule.reason for rule in rules} | DOCUMENT_REASONS.keys() == rows.keys()
    assert sorted(f"{reason}: {source}" for reason, source in sources if source not in rows[reason]) == []
    assert [reason for reason, source in DOCUMENT_REASONS.items() if source not in rows[reason]] == []


def test_every_rule_for_issues_is_explained() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| .+ \| (.+) \| (.+) \|$", reference("issue-checks"), re.MULTILINE)
    sentences = [[rule.reason, rule.severity.value, f"{rule.why}.", f"{rule.mend}."] for rule in preflight.RULES]
    assert [[*row[:2], *(text[0].lower() + text[1:] for text in row[2:])] for row in rows] == [
        [*row[:2], *(text[0].lower() + text[1:] for text in row[2:])] for row in sentences
    ]
    assert clients.DATE in reference("issue-checks")


def test_every_status_is_explained() -> None:
    from syndicate.domain.articles import Status

    statuses = sections(reference("front-matter"))["Statuses"]
    assert [status.value for status in Status if f"`{status.value}`" not in statuses] == []


# ---- Bodies ----


def test_every_rule_about_elements_is_explained() -> None:
    rows = dict(re.findall(r"^\| (\w[\w ,]*) \| (.+) \|$", sections(reference("bodies"))["HTML"], re.MULTILINE))
    assert codes(rows["renamed"]) == {*bodies._RENAMED, *bodies._RENAMED.values()}
    assert codes(rows["made a link"]) == {*body_links.EMBEDS, "title"}
    assert codes(rows["left out with what is in them"]) == bodies._HIDDEN
    assert codes(rows["left out, their text stays"]).isdisjoint(bodies._TAGS | body_links.EMBEDS | bodies._HIDDEN)


def test_every_shortcode_that_means_something_is_explained() -> None:
    meant = shortcodes._IMAGES | shortcodes._REFERENCES | shortcodes._JEKYLL_REFERENCES | shortcodes._PLAYERS.keys()
    assert sorted((meant | shortcodes._VERBATIM) - codes(reference("bodies"))) == []


# ---- JSON ----


def keys_of(value: Any, place: str = "") -> Iterator[str]:
    """Yield the dotted path of each key of a JSON value: 'topics[].slug', 'authors[]'."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from keys_of(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner, f"{place}[]")
    else:
        yield place


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small project with one article that has everything, one that repeats it, and one that can't be read."""
    (tmp_path / "config.yaml").write_text(
        "site: {title: A, url: https://example.org/}\nsources: [path: articles]\n"
        "newsletters: [{slug: weekly, title: W, cadence: daily at 08:00, start: 2026-01-01}]\n",
        "utf-8",
    )
    articles = tmp_path / "articles"
    articles.mkdir()
    head = "---\ntitle: Lamp seven\nlink: https://example.com/7\nauthor: Pip Draft\ncategories: 'Night Desk: Lamps'\n"
    rest = (
        "tags: [dusk]\nimage: {href: https://example.com/7.png, alt: A lamp, size: [6, 12]}\n"
        "relatedOfferings: [{label: Ladder, permalink: /ladder, categories: [Lamps]}]\n---\nIt comes on at dusk.\n"
    )
    (articles / "a.md").write_text(f"{head}date: 2026-09-09\n{rest}", "utf-8")
    (articles / "b.md").write_text(f"{head}date: 2026-09-10\n{rest}", "utf-8")
    (articles / "c.md").write_text("Just a text.\n", "utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command in a folder; returns its exit code, standard output and standard error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        outcome = CliRunner().invoke(cli, arguments)
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.stdout, outcome.stderr


def key_rows(section: str) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize(
    "command",
    ["build", "check", "articles", "topics", "issue preview", "issue check", "issue cut", "schedule"],
    ids=lambda name: name,
)
def test_every_key_of_json_is_in_the_reference(site: Path, command: str) -> None:
    newsletter = ["weekly"] if command.startswith("issue") else []
    _, out, _ = run(site, *command.split(), *newsletter, "--now", NOW, "--json")
    found = {key for line in out.splitlines() for key in keys_of(json.loads(line))}
    problems = {key.removeprefix("problem_list[].") for key in found if key.startswith("problem_list[].")}
    # A null says nothing of what would stand there: the rows for that come from other articles.
    found = {key for key in found if not key.startswith("problem_list")} - {"image", "authors", "topics", "tags"}
    parts = sections(reference("json"))
    rows = key_rows(parts[f"`syndicate {command} --json`"]) - {"problem_list[]"}
    assert sorted(found) == sorted(rows)
    if problems:
        assert sorted(problems) == sorted(key_rows(parts["Problems"]))


def test_every_key_of_an_explained_article_is_in_the_reference(site: Path) -> None:
    _, out, _ = run(site, "issue", "preview", "weekly", "--explain", "--now", NOW, "--json")
    explained = json.loads(out)["articles"]
    assert explained
    assert sorted({key for one in explained for key in one}) == sorted(
        key_rows(sections(reference("json"))["Explained articles"])
    )


def test_every_key_of_json_about_slots_is_in_the_reference(site: Path) -> None:
    """These need a slot that was cut, and one without anything new."""
    run(site, "build", "--now", "2026-09-30T07:00:00Z")
    _, cut, _ = run(site, "run-due", "--json", "--now", "2026-09-30T08:00:00Z")
    run(site, "run-due", "--now", NOW)
    said = {
        "run-due": cut,
        "status": run(site, "status", "--json", "--now", NOW)[1],
        "issue list": run(site, "issue", "list", "weekly", "--json")[1],
        "issue show": run(site, "issue", "show", "weekly", "1", "--json")[1],
    }
    parts = sections(reference("json"))
    for command, out in said.items():
        found = {key for line in out.splitlines() for key in keys_of(json.loads(line))}
        found = {key for key in found if "problem_list[]" not in key and not re.match(r"build\.(feeds|pages)", key)}
        rows = key_rows(parts[f"`syndicate {command} --json`"]) - {"build.problem_list[]"}
        if command == "run-due":  # the build is described with its own command
            found = {"build" if key.startswith("build.") else key for key in found}
        if command == "status":
            rows -= {"build", "newsletters[].drafts"}  # there is none here; its keys are those of the list's
        assert sorted(found) == sorted(rows), command


# ---- Templates ----


def test_every_template_is_in_the_reference() -> None:
    folder = ROOT / "templates"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    rows = {name for name in key_rows(reference("templates")) if "/" in name}
    assert sorted(files) == sorted(rows)


VIEWS = {
    name: one
    for module in (shared_views, page_views, newsletter_views)
    for name, one in vars(module).items()
    if dataclasses.is_dataclass(one) and one.__module__ == module.__name__ and name != "Place"
}


@pytest.mark.parametrize("name", VIEWS)
def test_every_field_of_a_view_is_in_the_reference(name: str) -> None:
    below = {re.search(r"\((\w+)\)", head): text for head, text in sections(reference("templates"), 3).items()}
    by_class = {head[1]: text.split("\n## ")[0] for head, text in below.items() if head}
    assert name in by_class, f"docs/reference/templates.md has no section on {name}"
    assert sorted(key_rows(by_class[name])) == sorted(field.name for field in dataclasses.fields(VIEWS[name]))


def test_every_variable_of_a_page_is_in_the_reference() -> None:
    tree = ast.parse((ROOT / "syndicate/pages/render.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    given = {one.arg for call in calls if getattr(call.func, "id", "") in ("_page", "render") for one in call.keywords}
    variables = {name for name in given if name} | {"version"}
    assert {"site", "page", "home", "entries", "opml"} <= variables
    assert sorted(variables) == sorted(key_rows(sections(reference("templates"))["Variables of a page"]))


def test_every_variable_of_an_issue_is_in_the_reference() -> None:
    tree = ast.parse((ROOT / "syndicate/newsletters/shown.py").read_text("utf-8"))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "context")
    maps = [node for node in ast.walk(function) if isinstance(node, ast.Dict)]
    variables = {str(key.value) for node in maps for key in node.keys if isinstance(key, ast.Constant)} | {"version"}
    assert {"site", "newsletter", "issue", "sections"} <= variables
    assert sorted(variables) == sorted(key_rows(sections(reference("templates"))["Variables of an issue"]))


# ---- Links ----


def fenced(text: str) -> list[tuple[str, str]]:
    """Return the info string and the text of each code block."""
    return re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_relative_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{shown(page)}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{shown(page)}: {target}: there is no such heading"


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.name != "index.md"]
    assert [path for path in pages if f"({path})" not in index] == []


# ---- The tutorial ----


def test_the_tutorial_works_as_it_is_written(tmp_path: Path) -> None:
    """Save its files, run its commands in order, and compare what they print."""
    (tmp_path / "articles").mkdir()
    blocks = fenced((DOCS / "tutorial.md").read_text("utf-8"))
    printed = ""
    ran: list[str] = []
    for info, body in blocks:
        language, _, name = info.partition(" ")
        if name:
            config_before = (tmp_path / name).read_text("utf-8") if body.startswith("newsletters:") else ""
            (tmp_path / name).write_text(config_before + body, "utf-8")
        elif language == "output":
            assert timeless(printed) == timeless(body), ran[-1]
        else:
            for line in body.splitlines():
                if line.startswith("syndicate ") and line != "syndicate --version":
                    now = [] if line.startswith("syndicate schema") else ["--now", NOW]
                    _, out, err = run(tmp_path, *line.split()[1:], *now)
                    printed = err + out
                    ran.append(line)
                elif line.startswith("mv "):
                    (tmp_path / line.split()[1]).rename(tmp_path / line.split()[2])
        if "1 problem in" in body:  # the reader mends it here
            bench = tmp_path / "articles/bench.md"
            bench.write_text(bench.read_text("utf-8").replace("next Tuesday", "2026-09-08"), "utf-8")
    assert len(ran) == 9
    assert (tmp_path / "output/newsletters/weekly/1/index.html").exists()


def timeless(text: str) -> str:
    return re.sub(r"in \d+\.\d\d s", "in … s", text).strip()
