"""The command line: `baige serve`, `baige migrate`, …; `make` calls it."""

import typer

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from app.migrate import upgrade
    from app.settings import Settings

    upgrade(Settings())


def main() -> None:
    """Run the command line."""
    app()
