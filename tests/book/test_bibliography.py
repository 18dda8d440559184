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


def test_a_work_is_written_again_when_anything_of_it_has_changed(monkeypatch):
    from types import SimpleNamespace

    import bibliography
    from pybtex.database import parse_string
    from pybtex.style.formatting.unsrt import Style as Unsorted

    text = "@misc{a, author={One, A.}, title={T}, year={2000}}"
    env = SimpleNamespace()
    app = SimpleNamespace(config=SimpleNamespace(nnbook_machinery="code"))
    written = []
    whole = Unsorted.format_entry

    def write(self, label, *others):
        written.append(label)
        return whole(self, label, *others)

    monkeypatch.setattr(Unsorted, "format_entry", write)

    def build(label="One, 2000", text=text):
        bibliography.begin(app, env)
        entry = parse_string(text, "bibtex").entries["a"]
        made = [bibliography.Style().format_entry(label, entry) for _ in range(2)]
        count = len(written)
        written.clear()
        return count, made[1].label, made[1].text.render_as("text")

    assert build() == (1, "One, 2000", "A. One. T. 2000.")
    assert build()[0] == 0
    for change in ({"label": "One, 2000a"}, {"text": text.replace("{T}", "{New}")}):
        assert build(**change)[0] == 1
        assert build(**change)[0] == 0
        assert build()[0] == 1, "what a build did not need is forgotten"
    assert build(text=text.replace("One,", "Two,"))[::2] == (1, "A. Two. T. 2000.")
    app.config.nnbook_machinery = "other code"
    assert build(text=text.replace("One,", "Two,"))[0] == 1
