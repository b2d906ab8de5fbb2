"""The doors: the command line, and what ``import suyuan`` offers."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that was typed and leave with its exit code."""
    from suyuan.cli.root import run

    sys.exit(run(sys.argv[1:]))
