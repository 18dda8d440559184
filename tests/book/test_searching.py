"""What a reader types into the search field leads to the chapter that treats it."""

import json
import re

import pytest

TINY = """# Layers

The rule of *Glorot*.

$$
y = xW
$$ (eq-tiny-forward)
"""


def index(folder):
    script = (folder / "searchindex.js").read_text(encoding="utf-8")
    return json.loads(re.fullmatch(r"Search\.setIndex\((.*)\);?\s*", script, re.S)[1])


def pages(found, terms):
    numbers = terms if isinstance(terms, list) else [terms]
    return {found["docnames"][number] for number in numbers}


def test_equations_are_found_by_name_also_after_a_second_build(tiny_book):
    book = tiny_book({"layers": TINY})
    for name in ("eq-tiny-forward", "eq-tiny-linear"):
        book.write("layers", TINY.replace("eq-tiny-forward", name))
        assert book.build().returncode == 0
        found = index(book.root / "_build/html")
        entries = {entry for entry in found["indexentries"] if entry.startswith("eq-")}
        assert entries == {name}
        ((page, anchor, is_main),) = found["indexentries"][name]
        assert (found["docnames"][page], anchor, is_main) == ("layers", f"equation-{name}", True)
        assert f'id="{anchor}"' in book.html("layers")


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("xavier", "dense/initialization"),
        ("glorot", "dense/initialization"),
        ("lstm", "recurrent/lstm"),
        ("eq-linear-backward", "components/backpropagation"),
    ],
)
def test_a_query_leads_to_its_chapter(site, query, page):
    found = index(site)
    words = [found[kind][query] for kind in ("titleterms", "terms") if query in found[kind]]
    by_word = set().union(*(pages(found, word) for word in words))
    entries = [entry for entry in found["indexentries"] if query in entry]
    by_entry = {found["docnames"][place[0]] for e in entries for place in found["indexentries"][e]}
    assert page in by_word | by_entry
    if query == "lstm":
        assert page in pages(found, found["titleterms"][query])
    if query == "eq-linear-backward":
        assert by_entry == {page}


def test_only_the_page_that_searches_loads_the_index(site):
    loading = {p.name for p in site.glob("*.html") if "searchindex.js" in p.read_text()}
    assert loading == {"search.html"}
    assert "searchtools.js" not in (site / "components/neuron.html").read_text()
