"""config.yaml to Config: one pure function, all mistakes at once, each with its line."""

import difflib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from syndicate.config.lines import Lines, dotted, load_with_lines
from syndicate.config.models import ConfigModel, NewsletterModel, SourceModel, start_in
from syndicate.config.options import Config
from syndicate.config.themes import theme_mistakes, theme_of
from syndicate.domain.cadence import parse_cadence
from syndicate.domain.codings import Coding
from syndicate.domain.facets import FacetKind
from syndicate.domain.feeds import FeedOptions
from syndicate.domain.ledger import LedgerOptions, without_password
from syndicate.domain.mail import DkimOptions, Mailbox, parse_mailbox
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.notify import NotifyOptions
from syndicate.domain.server import OpsOptions, ServerOptions, parse_listen
from syndicate.domain.site import Site
from syndicate.domain.slugs import slugify
from syndicate.domain.sources import DEFAULT_FIELDS, SourceOptions
from syndicate.domain.text import fold
from syndicate.domain.topics import TopicOptions, TopicRule
from syndicate.domain.wording import VARIABLES, Tagging, Wording
from syndicate.errors import ConfigError, Problem


def parse_config(text: str, path: str) -> Config:
    """Read a configuration; raises ConfigError with every problem in it. `path` names the file in messages."""
    data, lines, problems = load_with_lines(text, path)
    if problems and data is None:
        raise ConfigError(problems)
    if not isinstance(data, dict):
        what = f"expected keys such as site: and sources:, got {_shown(data)}"
        raise ConfigError((Problem(path=path, line=1, reason="bad-config", what=what, hint="run 'syndicate init'"),))
    try:
        model = ConfigModel.model_validate(data)
    except ValidationError as error:
        found = (_problem(one, data, lines, path) for one in error.errors(include_url=False))
        raise ConfigError(_in_order((*problems, *found))) from error
    problems = (*problems, *_contradictions(model, lines, path))
    if problems:
        raise ConfigError(_in_order(problems))
    return _to_domain(model, lines, path)


def _in_order(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))


def _to_domain(model: ConfigModel, lines: Lines, path: str) -> Config:
    zone = ZoneInfo(model.site.timezone)
    output_url = model.output.url or model.site.url
    return Config(
        site=Site(
            title=model.site.title,
            url=model.site.url,
            output_url=output_url,
            id=model.site.id or model.site.url,
            zone=zone,
            description=model.site.description,
            language=model.site.language,
            author=model.site.author,
            icon=model.site.icon,
        ),
        sources=tuple(_source(source, model) for source in model.sources),
        topics=tuple(
            TopicOptions(
                name=name,
                label=topic.label,
                slug=topic.slug,
                description=topic.description,
                hidden=topic.hide,
                merge=tuple(topic.merge),
                rule=TopicRule(**{key: tuple(value) for key, value in topic.rule}) if topic.rule else None,
            )
            for name, topic in model.topics.items()
        ),
        feeds=FeedOptions(
            limit=model.feeds.limit,
            window_days=model.feeds.window_days,
            formats=tuple(model.feeds.formats),
            content=model.feeds.content,
            ttl_minutes=model.feeds.ttl_minutes,
            hubs=tuple(model.feeds.hubs),
            permalink_ids=model.feeds.permalink_ids,
            max_bytes=model.feeds.max_bytes,
            archive=model.feeds.archive,
            tombstones=model.feeds.tombstones,
            retire_days=model.feeds.retire_days,
            per=tuple(kind for kind in FacetKind if kind in model.feeds.per),
            aliases=tuple(model.feeds.aliases.items()),
        ),
        newsletters=tuple(
            _newsletter(newsletter, model, partial(_wording, number=number, lines=lines, path=path))
            for number, newsletter in enumerate(model.newsletters)
        ),
        dkim=DkimOptions(**dict(model.mail.dkim)) if model.mail.dkim else None,
        output_path=model.output.path,
        codings=tuple(coding for coding in Coding if coding in model.output.precompress),
        templates_path=model.templates,
        state_path=model.state.path,
        notify=NotifyOptions(**dict(model.notify)),
        ledger=LedgerOptions(url=model.ledger.url, password_file=model.ledger.password_file),
        server=_server(model),
    )


