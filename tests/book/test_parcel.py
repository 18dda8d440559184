"""The wheel that the site serves is made from what is known of the package, installed or not."""

from importlib.metadata import PathDistribution, distribution

import pytest

from tests.book.conftest import ROOT  # noqa: F401, it puts book/_ext on the path

from notebooks import parcel  # isort: skip


@pytest.mark.parametrize(
    ("folder", "file"), [("nnbook.dist-info", "METADATA"), ("nnbook.egg-info", "PKG-INFO")]
)
def test_a_package_that_is_installed_and_one_on_the_path_give_one_wheel(
    folder, file, tmp_path, monkeypatch
):
    about = distribution("nnbook")
    known = about.read_text("METADATA") or about.read_text("PKG-INFO")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / file).write_text(known, encoding="utf-8")
    entries = about.read_text("entry_points.txt")
    (tmp_path / folder / "entry_points.txt").write_text(entries, encoding="utf-8")
    found = PathDistribution(tmp_path / folder)
    monkeypatch.setattr(parcel, "distribution", lambda name: found)
    files = parcel.contents()
    headers = files[f"nnbook-{about.version}.dist-info/METADATA"].decode()
    assert headers.startswith("Metadata-Version:")
    assert f"\nVersion: {about.version}\n" in headers
