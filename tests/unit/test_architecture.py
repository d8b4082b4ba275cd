"""The floors and the homes: an import goes down, never up, never to a neighbour; each library lives in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "syndicate"
FLOORS = {
    "__main__": 9,
    "cli": 8,
    "scheduler": 7.6,
    "runs": 7.3,
    "telling": 7.1,
    "concluding": 7.1,
    "operators": 7.1,
    "proposing": 7.1,
    "wiring": 7,
    "web": 6,
    "services": 5,
    "adapters": 5,
    "ports": 4,
    "parsing": 3,
    "config": 3,
    "feeds": 3,
    "checks": 3,
    "newsletters": 3,
    "pages": 3,
    "templating": 2,
    "domain": 1,
    "errors": 0,
    "": 0,
}
HOMES = {
    "frontmatter": ("parsing",),
    "fast_yaml": ("parsing", "adapters/freshness.py"),  # the fast path reads one key of the config
    "yaml": ("config", "parsing/documents.py"),
    "nh3": ("parsing",),
    "imagesize": ("parsing/pictures.py",),
    "markdown_it": ("parsing",),
    "pydantic": ("config",),
    "pydantic_core": ("config",),
    "feedgen": ("feeds",),
    "lxml": ("feeds", "checks"),
    "xml": ("checks",),
    "premailer": ("newsletters",),
    "babel": ("newsletters/words.py",),
    "cryptography": ("newsletters/dkim.py",),
    "jinja2": ("templating",),
    "sqlalchemy": ("adapters",),
    "urllib3": ("adapters/websub.py", "adapters/notify.py"),
    "apscheduler": ("scheduler.py",),
    "watchfiles": ("scheduler.py",),
    "alembic": ("adapters",),
    "sqlite3": ("adapters",),
    "psycopg": ("adapters/postgres.py", "adapters/postgres_ledger.py"),
    "msgspec": ("domain/articles.py", "domain/collection.py", "domain/identity.py", "adapters"),
    "filelock": ("adapters",),
    "click": ("cli",),
    "rich": ("cli",),
    "uvicorn": ("web",),
    "brotli": ("web", "adapters/compression.py"),
    "prometheus_client": ("web/metrics.py",),
    "anyascii": ("domain/slugs.py",),
    "rapidfuzz": ("domain/similarity.py",),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def floor_of(name: str) -> str:
    """Return the part of the package that a module's dotted name belongs to."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "syndicate")


def name_of(path: Path) -> str:
    return ".".join(("syndicate", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_and_libraries_stay_at_home(path: Path) -> None:
    own = floor_of(name_of(path))
    where = path.relative_to(PACKAGE).as_posix()
    for imported in imports(path):
        root = imported.split(".")[0]
        if root == "syndicate":
            other = floor_of(imported)
            assert other == own or FLOORS.get(other, 0) < FLOORS[own], f"{where} imports {imported}"
        assert root not in HOMES or where.startswith(HOMES[root]), f"{where} imports {imported}"


def test_no_module_imports_itself_through_others() -> None:
    known = {name_of(path) for path in MODULES}
    graph = {name_of(path): {one for one in imports(path) if one in known} for path in MODULES}
    while graph:
        leaves = {name for name, needed in graph.items() if not needed & graph.keys() - {name}}
        assert leaves, f"these import each other: {sorted(graph)}"
        graph = {name: needed for name, needed in graph.items() if name not in leaves}


def test_every_home_is_really_used() -> None:
    used = {imported.split(".")[0] for path in MODULES for imported in imports(path)}
    assert HOMES.keys() - used == set()
