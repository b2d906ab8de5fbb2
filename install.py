"""Set the project up on a machine that has only Python and git. Standard library only.

Called by the Makefile: ``python3 install.py`` makes ``.venv`` (or the folder named after it) and installs the hashed
lock into it; a second call finds nothing to do and needs no network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / (sys.argv[1] if len(sys.argv) > 1 else ".venv")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-lock"
OLDEST = (3, 11)


def main() -> int:
    """Make ``.venv`` match the lock and say in one sentence what is missing if that cannot be done."""
    if sys.version_info[:2] < OLDEST:
        return _refuse(f"Suyuan needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
    wanted = _fingerprint()
    try:
        if not STAMP.is_file() or STAMP.read_text() != wanted:
            _install(shutil.which("uv"))
        else:
            subprocess.run(
                [str(_python()), str(ROOT / "hatch_build.py")], check=True, cwd=ROOT, stdout=subprocess.DEVNULL
            )
    except subprocess.CalledProcessError as failure:
        return _refuse(
            f"Setting up stopped: {' '.join(map(str, failure.cmd[:4]))} … ended with code {failure.returncode}. "
            "Read the lines above; the first set-up needs a package index, later ones do not."
        )
    STAMP.write_text(wanted)
    return 0


def _install(uv: str | None) -> None:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_PYTHON_DOWNLOADS": "never"}
    python = _python()

    def run(*command: str | Path) -> None:
        subprocess.run([str(part) for part in command], check=True, env=environment, cwd=ROOT)

    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        run(uv, "venv", "--quiet", "--python", sys.executable, VENV)
        installer: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        _need_venv()
        run(sys.executable, "-m", "venv", VENV)
        installer = [python, "-m", "pip", "install", "--quiet"]
    run(*installer, "--require-hashes", "-r", LOCK)
    run(*installer, "--no-deps", "--no-build-isolation", "-e", ROOT)


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _need_venv() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"This Python has no venv module. Install the system package python{version}-venv "
            f"(Debian, Ubuntu: apt-get install python{version}-venv) and call make again."
        )


def _fingerprint() -> str:
    parts = [
        LOCK.read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        str(ROOT).encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
