"""Jinja2, set up once for pages and newsletters: sandboxed, strict, escaping, and deterministic."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    meta,
)
from jinja2 import TemplateError as JinjaError
from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from syndicate import __version__
from syndicate.domain.text import PLAIN_COLUMNS, columns_of, scrub, wrapped
from syndicate.domain.wording import VARIABLES, Wording
from syndicate.errors import Problem, TemplateError

CATALOGUE = ".po"
"""How the files of translations end, which lie among the templates and are none."""


def render(templates: Mapping[str, str], name: str, **context: object) -> str:
    """Return a template filled in; raises TemplateError naming the template and its line."""
    environment = _environment(tuple(sorted(templates.items())))
    try:
        return environment.get_template(name).render(version=__version__, **context)
    except Exception as error:  # whatever a template's own expression raises, such as 1/0, is its author's to mend
        raise TemplateError(_problem(name, error)) from error


def syntax_problems(templates: Mapping[str, str], folder: str = "") -> tuple[Problem, ...]:
    """Return what is wrong with the templates, or with those of a folder, as far as reading them shows."""
    environment = _environment(tuple(sorted(templates.items())))
    problems = []
    for name in templates:
        if name.endswith(CATALOGUE) or not name.startswith(folder):
            continue
        try:
            environment.get_template(name)
        except JinjaError as error:
            problems.append(_problem(name, error))
    return tuple(problems)


def render_wording(wording: Wording, **context: object) -> str:
    """Return a small template of the config filled in, on one line; raises TemplateError naming its key and line."""
    try:
        filled = _line_template(wording.text).render(**context)
    except Exception as error:  # as above
        reason = "undefined-variable" if isinstance(error, UndefinedError) else "bad-template"
        place = Problem(path=wording.path, line=wording.line, field=wording.field, reason=reason, what=str(error))
        raise TemplateError(replace(place, hint=_WORDING_HINT)) from error
    return " ".join(scrub(filled).split())


def wording_mistake(text: str) -> str | None:
    """Return what is wrong with a small template as far as reading it shows, or None."""
    environment = _line_environment()
    try:
        names = meta.find_undeclared_variables(environment.parse(text))
    except TemplateSyntaxError as error:
        return f"it is no template: {error.message}"
    unknown = sorted(names - {*VARIABLES, *environment.globals})
    return f"the template uses {unknown[0]!r}, which there is not" if unknown else None


_WORDING_HINT = f"it may use {', '.join(VARIABLES)}; see docs/reference/config.md"


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a short way to what holds nothing to guard: our own frozen views, loops, and imported words."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute as templates write it: {{ entry.title }}."""
        kind = type(obj)
        if attribute in _OPEN[kind]:
            return getattr(obj, attribute)
        if kind is TemplateModule and attribute in vars(obj) and not attribute.startswith("_"):
            return vars(obj)[attribute]
        return super().getattr(obj, attribute)


class _OpenNames(dict[type, frozenset[str]]):
    """The attributes of a class that need no guard, found out when the first object of it is met."""

    def __missing__(self, kind: type) -> frozenset[str]:
        is_open = kind.__module__ in _VIEW_MODULES or kind is LoopContext
        self[kind] = frozenset(name for name in dir(kind) if not name.startswith("_")) if is_open else frozenset()
        return self[kind]


_OPEN = _OpenNames()
# Where the classes live whose objects templates see.
_VIEW_MODULES = frozenset({"syndicate.templating.views", "syndicate.pages.views", "syndicate.newsletters.views"})


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> _Environment:
    environment = _Environment(
        loader=FunctionLoader(partial(_source, dict(templates))),
        undefined=_Undefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["wrap"] = wrapped
    environment.globals["rule"] = _rule
    environment.filters["csp_hash"] = _csp_hash
    return environment


@lru_cache(maxsize=64)
def _line_template(text: str) -> Template:
    return _line_environment().from_string(text)


@lru_cache(maxsize=1)
def _line_environment() -> _Environment:
    """Return the sandbox for text on one line: nothing is escaped, and what is None is not said."""
    return _Environment(undefined=_Undefined, finalize=lambda value: "" if value is None else value)


def _source(templates: Mapping[str, str], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """Return a template's source, and a file name by which a traceback tells which one it was."""
    return (templates[name], f"{_MARK}{_shown(name)}", lambda: True) if name in templates else None


def _shown(name: str) -> str:
    """Return a template's name for people: what stands before a bar tells a copy from the file that it is made of."""
    return name.rpartition("|")[2]


def _rule(text: str, mark: str) -> str:
    """Return the line that stands below a heading of plain text: as long as the heading, or as a line may be."""
    return mark * min(columns_of(text), PLAIN_COLUMNS)


def _csp_hash(script: str) -> Markup:
    """Return the source expression by which a content security policy lets just this script run (CSP 3, 2.3.1)."""
    digest = hashlib.sha256(script.encode()).digest()
    return Markup(f"'sha256-{base64.b64encode(digest).decode()}'")  # noqa: S704 - base64 has nothing to escape


class _Undefined(StrictUndefined):
    """A name that a template uses and nobody gave it; the message is in the words of those who write templates."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        owner = "" if self._undefined_obj is missing else " of a value that it got"
        return f"the template uses {self._undefined_name!r}{owner}, which there is not"


def _problem(name: str, error: Exception) -> Problem:
    if isinstance(error, TemplateSyntaxError):
        place: str = _shown(error.name or name)
        line: int | None = error.lineno
    else:
        place, line = _place_in_template(error) or (name, None)
    hint = "see docs/reference/templates.md for what a template may use"
    what = f"there is no template {_shown(str(error.name))!r}" if isinstance(error, TemplateNotFound) else str(error)
    reason = "undefined-variable" if isinstance(error, UndefinedError) else "bad-template"
    return Problem(path=f"templates/{place}", line=line, reason=reason, what=what, hint=hint)


def _place_in_template(error: BaseException) -> tuple[str, int] | None:
    """Return the template and the line in which an error arose, from the traceback that Jinja rewrote."""
    place, traceback = None, error.__traceback__
    while traceback:
        file_name = traceback.tb_frame.f_code.co_filename
        if file_name.startswith(_MARK):
            place = file_name.removeprefix(_MARK), traceback.tb_lineno
        traceback = traceback.tb_next
    return place


# What the file names of templates begin with in tracebacks.
_MARK = "template:"
