"""Python looks for garbage seldom before Sphinx loads what it knows of the pages."""

import gc

import yaml

from tests.book.conftest import ROOT

import garbage  # isort: skip


def test_the_pace_is_set_and_by_the_first_extension_of_all():
    before = gc.get_threshold()
    try:
        garbage.setup(None)
        assert gc.get_threshold() == garbage.SELDOM
        assert garbage.SELDOM[0] > 50 * before[0] or before == garbage.SELDOM
    finally:
        gc.set_threshold(*before)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert next(iter(config["sphinx"]["local_extensions"])) == "garbage"
