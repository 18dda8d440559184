"""Name the works in the bibliography as the text names them, [Novikoff, 1962], and in that order.

The style that comes with BibTeX would write [Nov62] there, which no reader finds by looking. It
would also write all words of a title but the first in small letters, names and German nouns among
them; here a title is what stands in `references.bib`.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import ClassVar

from pybtex.database import BibliographyData, Entry
from pybtex.plugin import register_plugin
from pybtex.style import FormattedEntry
from pybtex.style.formatting.unsrt import Style as Unsorted
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import field, sentence
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


class AuthorYear(BaseLabelStyle):
    """Labels as sphinxcontrib-bibtex writes them in the text with its style `author_year`."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield "One, 2000", "One and Two, 2000" or "One et al., 2000" for each entry."""
        for entry in sorted_entries:
            people = authors(entry)
            names = " and ".join(people) if len(people) < 3 else f"{people[0]} et al."
            yield f"{names}, {entry.fields['year']}"


class ByLabel(BaseSortingStyle):
    """The order in which one looks for a label: alone, with another, with several, by years."""

    def sorting_key(self, entry: Entry) -> tuple[str, int, str, str, str]:
        """Return what entries are compared by."""
        first, *others = [plain(name) for name in authors(entry)]
        second = others[0] if len(others) == 1 else ""
        year, title = (entry.fields.get(name, "") for name in ("year", "title"))
        return first, min(len(others), 2), second, year, title


def authors(entry: Entry) -> list[str]:
    """Return the last names of those who wrote a work."""
    return [
        " ".join(str(part) for part in person.rich_prelast_names + person.rich_last_names)
        for person in entry.persons["author"]
    ]


def plain(name: str) -> str:
    """Return a name in small letters without accents."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


class Style(Unsorted):
    """A list in the order of the labels."""

    default_label_style = AuthorYear
    default_sorting_style = ByLabel
    #: How works are written, by all that is known of them: in this build, and in the last one.
    written: ClassVar[dict[str, FormattedEntry]] = {}
    before: ClassVar[dict[str, FormattedEntry]] = {}

    def format_entry(
        self, label: str, entry: Entry, bib_data: BibliographyData | None = None
    ) -> FormattedEntry:
        """Write a work, unless it was written before. Each build asks for all works."""
        people = {role: list(map(str, persons)) for role, persons in entry.persons.items()}
        known = repr((label, entry.key, entry.type, list(entry.fields.items()), people))
        if known not in self.written:
            old = self.before.get(known)
            self.written[known] = old or super().format_entry(label, entry, bib_data)
        return self.written[known]

    def format_title(self, e: Entry, which_field: str, as_sentence: bool = True) -> object:
        """Leave a title as it is."""
        return sentence[field(which_field)] if as_sentence else field(which_field)


def begin(app: Sphinx, env: BuildEnvironment) -> None:
    """Give the style what it wrote in the last build, if it would write the same today."""
    code = f"{app.config.nnbook_machinery} {version('pybtex')}"
    kept = getattr(env, "nnbook_works", {})
    Style.written, Style.before = {}, kept.get("written", {}) if kept.get("code") == code else {}
    env.nnbook_works = {"code": code, "written": Style.written}


def setup(app: Sphinx) -> dict:
    """Offer the style under the name that `bibtex_default_style` in the configuration gives."""
    register_plugin("pybtex.style.formatting", "nnbook", Style)
    app.connect("env-updated", begin, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
