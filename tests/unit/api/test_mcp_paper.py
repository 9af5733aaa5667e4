"""docs/mcp.md says what the tools are, and its settings start what there is."""

import json
import re

from api.cli.lazy import COMMANDS
from api.mcp import prompts, resources
from api.mcp.http import PATH
from api.tools.table import TOOLS
from assistant.settings import Settings
from tests.support.house import ROOT

PAPER = (ROOT / "docs/mcp.md").read_text(encoding="utf-8")


def test_the_table_of_tools_is_the_one_that_clients_list() -> None:
    rows = [
        f"| `{tool.name}` | {tool.tells} | {'changes' if tool.changes else 'reads'} |"
        for tool in TOOLS.values()
    ]
    assert [line for line in PAPER.splitlines() if line.startswith("| `")] == rows
    assert len(rows) <= 12


def test_prompts_and_resources_are_named_with_their_arguments() -> None:
    for prompt in prompts.listed():
        assert f"`{prompt.name}` ({', '.join(one.name for one in prompt.arguments or [])})" in PAPER
    for template in resources.TEMPLATES:
        scheme, _, name = template.uri_template.partition("{")
        assert f"`{scheme}{name.rstrip('}').upper()}`" in PAPER


def test_the_settings_for_clients_are_json_and_name_what_there_is() -> None:
    blocks = re.findall(r"^```json\n(.*?)^```", PAPER, re.M | re.S)
    assert len(blocks) == 4
    address = f"http://127.0.0.1:{Settings.model_fields['port'].default}{PATH}"
    for block in blocks:
        held = json.loads(block)
        server = (held.get("mcpServers") or held["servers"])["voxspec"]
        if "url" in server:
            assert server["url"] == address
        else:
            assert server["command"] == "voxspec"
            assert server["args"][0] in COMMANDS
