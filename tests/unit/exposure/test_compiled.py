"""Where compiled code is kept."""

from __future__ import annotations

from suyuan.exposure.compiled import cache_folder, fingerprint


def package(tmp_path, text):
    (tmp_path / "inner.py").write_text(f"from suyuan.exposure.compiled import compiled\n{text}")
    (tmp_path / "plain.py").write_text(f"# nothing compiled here {text}")
    return tmp_path


def test_a_changed_inner_routine_changes_the_folder(tmp_path):
    """After an upgrade no code of the old version can run."""
    before = fingerprint(package(tmp_path, "a = 1"))
    assert fingerprint(package(tmp_path, "a = 2")) != before
    assert fingerprint(package(tmp_path, "a = 1")) == before


def test_files_without_compiled_routines_do_not_matter(tmp_path):
    """A changed sentence elsewhere does not cost a minute of compiling."""
    before = fingerprint(package(tmp_path, "a = 1"))
    (tmp_path / "plain.py").write_text("# something else")
    assert fingerprint(tmp_path) == before


def test_folders_of_earlier_versions_are_removed(tmp_path):
    """Old compiled code does not pile up."""
    old = cache_folder(package(tmp_path, "a = 1"))
    old.mkdir(parents=True)
    new = cache_folder(package(tmp_path, "a = 2"))
    assert old != new
    assert not old.exists()
