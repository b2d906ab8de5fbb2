"""What the documents show is what the readers do."""

from __future__ import annotations

import re
from pathlib import Path

from suyuan.gateways import Mapping
from suyuan.gateways.columns import KNOWN_COLUMNS
from suyuan.gateways.faults import REASONS
from suyuan.terms import PLACE_KINDS

DOCS = Path(__file__).parents[3] / "docs"
FORMAT = (DOCS / "formats/visit-log.md").read_text("utf-8")
GUIDE = (DOCS / "guides/own-files.md").read_text("utf-8")


def block(text: str, language: str) -> str:
    found = re.search(rf"( *)```{language}\n(.*?)\n *```", text, re.DOTALL)
    assert found
    return "\n".join(line.removeprefix(found[1]) for line in found[2].splitlines())


def test_format_names_everything():
    """The format lists every reason, every place kind and every column."""
    for word in (*REASONS, *PLACE_KINDS, *KNOWN_COLUMNS):
        assert f"`{word}`" in FORMAT, word


def test_mapping_of_the_format_loads(mapping):
    """The mapping shown in full is valid and uses every table."""
    shown: Mapping = mapping(block(FORMAT, "toml"))
    assert all(getattr(shown, name) != getattr(Mapping(), name) for name in ("file", "time", "columns", "records"))


def test_guide_runs(tmp_path, monkeypatch, capsys):
    """The steps of the guide work as they stand."""
    monkeypatch.chdir(tmp_path)
    Path("canteen.toml").write_text(block(GUIDE, "toml"), "utf-8")
    Path("doors.csv").write_text("卡号,门,进,出\nP1,S,2022-06-28 08:00,2022-06-28 09:00\nP2,S,,\n", "utf-8")
    exec(compile(block(GUIDE, "python"), "guide", "exec"), {})
    assert "n_read=2, n_good=1, n_bad=1" in capsys.readouterr().out
    assert "missing_time" in Path("doors.rejects.csv").read_text("utf-8-sig")
