"""What a cell printed arrives in pieces, and stands on the page as it was printed."""

from execution.streams import whole
from nbformat import v4

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)


def pieces(*texts: str, name: str = "stdout") -> list:
    return [v4.new_output("stream", name=name, text=text) for text in texts]


def test_a_piece_that_ends_within_a_line_breaks_no_line():
    printed = pieces("neuron 0: z = 0.256", "\nneuron 1: z", " = 2\n\n", "neuron 2\n")
    assert [o["text"] for o in whole(printed)] == [
        "neuron 0: z = 0.256\nneuron 1: z = 2\n\nneuron 2\n"
    ]
    assert printed[0]["text"] == "neuron 0: z = 0.256"  # those who look at the cell see the pieces


def test_what_is_shown_between_stays_in_its_place():
    shown = v4.new_output("display_data", data={"text/plain": "a picture"})
    found = whole([*pieces("a"), shown, *pieces("b\n"), *pieces("careful\n", name="stderr")])
    assert [o["output_type"] for o in found] == ["stream", "display_data", "stream"]
    assert [found[0]["text"], found[2]["text"]] == ["ab\n", "careful\n"]
