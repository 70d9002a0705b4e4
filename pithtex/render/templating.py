"""The two kinds of jinja2 environment: markup, which is escaped by itself, and all else, which is escaped by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def markup_environment(package: str) -> Environment:
    """Templates of HTML, SVG and XML, written with `{{ }}`: whatever is printed is escaped.

    Args:
        package: the Python package that has the folder `templates`.
    """
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a package's templates do not change: looking costs more than a small one takes
    )


def typed_environment(package: str, safe: type[str], filters: Mapping[str, Callable[..., str]]) -> Environment:
    """Templates of one other language, written with `<< >>` and `<% %>`: only text of its own type is printed.

    HTML's escaping is not that of TeX or Markdown. So each language has a type that its escapers alone make, and
    text of any other type is refused: what goes unescaped by mistake is an error and not a hole.

    Args:
        package: the Python package that has the folder `templates`.
        safe: the type of the language's escaped text.
        filters: its escapers, by the names that templates use.
    """

    def refuse_raw(value: object) -> object:
        if not isinstance(value, safe):
            raise TypeError(f"a template printed text that is not {safe.__name__}: it did not go through an escaper")
        return value

    environment = Environment(
        loader=PackageLoader(package, "templates"),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a package's templates do not change: looking costs more than a small one takes
        finalize=refuse_raw,
        autoescape=False,  # noqa: S701 - HTML escaping would be wrong here: refuse_raw stands in its place
    )
    environment.filters.update(filters)
    return environment


@cache
def template(environment: Environment, name: str) -> Template:
    """Returns a template of an environment that is kept. Asking jinja2 again takes as long as rendering a small one."""
    return environment.get_template(name)
