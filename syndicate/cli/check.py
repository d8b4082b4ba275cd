"""syndicate check"""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar, show_problems
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.domain.text import count
from syndicate.errors import ConfigError
from syndicate.services.report import plain_problem
from syndicate.wiring import load_app


@click.command()
@config_option
@now_option
@json_option
def check(config_path: Path, now: datetime, as_json: bool) -> None:
    """List everything that is wrong with config, articles and templates; exit with 1 if anything is."""
    exit_code = 1
    try:
        with load_app(config_path).open() as opened, ProgressBar() as progress:
            problems = opened.check(now, progress)
    except ConfigError as error:  # it hides what lies behind it
        problems, exit_code = error.problems, 2
    if as_json:
        plain = {"problems": len(problems), "problem_list": [plain_problem(problem) for problem in problems]}
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        show_problems(problems)
        click.echo(count(len(problems), "problem"))
    sys.exit(exit_code if problems else 0)