def _server(model: ConfigModel) -> ServerOptions:
    listen = model.server.ops.listen
    ops = OpsOptions(**(dict(model.server.ops) | {"listen": parse_listen(listen) if listen else None}))
    proxies = tuple(model.server.trusted_proxies)
    return ServerOptions(**(dict(model.server) | {"trusted_proxies": proxies, "ops": ops}))


def _source(source: SourceModel, model: ConfigModel) -> SourceOptions:
    own = {name: tuple(keys) for name, keys in source.fields.items()}
    return SourceOptions(
        name=_source_name(source),
        path=source.path,
        site_url=model.site.url,
        output_url=model.output.url or model.site.url,
        zone=ZoneInfo(source.timezone or model.site.timezone),
        fields=tuple((name, (*own.get(name, ()), *keys)) for name, keys in DEFAULT_FIELDS.items()),
        permalink=source.permalink,
        image_base=source.image_base,
        link_to=source.link_to or model.site.link_to,
        split_categories=source.split_categories,
        taxonomies=source.taxonomies,
        fallback_encoding=source.fallback_encoding,
        header_lines=source.header_lines,
        language=source.language,
    )


def _source_name(source: SourceModel) -> str:
    return source.name or slugify(PurePosixPath(Path(source.path).as_posix()).name or "articles")


def _newsletter(
    newsletter: NewsletterModel, model: ConfigModel, wording: Callable[[tuple[str, ...], str], Wording]
) -> Newsletter:
    utm = newsletter.utm
    zone = ZoneInfo(newsletter.timezone or model.site.timezone)
    return Newsletter(
        slug=newsletter.slug,
        title=newsletter.title,
        cadence=parse_cadence(newsletter.cadence),
        zone=zone,
        description=newsletter.description,
        topics=tuple(newsletter.topics),
        start=start_in(newsletter.start, zone),
        limit=newsletter.limit,
        limit_per_topic=newsletter.limit_per_topic,
        minimum=newsletter.minimum,
        order=newsletter.order,
        overflow=newsletter.overflow,
        pinned=tuple(newsletter.pinned),
        excluded=tuple(newsletter.excluded),
        near_duplicates=newsletter.near_duplicates,
        summary_length=newsletter.summary_length,
        language=newsletter.language or model.site.language,
        design=newsletter.design,
        theme=theme_of(newsletter.theme),
        note=newsletter.note,
        contents=newsletter.contents,
        offerings_per_topic=newsletter.offerings_per_topic,
        postal_address=newsletter.postal_address,
        sender=_mailbox(newsletter.sender or model.mail.sender),
        reply_to=_mailbox(newsletter.reply_to or model.mail.reply_to),
        unsubscribe_mailto=model.mail.unsubscribe_mailto,
        max_lateness=timedelta(hours=newsletter.max_lateness_hours),
        needs_approval=newsletter.approval is not None,
        draft_ahead=timedelta(hours=newsletter.draft_ahead_hours),
        subject=wording(("subject",), newsletter.subject) if newsletter.subject else None,
        preheader=wording(("preheader",), newsletter.preheader) if newsletter.preheader else None,
        tagging=Tagging(source=utm.source, medium=utm.medium, campaign=wording(("utm", "campaign"), utm.campaign))
        if utm
        else None,
    )


def _wording(below: tuple[str, ...], text: str, *, number: int, lines: Lines, path: str) -> Wording:
    place: tuple[str | int, ...] = ("newsletters", number, *below)
    return Wording(text=text, path=path, field=dotted(place), line=_line(place, lines))


def _mailbox(text: str | None) -> Mailbox | None:
    return parse_mailbox(text) if text else None


