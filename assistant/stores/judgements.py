"""Labels and kept cases: the `LabelStore` and the `CaseStore`, and what an erasure takes out of both."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.label import KeptCase, Label
from assistant.errors import UsageError
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import eval_cases, labels


class SqlLabels:
    """The `LabelStore` over table `labels`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, label: Label) -> None:
        """Keep a label, in place of the same person's earlier answer."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            connection.execute(delete(labels).where(labels.c.workspace == key, labels.c.id == label.id))
            told = {"question": label.question, "item": label.item, "rater": label.rater}
            connection.execute(
                insert(labels), {"workspace": key, "id": label.id, **told, "label": canonical_json(label)}
            )

    def labels(self, workspace: str, question: str = "", item: str = "") -> list[Label]:
        """Labels by question, item and rater; see the port."""
        with self._database.read() as connection:
            query = select(labels.c.label).where(
                labels.c.workspace == workspace_key(connection, workspace),
                _begins(labels.c.question, question),
                _begins(labels.c.item, item),
            )
            rows = connection.execute(query.order_by(labels.c.question, labels.c.item, labels.c.rater))
            return [Label.model_validate_json(row) for row in rows.scalars()]

    def forget(self, workspace: str, label_id: str) -> bool:
        """Remove a label. Returns whether there was one."""
        with self._database.write(workspace) as connection:
            here = labels.c.workspace == workspace_key(connection, workspace)
            return connection.execute(delete(labels).where(here, labels.c.id == label_id)).rowcount > 0


class SqlCases:
    """The `CaseStore` over table `eval_cases`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, case: KeptCase) -> None:
        """Keep a case, in place of one of that id in its set; see the port."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            this_set = (eval_cases.c.workspace == key, eval_cases.c.set_name == case.set_name)
            other = connection.execute(
                select(eval_cases.c.kind).where(*this_set, eval_cases.c.kind != case.kind).limit(1)
            ).scalar()
            if other is not None:
                raise UsageError(
                    f"The set '{case.set_name}' holds cases for '{other}', not for '{case.kind}'.",
                    hint="Keep the case in a set of another name.",
                )
            connection.execute(delete(eval_cases).where(*this_set, eval_cases.c.id == case.id))
            told = {"set_name": case.set_name, "id": case.id, "kind": case.kind}
            connection.execute(insert(eval_cases), {"workspace": key, **told, "kept": canonical_json(case)})

    def cases(self, workspace: str, set_name: str) -> list[KeptCase]:
        """The cases of a set, by id."""
        with self._database.read() as connection:
            query = select(eval_cases.c.kept).where(
                eval_cases.c.workspace == workspace_key(connection, workspace),
                eval_cases.c.set_name == set_name,
            )
            rows = connection.execute(query.order_by(eval_cases.c.id)).scalars()
            return [KeptCase.model_validate_json(row) for row in rows]

    def sets(self, workspace: str) -> Mapping[str, tuple[str, int]]:
        """Name of each set → its kind and how many cases it has."""
        with self._database.read() as connection:
            query = (
                select(eval_cases.c.set_name, func.min(eval_cases.c.kind), func.count())
                .where(eval_cases.c.workspace == workspace_key(connection, workspace))
                .group_by(eval_cases.c.set_name)
            )
            return {name: (kind, number) for name, kind, number in sorted(connection.execute(query).all())}

    def remove(self, workspace: str, set_name: str, case_id: str) -> bool:
        """Remove a case. Returns whether there was one."""
        with self._database.write(workspace) as connection:
            here = eval_cases.c.workspace == workspace_key(connection, workspace)
            this = (here, eval_cases.c.set_name == set_name, eval_cases.c.id == case_id)
            return connection.execute(delete(eval_cases).where(*this)).rowcount > 0


def forget_judged(connection: Connection, workspace: int, record_ids: Sequence[str]) -> None:
    """Empty what labels show of removed records, and take cases away that rest on one of them."""
    gone = set(record_ids)
    for label in _labels(connection, workspace):
        if gone & set(label.record_ids):
            _rewrite(connection, workspace, label, _emptied(label))
    for case in _cases(connection, workspace):
        if gone & {record_id for record_id, _ in case.records}:
            _drop(connection, workspace, case)


def redact_judged(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """Take erased words out of labels and cases. Returns: how many held some."""
    changed = 0
    for label in _labels(connection, workspace):
        left = _emptied(label) if words.occur_in(f"{label.reason}\n{label.shown}") else label
        left = left.model_copy(update={"rater": words.redacted(left.rater, nearby=False)})
        if left != label:
            _rewrite(connection, workspace, label, left)
            changed += 1
    for case in _cases(connection, workspace):
        if words.occur_in(f"{case.body}\n{case.by}"):
            _drop(connection, workspace, case)
            changed += 1
    return changed


def _emptied(label: Label) -> Label:
    return label.model_copy(update={"shown": "", "reason": "", "record_ids": ()})


def _labels(connection: Connection, workspace: int) -> list[Label]:
    rows = connection.execute(select(labels.c.label).where(labels.c.workspace == workspace)).scalars()
    return [Label.model_validate_json(row) for row in rows]


def _cases(connection: Connection, workspace: int) -> list[KeptCase]:
    rows = connection.execute(select(eval_cases.c.kept).where(eval_cases.c.workspace == workspace)).scalars()
    return [KeptCase.model_validate_json(row) for row in rows]


def _rewrite(connection: Connection, workspace: int, label: Label, left: Label) -> None:
    this = (labels.c.workspace == workspace, labels.c.id == label.id)
    values = {"id": left.id, "rater": left.rater, "label": canonical_json(left)}
    connection.execute(update(labels).where(*this).values(values))


def _drop(connection: Connection, workspace: int, case: KeptCase) -> None:
    this = (eval_cases.c.workspace == workspace, eval_cases.c.set_name == case.set_name)
    connection.execute(delete(eval_cases).where(*this, eval_cases.c.id == case.id))


def _begins(column: ColumnElement[Any], start: str) -> ColumnElement[bool]:
    return func.substr(column, 1, len(start)) == start
