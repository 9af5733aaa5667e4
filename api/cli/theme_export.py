"""What `voxspec themes export` does: assignments as CSV or Parquet, all tables in a folder, the themes as JSON, the report as HTML."""

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from api.cli.files import demand_place, writing
from api.cli.session import Session
from assistant.domain.personal.views import masked_mapping
from assistant.errors import UsageError
from assistant.jobs.port import Progress
from assistant.synthesis.outputs.export import Export, export_of
from assistant.synthesis.outputs.tables import Table, assignments_table, tables_of
from assistant.synthesis.outputs.to_csv import write_csv
from assistant.synthesis.outputs.to_parquet import write_parquet


class TableFormat(StrEnum):
    """What the tables of a folder are written as."""

    parquet = "parquet"
    csv = "csv"


_FILES = (".csv", ".parquet", ".html", ".json")


def demand_places(out: Sequence[Path]) -> None:
    """Refuse names that can't be written before any work. Raises: UsageError."""
    if not out:
        raise UsageError(
            "'export' needs a place to write to.",
            hint="voxspec themes export --out report.html (or .csv, .parquet, .json, or a folder for all tables)",
        )
    for path in out:
        if path.suffix.lower() in _FILES:
            demand_place(path)
        elif path.suffix and not path.is_dir():
            raise UsageError(
                f"'{path}' names no format that themes can be written in.",
                hint=f"End the name with {', '.join(_FILES)}; a name without an ending is a folder for all tables.",
            )
        elif path.exists() and not path.is_dir():
            raise UsageError(
                f"'{path}' is a file, and a name without an ending is a folder.", hint="Name another."
            )


def export_themes(
    session: Session, out: Sequence[Path], *, tables: TableFormat, excel: bool, progress: Progress
) -> None:
    """Write every file, and say what was written."""
    written: list[dict[str, str | int]] = []
    with session.bench() as bench:
        export = export_of(bench, progress)
        for path in out:
            progress(0, None, f"writing {path.name}")
            if path.suffix.lower() in _FILES:
                written.append(_write(export, path, excel=excel))
            else:
                path.mkdir(parents=True, exist_ok=True)
                for table in tables_of(export):
                    file = path / f"{table.name}.{tables.value}"
                    written.append(_write_table(export, table, file, excel=excel))
    if session.as_json:
        session.output.json({"files": written, "waiting": export.themes.waiting})
        return
    for one in written:
        session.output.note(f"{one['rows']:,} {one['of']} written to {one['path']}")
    if export.themes.waiting:
        session.output.note(
            f"{export.themes.waiting:,} records are in no theme yet; bring them in: voxspec themes run"
        )


def _write(export: Export, path: Path, *, excel: bool) -> dict[str, str | int]:
    if path.suffix.lower() in (".csv", ".parquet"):
        return _write_table(export, assignments_table(export), path, excel=excel)
    if path.suffix.lower() == ".html":
        from assistant.synthesis.outputs.report import report_html

        content = report_html(export).encode("utf-8")
    else:
        told = export.themes.model_dump(mode="json")
        shown = masked_mapping(told) if export.masks else told
        content = (json.dumps(shown, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    with writing(path) as stream:
        stream.write(content)
    return {"path": str(path), "of": "themes", "rows": len(export.themes.themes)}


def _write_table(export: Export, table: Table, path: Path, *, excel: bool) -> dict[str, str | int]:
    run = export.themes.run
    about = {
        "run": run.id,
        "stamp": export.themes.stamp,
        "embedder": run.embedder,
        "masked": str(export.masks).lower(),
    }
    with writing(path) as stream:
        if path.suffix.lower() == ".csv":
            rows = write_csv(table, stream, bom=excel)
        else:
            rows = write_parquet(table, stream, about)
    return {"path": str(path), "of": f"rows of {table.name}", "rows": rows}
