"""Name the works in the bibliography as the text names them: [Novikoff, 1962].

The style that comes with BibTeX would write [Nov62] there, which no reader finds by looking.
"""

from collections.abc import Iterable, Iterator

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as Unsorted
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx


class AuthorYear(BaseLabelStyle):
    """Labels as sphinxcontrib-bibtex writes them in the text with its style `author_year`."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield "One, 2000", "One and Two, 2000" or "One et al., 2000" for each entry."""
        for entry in sorted_entries:
            people = [
                " ".join(str(part) for part in person.rich_prelast_names + person.rich_last_names)
                for person in entry.persons["author"]
            ]
            names = " and ".join(people) if len(people) < 3 else f"{people[0]} et al."
            yield f"{names}, {entry.fields['year']}"


class Style(Unsorted):
    """A list in the order of authors and years."""

    default_label_style = AuthorYear
    default_sorting_style = "author_year_title"


def setup(app: Sphinx) -> dict:
    """Offer the style under the name that `bibtex_default_style` in the configuration gives."""
    register_plugin("pybtex.style.formatting", "nnbook", Style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
