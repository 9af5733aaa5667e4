"""What opening loads, seen from a fresh process."""

import subprocess
import sys
from pathlib import Path

from assistant.stores.catalog import open_catalog


def test_opening_again_does_not_load_alembic(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    open_catalog(path).close()
    code = (
        "import sys, pathlib; from assistant.stores.catalog import open_catalog;"
        f"open_catalog(pathlib.Path({str(path)!r})).close();"
        "sys.exit(bool({'alembic', 'chromadb'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_heavy_is_loaded_before_it_is_used(tmp_path: Path) -> None:
    code = (
        "import sys; from assistant.settings import Settings; from assistant.wiring import open_workbench;"
        f"open_workbench(Settings.load(home={str(tmp_path)!r}));"
        "heavy = {'chromadb', 'openai', 'langchain', 'langchain_core', 'sqlalchemy', 'onnxruntime', 'dbos'};"
        "print(heavy & set(sys.modules)); sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