def _contradictions(model: ConfigModel, lines: Lines, path: str) -> Iterator[Problem]:
    """Yield what is wrong between keys that are each right by themselves."""

    def problem(place: tuple[str | int, ...], what: str, hint: str) -> Problem:
        return Problem(
            path=path, line=_line(place, lines), field=dotted(place), reason="bad-config", what=what, hint=hint
        )

    names: dict[str, int] = {}
    folders: list[PurePosixPath] = []
    for number, source in enumerate(model.sources):
        name, folder = _source_name(source), PurePosixPath(os.path.normpath(source.path).replace(os.sep, "/"))
        place = ("sources", number, "path")
        if name in names:
            what = f"the source in sources[{names[name]}] is called {name!r} too"
            yield problem(place, what, "give one of them a name of its own")
        if any(other == folder or other in folder.parents or folder in other.parents for other in folders):
            yield problem(place, f"the folder {source.path!r} overlaps with another source", "name each folder once")
        for field in source.fields:
            if field not in DEFAULT_FIELDS:
                hint = _nearest(field, list(DEFAULT_FIELDS), "fields")
                yield problem(("sources", number, "fields", field), f"unknown field {field!r}", hint)
        names[name] = number
        folders.append(folder)
        if PurePosixPath(os.path.normpath(model.output.path).replace(os.sep, "/")) in (folder, *folder.parents):
            what = f"the output folder {model.output.path!r} holds this source"
            yield problem(("output", "path"), what, "publish into a folder of its own")
    yield from _newsletter_contradictions(model, problem)
    ops = model.server.ops
    if ops.listen and model.server.port and parse_listen(ops.listen)[1] == model.server.port:
        yield problem(("server", "ops", "listen"), "server.port is the same port", "choose another one")
    yield from _topic_contradictions(model, problem)


def _newsletter_contradictions(model: ConfigModel, problem: Any) -> Iterator[Problem]:
    slugs: dict[str, int] = {}
    for number, newsletter in enumerate(model.newsletters):
        if newsletter.slug in slugs:
            what = f"newsletters[{slugs[newsletter.slug]}] has the slug {newsletter.slug!r} too"
            yield problem(("newsletters", number, "slug"), what, "give each newsletter a slug of its own")
        slugs[newsletter.slug] = number
        for below, what, hint in theme_mistakes(theme_of(newsletter.theme)):
            yield problem(("newsletters", number, "theme", *below), what, hint)
        for key, what, hint in _selection_mistakes(newsletter):
            yield problem(("newsletters", number, key), what, hint)
        for below, text in _small_templates(newsletter):
            if mistake := _mistake_in(text):
                yield problem(("newsletters", number, *below), mistake, f"it may use {', '.join(VARIABLES)}")


def _small_templates(newsletter: NewsletterModel) -> Iterator[tuple[tuple[str, ...], str]]:
    if newsletter.subject:
        yield ("subject",), newsletter.subject
    if newsletter.preheader:
        yield ("preheader",), newsletter.preheader
    if newsletter.utm:
        yield ("utm", "campaign"), newsletter.utm.campaign


def _mistake_in(text: str) -> str | None:
    if "{" not in text:
        return None
    from syndicate.templating.environment import wording_mistake  # with Jinja, which most configs have no use for

    return wording_mistake(text)


def _selection_mistakes(newsletter: NewsletterModel) -> Iterator[tuple[str, str, str]]:
    """Yield the key, the mistake and a hint where no issue could ever be cut, or one setting denies another."""
    most = newsletter.limit
    if newsletter.topics:
        most = min(most, newsletter.limit_per_topic * len(newsletter.topics))
    if newsletter.minimum > most:
        what = f"an issue of {newsletter.minimum} stories is not possible: its limits let in {most}"
        yield "minimum", what, "lower it, or raise limit or limit_per_topic"
    for name in sorted(set(newsletter.pinned) & set(newsletter.excluded)):
        yield "excluded", f"{name!r} is pinned too", "name it in one of the two"


