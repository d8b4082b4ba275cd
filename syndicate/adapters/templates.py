"""Templates on disk: the user's own before those that come with the program."""

import hashlib
from pathlib import Path

from syndicate.errors import Problem, TemplateError

_PACKAGE = Path(__file__).parent.parent
_SUFFIXES = (".html", ".txt", ".css", ".js", ".po")


def packaged_templates() -> Path:
    """Return the folder of the program's own templates: inside a wheel, or beside the package in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def load_templates(own: Path) -> tuple[dict[str, str], str]:
    """Return all templates by name and a digest of them; raises TemplateError for one that is not UTF-8."""
    templates: dict[str, str] = {}
    for folder in (packaged_templates(), own):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                templates[path.relative_to(folder).as_posix()] = _read(path)
    lines = (f"{name}\0{source}\0" for name, source in sorted(templates.items()))
    return templates, hashlib.blake2b("".join(lines).encode(), digest_size=12).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"can't be read as UTF-8: {error}"
        raise TemplateError(
            Problem(path=str(path), reason="bad-template", what=what, hint="save it as UTF-8")
        ) from error
