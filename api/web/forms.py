"""One address, several forms: a page for people; by suffix JSON, and Markdown or CSV where the page holds a table."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from assistant.domain.escaping import markdown_words
from assistant.errors import NotFound
from assistant.synthesis.outputs.export import writable
from assistant.synthesis.outputs.tables import Value
from assistant.synthesis.outputs.to_csv import cell

Form = Literal["html", "json", "md", "csv"]
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True)
class Table:
    """What a page holds as rows."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def form_of(request: Request) -> Form:
    """The form that the address asks for. Raises: NotFound for a suffix that there is none of."""
    suffix = request.path_params.get("form", "html")
    for form in get_args(Form):
        if suffix == form:
            chosen: Form = form
            return chosen
    raise NotFound(
        f"There is no '.{suffix[:20]}' of this page.",
        hint="Pages answer as .json; lists also as .md and .csv.",
    )


FormDep = Annotated[Form, Depends(form_of)]


def page_at(router: APIRouter, path: str) -> Callable[[_Endpoint], _Endpoint]:
    """Serve a page at a path, and at the path with `.json`, `.md` or `.csv` behind it (`/home.json` for `/`)."""

    def add(endpoint: _Endpoint) -> _Endpoint:
        # With the suffix first: an id in a path would otherwise swallow it.
        router.get(f"{'/home' if path == '/' else path}.{{form}}")(endpoint)
        router.get(path)(endpoint)
        return endpoint

    return add


def shaped(
    form: Form,
    *,
    page: Callable[[], Response],
    data: Callable[[], Any],
    table: Callable[[], Table] | None = None,
) -> Response:
    """The answer in a form; only that one is made. Raises: NotFound where the page holds no table."""
    if form == "html":
        return page()
    if form == "json":
        return JSONResponse(data())
    if table is None:
        raise NotFound(f"This page is no list: there is no '.{form}' of it.", hint="It answers as .json.")
    held = table()
    if form == "csv":
        return Response(_csv(held), media_type="text/csv; charset=utf-8")
    return Response(_markdown(held), media_type="text/markdown; charset=utf-8")


def _csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(cell, table.columns))
    writer.writerows(map(cell, row) for row in table.rows)
    return writable(out.getvalue()).encode()


def _markdown(table: Table) -> bytes:
    def line(values: Sequence[Value]) -> str:
        return f"| {' | '.join(markdown_words(_plain(one)) for one in values)} |"

    lines = [f"# {markdown_words(table.title)}", "", line(table.columns), f"|{' --- |' * len(table.columns)}"]
    return writable("\n".join([*lines, *map(line, table.rows)]) + "\n").encode()


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else cell(value)
