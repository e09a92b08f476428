"""How templates are compiled: what is the same for all readers of a language is asked once, not at each look.

A sentence with nothing to fill in becomes a part of the markup around it, and so does the address of a file
of ours. What is shown is escaped as Jinja does it, but not wrapped as markup piece by piece first: the pieces
of an answer are joined anyway.
"""

from collections.abc import MutableMapping
from functools import cached_property
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import _escape_inner, escape  # type: ignore[attr-defined]

KNOWN = frozenset({"_", "gettext", "static"})
"""Functions of the environment that answer the same each time they are asked the same."""
_SAFE = type(escape(""))


def escaped(shown: Any) -> str:
    """The same letters as `markupsafe.escape`.

    What does the escaping there is not public: the lock pins it, and `tests/pages/test_compiled.py` holds
    both to the same letters. A page escapes hundreds of pieces, and wrapping each takes ten times as long.
    """
    kind = type(shown)
    if kind is str:
        return _escape_inner(shown)
    return shown if kind is _SAFE else escape(shown)


class _Code(CodeGenerator):
    """Puts what is known in the place of the call that would ask for it."""

    @cached_property
    def _asking(self) -> Context:
        """What a function is asked from that wants to know the page; of these none looks at it."""
        return self.environment.context_class(self.environment, self.environment.globals, None, {})

    def _known(self, node: nodes.Node) -> str | None:
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
            return None
        name, filled = node.node.name, node.kwargs or node.dyn_args or node.dyn_kwargs
        if name not in KNOWN or filled or len(node.args) != 1:
            return None
        given = node.args[0]
        if not isinstance(given, nodes.Const):
            return None
        function: Any = self.environment.globals[name]
        found: Any = self._asking.call(function, given.value)
        return found if isinstance(found, str) else None

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        found = self._known(node)
        if found is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
        else:
            self.write(repr(found))

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        found = self._known(node)
        if found is None:
            return super()._output_child_to_const(node, frame, finalize)
        return str(escape(found))


class _Template(Template):
    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> Template:
        # What the code imported under this name is asked for at every piece of markup.
        namespace["escape"] = escaped
        return super()._from_namespace(environment, namespace, globals)


class _Context(Context):
    def call(self, asked: Any, /, *args: Any, **given: Any) -> Any:
        """A macro that is given only what it names is its function alone: a form calls a hundred."""
        if type(asked) is not Macro:
            return super().call(asked, *args, **given)
        given.pop("_block_vars", None)
        given.pop("_loop_vars", None)
        left = asked._argument_count - len(args)
        if given or left < 0 or asked.caller or asked.catch_kwargs or asked.catch_varargs:
            return asked(self.eval_ctx, *args, **given)
        return _SAFE(asked._func(*args, *(missing,) * left))


class Compiled(Environment):
    """An environment that escapes; what is `KNOWN` is asked while a template is compiled, where what it is
    given stands in it."""

    code_generator_class = _Code
    context_class = _Context
    template_class = _Template