def _topic_contradictions(model: ConfigModel, problem: Any) -> Iterator[Problem]:
    known: dict[str, str] = {}
    slugs: dict[str, str] = {}
    for name, topic in model.topics.items():
        for spelling in (name, *topic.merge):
            other = known.setdefault(fold(spelling), name)
            if other != name:
                what = f"{spelling!r} belongs to the topic {other!r} already"
                yield problem(("topics", name), what, "name each category once")
        if topic.slug and slugs.setdefault(topic.slug, name) != name:
            what = f"the topic {slugs[topic.slug]!r} has the slug {topic.slug!r} too"
            yield problem(("topics", name, "slug"), what, "give each topic a slug of its own")


# What stands there may be a secret, also where it is not what it should be.
_SECRET_PLACES = (("ledger", "url"), ("notify", "webhook"))


def _problem(error: ErrorDetails, data: Any, lines: Lines, path: str) -> Problem:
    place = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "invalid_key":  # a number as a key, which the lines know as text
        place = (*place[:-1], str(place[-1]))
    what, hint = (without_password(words) for words in _words(error, place, data))
    if place in _SECRET_PLACES:
        what = what.removesuffix(f", got {_shown(error['input'])}")
    field = without_password(dotted(place))
    return Problem(path=path, line=_line(place, lines), field=field, reason="bad-config", what=what, hint=hint)


def _line(place: tuple[str | int, ...], lines: Lines) -> int | None:
    """Return the line of a key, or of the nearest thing around it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


# What each kind of error expected, in the words of people who write YAML.
_EXPECTED = {
    "string_type": "text",
    "string_too_short": "some text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list, each item on a line of its own behind a dash",
    "dict_type": "keys with values below it",
    "model_type": "keys with values below it",
    "model_attributes_type": "keys with values below it",
    "datetime_type": "a date such as 2026-03-01",
    "datetime_parsing": "a date such as 2026-03-01",
    "datetime_from_date_parsing": "a date such as 2026-03-01",
    "too_short": "at least one item",
    "finite_number": "a whole number",
}


def _words(error: ErrorDetails, place: tuple[str | int, ...], data: Any) -> tuple[str, str]:
    """Return what is wrong and a hint, without names of Python types."""
    kind, context, found = error["type"], error.get("ctx", {}), _shown(error["input"])
    if kind in ("extra_forbidden", "invalid_key"):
        return f"unknown key {str(place[-1])!r}", _nearest(str(place[-1]), _keys_at(place[:-1]))
    if kind == "missing":
        return f"expected a value for {str(place[-1])!r}, found none", "add it"
    if kind == "value_error":
        return f"{context['error']}, got {found}" if ", got " not in str(context["error"]) else str(
            context["error"]
        ), ""
    if kind == "enum":
        return f"expected {context['expected']}, got {found}", ""
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"expected a whole number of {bound}, got {found}", ""
    return f"expected {_EXPECTED.get(kind, error['msg'])}, got {found}", ""


def _keys_at(place: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the config knows below a place."""
    annotation: Any = ConfigModel
    for part in place:
        if hasattr(annotation, "model_fields"):
            field = annotation.model_fields.get(part)
            annotation = _without_none(field.annotation) if field else None
        else:  # a list's item, or a value of a mapping whose keys are the user's own
            annotation = _without_none(get_args(annotation)[-1]) if get_args(annotation) else None
    return list(getattr(annotation, "model_fields", ()))


def _without_none(annotation: Any) -> Any:
    """Return X for 'X | None' and for an annotated X."""
    if hasattr(annotation, "model_fields") or get_origin(annotation) in (list, dict):
        return annotation
    inner = [one for one in get_args(annotation) if one is not type(None)]
    return _without_none(inner[0]) if inner and not isinstance(inner[0], str) else annotation


def _nearest(word: str, known: list[str], kind: str = "keys here") -> str:
    close = difflib.get_close_matches(word.lower(), known, 1, 0.6)
    return f"did you mean {close[0]!r}?" if close else f"the {kind} are {', '.join(known)}"


def _shown(value: Any) -> str:
    """Return a value as its author would know it again."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    return repr(without_password(value) if isinstance(value, str) else value)[:60]
