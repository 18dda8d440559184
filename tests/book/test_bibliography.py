"""The bibliography calls a work what the text calls it."""

import re

from bs4 import BeautifulSoup

from tests.book.conftest import ROOT

KEYS = re.findall(r"^@\w+\{([^,]+),", (ROOT / "book/references.bib").read_text("utf-8"), re.M)


def test_labels_are_those_of_the_text(tiny_book):
    cited = "\n\n".join(f"{{cite:p}}`{key}`" for key in KEYS)  # all of them, each with its label
    book = tiny_book({"one": f"# One\n\n{cited}\n"})
    book.write("bibliography", "# Bibliography\n\n```{bibliography}\n```\n")
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    text = BeautifulSoup(book.html("one"), "html.parser")
    works = BeautifulSoup(book.html("bibliography"), "html.parser")
    links = text.select('article a.reference.internal[href^="bibliography.html#"]')
    shown = {  # the text does not break "van den"
        link["href"].split("#")[1]: link.get_text().replace("\xa0", " ") for link in links
    }
    assert len(shown) == len(KEYS)
    labels = {}
    for entry in works.select("div.citation"):
        labels[entry["id"]] = entry.select_one(".label").get_text().strip("[]")
    assert labels == shown
    assert {"Novikoff, 1962", "Minsky and Papert, 1969", "LeCun et al., 1998a"} <= set(
        shown.values()
    )
    for title in ("ImageNet classification", "charakteristischen Wurzeln", "Taylor expansion"):
        assert title in works.get_text(), "a title has lost its capitals"
    assert "$" not in works.get_text()


def test_works_stand_in_the_order_of_their_labels():
    from bibliography import ByLabel, Style
    from pybtex.database import parse_string

    one, two, van = "One, A.", "M{\\'u}ller, B.", "van Zee, C."
    people = {"a": one, "b": f"{one} and {van}", "c": f"{one} and {two}", "d": "{The Club}"}
    people |= {"e": f"{one} and {two} and {van}", "f": two, "g": "Murray, D.", "h": van}
    text = "".join(
        f"@misc{{{key}, author={{{names}}}, title={{T}}, year={{2000}}}}\n"
        for key, names in people.items()
    )
    text += f"@misc{{z, author={{{one} and {two} and {one}}}, title={{A}}, year={{1999b}}}}\n"
    text += f"@misc{{y, author={{{one} and {van} and {one}}}, title={{B}}, year={{1999a}}}}\n"
    entries = parse_string(text, "bibtex").entries.values()
    assert "".join(entry.key for entry in ByLabel().sort(entries)) == "fgacbyzedh"
    assert Style.default_sorting_style is ByLabel
