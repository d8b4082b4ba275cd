"""The command line: its commands are imported only when they are called, so that --help is instant."""

import gc
import importlib
import sys

import click

from syndicate import __version__
from syndicate.errors import ConfigError, SyndicateError, UsageError

# Every command: its name, where it is, and the line that `syndicate --help` shows.
COMMANDS = {
    "init": ("syndicate.cli.init:init", "Look at a folder of articles and write a config.yaml for it."),
    "build": ("syndicate.cli.build:build", "Collect the articles and write the feeds and pages that changed."),
    "check": ("syndicate.cli.check:check", "List everything that is wrong with config, articles and templates."),
    "topics": ("syndicate.cli.tables:topics", "Show the topics that were found."),
    "articles": ("syndicate.cli.tables:articles", "Show every file and what became of it."),
    "issue": ("syndicate.cli.issue:issue", "Preview, cut, list or show issues of a newsletter."),
    "schedule": ("syndicate.cli.schedule:schedule", "Show when issues are due next, and articles come and go."),
    "run-due": ("syndicate.cli.run_due:run_due", "Build, cut what is due of every newsletter, and end."),
    "status": ("syndicate.cli.status:status", "Show the last build, and how each newsletter stands."),
    "ledger": ("syndicate.cli.ledger:ledger", "Export, import, copy or back up what must be remembered."),
    "serve": ("syndicate.cli.serve:serve", "Serve the output folder over HTTP."),
    "schema": ("syndicate.cli.schema:schema", "Print the JSON Schema of config.yaml, for editors."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called and knows its help line without that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="syndicate", message="%(prog)s %(version)s")
def cli() -> None:
    """Topic feeds and newsletters from a folder of articles.

    Start with 'syndicate init path/to/articles', then 'syndicate build'.
    """


def main() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 something is wrong, 2 usage or config."""
    # A command is short, and makes many objects that live to its end and no cycles: looking for
    # those cost a build a third of its time.
    gc.disable()
    try:
        cli.main(prog_name="syndicate", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(f"{error.filename or 'syndicate'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except SyndicateError as error:
        click.echo(str(error), err=True)
        sys.exit(2 if isinstance(error, (ConfigError, UsageError)) else 1)
