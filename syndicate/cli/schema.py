"""syndicate schema"""

import json

import click

from syndicate.config.schema import config_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema of config.yaml: editors complete and check by it."""
    click.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False))
