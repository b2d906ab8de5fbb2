"""The walk again on PostgreSQL, on a server of its own."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_walk_holds_on_postgresql(postgres_url):
    """Every walk of the quick suite leaves the same house on PostgreSQL."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command.append(str(Path(__file__).parent / "test_walk.py"))
    done = subprocess.run(
        command,
        env={**os.environ, "SUYUAN_DATABASE": postgres_url},
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout
