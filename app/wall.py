"""The wall around applications that somebody has a tie with: to their session these rows do not exist.

A coordinator with a tie must not meet the application in a list, a count, an export or a search. Were that a
condition in each query, the next query would forget it. So the session itself leaves out every row that leads
to such an application: its tables are told by their keys, those of tomorrow too. An act that is about the
whole call (giving out, closing, freezing) takes the wall down while it lasts, by `whole_call`, and must not
answer with what it saw.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, Select, Table, Update, event, or_, select
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.dml import Delete
from sqlalchemy.sql.visitors import iterate
from sqlmodel import Session, SQLModel

from app.errors import Conflict

PUBLIC = frozenset({"correction_notice", "pitch_card", "published_result", "winner_picture"})
"""Tables that everybody may read: who is announced is known to whoever has a tie as well."""
NAMED_BY = {"ref": ("ref",), "subject": ("ref", "code")}
"""Columns that name an application without a key: the reference, and what the log says an act was about."""

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Wall:
    """The applications behind it: their keys, and the references and codes that name them."""

    keys: frozenset[int]
    names: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.keys)


NO_WALL = Wall(frozenset(), frozenset())


class Unwalled(RuntimeError):
    """A statement of a shape to which the wall cannot be put: rather no answer than one too many."""


class BehindWall(Conflict):
    """Something is in the way of which whoever acts may not know; another coordinator can see it."""

    code = "wall.behind"


def put_up(session: Session, wall: Wall) -> None:
    """From now on this session finds nothing of what is behind the wall, but within `whole_call`."""
    if not wall or "wall" in session.info:
        return
    session.info["wall"], session.info["wall_down"] = wall, 0
    every: dict[str, list[Any]] = {}

    def leave_out(state: ORMExecuteState) -> None:
        if session.info["wall_down"] or not (state.is_select or state.is_update or state.is_delete):
            return
        if not isinstance(state.statement, Select | Update | Delete):
            raise Unwalled(type(state.statement).__name__)
        for name in sorted(_tables_in(state.statement) & _walled().keys()):
            if name not in every:
                every[name] = _conditions(name, wall)
            state.statement = state.statement.options(*every[name])

    event.listen(session, "do_orm_execute", leave_out)


def behind_wall(engine: Engine, wall: Wall) -> Engine:
    """The engine, on which every session that is opened has this wall."""
    return engine.execution_options(prepare=lambda session: put_up(session, wall)) if wall else engine


def wall_of(session: Session) -> Wall:
    """What this session must not know of."""
    wall: Wall = session.info.get("wall", NO_WALL)
    return wall


def is_walled(session: Session) -> bool:
    """Whether something is left out of what this session finds now."""
    return bool(wall_of(session)) and not session.info["wall_down"]


@contextmanager
def taken_down(session: Session) -> Iterator[None]:
    """For an act on the whole call: its rows are all there until this ends."""
    if not wall_of(session):
        yield
        return
    session.info["wall_down"] += 1
    try:
        yield
    finally:
        session.info["wall_down"] -= 1


@contextmanager
def left_standing(session: Session) -> Iterator[None]:
    """Within an act on the whole call: only what its doer may know of, until this ends."""
    if not wall_of(session):
        yield
        return
    down, session.info["wall_down"] = session.info["wall_down"], 0
    try:
        yield
    finally:
        session.info["wall_down"] = down


def refuse_while(session: Session, count: Callable[[], int], refusal: type[Conflict]) -> None:
    """Refuse as long as anything is in the way, with how much of it whoever acts may know of.

    BehindWall where that is nothing: that it is refused says enough.
    """
    if not count():
        return
    with left_standing(session):
        seen = count()
    raise refusal(count=seen) if seen else BehindWall


def whole_call(act: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Mark an act that is about every application of a call, whoever does it. Its session comes first."""

    @wraps(act)
    def done(*args: _Given.args, **given: _Given.kwargs) -> _Result:
        session: Any = args[0]
        with taken_down(session):
            return act(*args, **given)

    return done


