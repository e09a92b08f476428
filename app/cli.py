"""The command line: `baige serve`, `migrate`, `demo`, … (also `python -m app …`); `make` calls it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.settings import Settings

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, add_completion=False)


def _settings(**changed: object) -> Settings:
    try:
        return Settings(**changed)  # type: ignore[arg-type]
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in each["loc"])
            typer.echo(
                f"{place + ': ' if place else ''}{each['msg'].removeprefix('Value error, ')}", err=True
            )
        raise typer.Exit(2) from None


@contextmanager
def _in_one_line() -> Iterator[None]:
    """What an operator can mend is said in one line, without the way through the code."""
    try:
        yield
    except ValidationError as error:
        words = "; ".join(each["msg"] for each in error.errors(include_url=False, include_input=False))
    except DBAPIError as error:
        words = (
            f"The database refused: {str(error.orig).splitlines()[0]}. Is it there, and has `migrate` run?"
        )
    except OSError as error:
        words = str(error.strerror or error)
    else:
        return
    typer.echo(words, err=True)
    raise typer.Exit(1)


@cli.command()
def serve() -> None:
    """Serve the site: one pinned web worker per core, and the job worker."""
    from app.serving import listen
    from app.serving import serve as run

    settings = _settings()
    with _in_one_line():
        listening = listen(settings)
    run(settings, listening)


@cli.command()
def migrate(
    roles: Annotated[
        bool,
        typer.Option("--roles", help="Also make the role that keeps reviewers' requests from identities."),
    ] = False,
) -> None:
    """Bring the database to the newest version; a role that is there gets its grants anew."""
    from app.migrate import upgrade

    with _in_one_line():
        upgrade(_settings(), roles=roles)


@cli.command()
def work() -> None:
    """Run the job worker alone: it sends mail and cleans up."""
    from app.jobs.worker import work as run
    from app.logs import configure_logs
    from app.proving import prove_waiting

    settings = _settings()
    configure_logs(settings)
    run(settings, prove_waiting)


@cli.command()
def demo(
    today: Annotated[
        datetime | None,
        typer.Option(help="The day on which the demo stands; today, if none.", formats=["%Y-%m-%d"]),
    ] = None,
    first_run: Annotated[bool, typer.Option(help="Do nothing if there is a programme already.")] = False,
) -> None:
    """Load the demo: calls past, open, in review and decided, and three evenings; all people are invented."""
    from app.demo.load import load_demo

    with _in_one_line():
        typer.echo(load_demo(_settings(), (today or datetime.now(UTC)).date(), first_run=first_run))


@cli.command()
def copy_files() -> None:
    """Copy the files of the local folder into the bucket that is set; it may be repeated."""
    from app.errors import DomainError
    from app.files.opening import copy_files as copy

    settings = _settings()
    if not settings.s3_bucket:
        typer.echo("No bucket is set: see BAIGE_S3_BUCKET in .env.example.", err=True)
        raise typer.Exit(2)
    with _in_one_line():
        try:
            typer.echo(f"Files in the bucket: {copy(settings)}")
        except DomainError as error:
            typer.echo(f"The bucket does not answer or refuses: {error.code}. See the log.", err=True)
            raise typer.Exit(1) from None


@cli.command()
def prove(call: str) -> None:
    """Look for applicants' known secrets in all that reviewers of a call can read.

    It fails if one is found, or if something could not be read.
    """
    from app.proving import prove_call

    with _in_one_line():
        proof = prove_call(_settings(), call, datetime.now(UTC))
    if proof is None:
        typer.echo("There is no such call, or a check of it is under way.", err=True)
        raise typer.Exit(2)
    typer.echo(
        f"{proof.applications} applications, {proof.reviewers} reviewers, {proof.texts} texts read: "
        f"{proof.found_secrets} of {proof.secrets} known secrets found; "
        f"not open to reviewers yet: {proof.closed} "
        f"of {proof.given} texts; could not be read: {proof.failed}. SHA-256 {proof.digest or 'none'}"
    )
    for each in proof.found:
        typer.echo(
            f"{each.ref}: {each.kind} in {each.place} {each.stands_in}{'' if each.sure else ' (perhaps)'}, "
            f"{each.times} times"
        )
    if proof.found_secrets or proof.failed:
        raise typer.Exit(1)


@cli.command()
def check_awards(
    call: str,
    language: Annotated[str, typer.Option(help="In which language titles are written.")] = "en",
) -> None:
    """Hold the open data of a call's winners (360Giving JSON) to the official schema: 0 where it is valid.

    1: something is wrong, each with its place. 2: there is no such call, or none of its winners is public.
    """
    from app.decisions.open_data_check import wrong_in
    from app.proving import awards_of

    with _in_one_line():
        package = awards_of(_settings(), call, language)
    if package is None:
        typer.echo("There is no such call, or none of its winners is public.", err=True)
        raise typer.Exit(2)
    wrong = wrong_in(package)
    for each in wrong:
        typer.echo(each)
    if wrong:
        typer.echo(f"Not valid: {len(wrong)} mistakes in {len(package['grants'])} grants.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Valid by the 360Giving standard: {len(package['grants'])} grants of {call}.")


@cli.command()
def recompute(file: Path) -> None:
    """Compute a decision again from its protocol (JSON), alone: 0 where all agrees, 1 where anything differs.

    It needs no database, no network and no settings. 2: the file cannot be read, or is no protocol.
    """
    from app.decisions.protocol_file import Malformed, parsed
    from app.decisions.recompute import MOST_SAID
    from app.decisions.recompute import recompute as compute

    try:
        protocol, document = parsed(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, Malformed) as error:
        words = error.strerror if isinstance(error, OSError) else error
        typer.echo(f"{file}: {words}", err=True)
        raise typer.Exit(2) from None
    kind = "draft, not frozen" if protocol.draft else f"frozen {protocol.made_at}"
    typer.echo(f"Protocol {protocol.number} of the call {protocol.call.slug} ({kind})")
    checks = compute(protocol, document)
    for check in checks:
        typer.echo(f"{'DIFFERS' if check.differences else 'agrees'}  {check.title}")
        for each in check.differences[:MOST_SAID]:
            typer.echo(f"         {each}")
        if len(check.differences) > MOST_SAID:
            typer.echo(f"         and {len(check.differences) - MOST_SAID} more")
        if check.note:
            typer.echo(f"         {check.note}")
    differ = sum(bool(each.differences) for each in checks)
    if differ:
        typer.echo(f"Differs: {differ} of {len(checks)} checks.")
        raise typer.Exit(1)
    typer.echo(f"All agree: {len(checks)} checks. SHA-256 {protocol.digest}")


@cli.command()
def manager(email: str) -> None:
    """Let somebody create calls; they sign in with this address."""
    from app.accounts.managers import make_manager
    from app.database import make_engine, session_on

    engine = make_engine(_settings().database_url)
    with _in_one_line(), session_on(engine) as session, session.begin():
        make_manager(session, email, datetime.now(UTC))
    typer.echo(f"{email} may create calls.")


def main() -> None:
    """Run the command line."""
    cli()
