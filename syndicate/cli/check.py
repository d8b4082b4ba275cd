"""syndicate check"""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar, show_problems
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.domain.text import count
from syndicate.errors import ConfigError, Problem
from syndicate.services.report import plain_problem
from syndicate.wiring import load_app


@click.command()
@config_option
@now_option
@json_option
def check(config_path: Path, now: datetime, as_json: bool) -> None:
    """List everything that is wrong with config, articles and templates; exit with 1 if anything is."""
    problems = _find_problems(config_path, now)
    if as_json:
        plain = {"problems": len(problems), "problem_list": [plain_problem(problem) for problem in problems]}
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        show_problems(problems)
        click.echo(count(len(problems), "problem"))
    if any(problem.path == str(config_path) and problem.reason != "unknown-topic" for problem in problems):
        sys.exit(2)
    sys.exit(1 if problems else 0)


def _find_problems(config_path: Path, now: datetime) -> tuple[Problem, ...]:
    """Return all problems; a config that can't be used hides what lies behind it."""
    try:
        app = load_app(config_path)
        with app.open() as opened, ProgressBar() as progress:
            return opened.check(now, progress)
    except ConfigError as error:
        return error.problems