def _tables_in(statement: Any) -> set[str]:
    """The tables of a statement, however deep: one that is in it by a column alone is in it."""
    tables = set()
    for each in iterate(statement):
        table = each if isinstance(each, Table) else getattr(each, "table", None)
        while table is not None and not isinstance(table, Table):
            table = getattr(table, "element", None)
        if table is not None:
            tables.add(table.name)
    return tables


def _conditions(name: str, wall: Wall) -> list[Any]:
    entity, rules = _walled()[name]
    return [_Condition(entity, rule(wall), include_aliases=True) for rule in rules]


class _Condition(LoaderCriteriaOption):
    """A condition on a table, under whatever name the table stands in a statement.

    By itself the mapper leaves the table's own name in what it joins under another one.
    """

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        condition = super()._resolve_where_criteria(ext_info)
        return ext_info._adapt_element(condition) if ext_info.is_aliased_class else condition


@cache
def _walled() -> dict[str, tuple[type[Any], list[Callable[[Wall], Any]]]]:
    """Each table with rows about one application, and how they are told from others."""
    mappers = SQLModel._sa_registry.mappers
    entities = {str(mapper.local_table.name): mapper.class_ for mapper in mappers}  # type: ignore[attr-defined]
    ways = _ways(SQLModel.metadata.tables.values())
    return {
        name: (entity, [_leads_elsewhere(entity, column, way) for column, way in ways[name]])
        for name, entity in entities.items()
        if name in ways and name not in PUBLIC
    }


def walled_tables() -> frozenset[str]:
    """The tables in which the wall hides rows."""
    return frozenset(_walled())


Way = Callable[[Wall], Any]
"""The values of a column that lead to what is behind the wall: a list, or a statement that finds them."""


def _ways(tables: Iterable[Table]) -> dict[str, list[tuple[str, Way]]]:
    """Table -> the columns by which its rows lead to an application, over as many tables as it takes."""
    every = list(tables)
    ways: dict[str, list[tuple[str, Way]]] = {"application": [("id", lambda wall: sorted(wall.keys))]}
    for table in every:
        if table.name != "application" and (named := NAMED_BY.keys() & table.columns.keys()):
            ways[table.name] = [(column, lambda wall: sorted(wall.names)) for column in sorted(named)]
    grown = True
    while grown:
        grown = False
        for table in every:
            for key in table.foreign_keys:
                # Only rows that are about one application lead on; a person or a call is about many.
                target = key.column.table
                if target.name not in ways or target is table or target.name in NOT_FURTHER:
                    continue
                known = ways.setdefault(table.name, [])
                if key.parent.name not in {column for column, _ in known}:
                    known.append((key.parent.name, _way_over(target, key.column.name, ways[target.name])))
                    grown = True
    return ways


NOT_FURTHER = frozenset({"audit_entry", "privacy_request_application", "message"})
"""Tables that name an application, whose own key leads nowhere."""


def _way_over(target: Table, column: str, ways: list[tuple[str, Way]]) -> Way:
    if target.name == "application":
        return lambda wall: sorted(wall.keys)
    steps = list(ways)

    def behind(wall: Wall) -> Any:
        # A name of its own, so that no statement in which the table stands takes it for that one.
        there = target.alias()
        reached = (there.c[name].in_(way(wall)) for name, way in steps)
        return select(there.c[column]).where(or_(*reached)).correlate(None)

    return behind


def _leads_elsewhere(entity: type[Any], column: str, way: Way) -> Callable[[Wall], Any]:
    def condition(wall: Wall) -> Any:
        attribute = getattr(entity, column)
        elsewhere = attribute.not_in(way(wall))
        nullable = entity.__table__.c[column].nullable
        return or_(attribute.is_(None), elsewhere) if nullable else elsewhere

    return condition
