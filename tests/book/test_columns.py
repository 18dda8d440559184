"""Columns of numbers are found as such, and stand at the right."""

import pytest
from columns import NUMBER, align, are_rows
from docutils import nodes

from tests.book.conftest import LAID_OUT


@pytest.mark.parametrize(
    "text",
    [
        "1,234",
        "0.98",
        "97.3 %",
        "−0.4",
        "1.2e-12",
        "97.1 ± 0.2 %",
        "12 s",
        "under 1 s",
        "60 000",
        "304 bytes",
        "165 MiB",
        ".5",
    ],
)
def test_numbers_with_units_and_deviations(text):
    assert NUMBER.fullmatch(text)


@pytest.mark.parametrize("text", ["LeNet-5", "two", "1998 paper", "3 × 3 kernels", "(5, 3)", "s"])
def test_words_are_no_numbers(text):
    assert not NUMBER.fullmatch(text)


def test_columns_of_numbers_stand_at_the_right():
    def row(*texts):
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))

    body = nodes.tbody(
        "", row("LeNet", "98.9 %", "1"), row("CNN", "", "one"), row("MLP", "97 %", "2")
    )
    group = nodes.tgroup("", nodes.thead("", row("Network", "Right", "Layers")), body)
    align(None, group, "")
    marked = [[bool(cell["classes"]) for cell in row] for row in group.findall(nodes.row)]
    assert marked == [[False, True, False]] * 4


def test_one_number_makes_no_column():
    def row(*texts):
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))

    group = nodes.tgroup(
        "", nodes.thead("", row("Year", "Errors")), nodes.tbody("", row("1998", ""))
    )
    align(None, group, "")
    assert not any(cell["classes"] for cell in group.findall(nodes.entry))


def test_a_number_among_dashes_makes_one():
    def row(*texts):
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))

    body = nodes.tbody("", row("copied", "–"), row("LSTM", "493,856"))
    group = nodes.tgroup("", nodes.thead("", row("Network", "Parameters")), body)
    align(None, group, "")
    marked = [[bool(cell["classes"]) for cell in row] for row in group.findall(nodes.row)]
    assert marked == [[False, True]] * 3


def test_rows_of_an_output_are_told_from_the_lines_of_a_message():
    table = [
        "                     PyTorch                Keras",
        "MLP                  3e-16      4e-16      3e-16      5e-16",
        "text classifier      3e-16      6e-16      5e-16      6e-16",
        "(1) this one has no option for it, which is told in a sentence",
    ]
    assert are_rows(table)
    assert not are_rows(table[3:] * 3)
    assert not are_rows(table[1:2])
    assert not are_rows(table[1:3] + table[3:] * 3)  # most lines are those of a message
    assert not are_rows(["MLP     227   sgd", "LeNet   61,706   momentum"])  # a phone has room
    tight = ["precision 0.952 0.960 0.919 0.903 0.914", "recall    0.966 0.981 0.903 0.867 0.911"]
    assert not are_rows(tight)  # 39 characters, for which a phone has room
    assert are_rows([line + " 0.877" for line in tight])


def test_a_table_with_a_text_below_it_keeps_its_rows():
    table = [f"the likeliest {n}     10{n}%    63.0%    1.6{n}" for n in range(4)]
    text = ["And therefore they shall be the season of the", "seat, as a phone breaks them"] * 9
    assert are_rows([*table, "", *text])
    assert not are_rows([*table[1:], "", *text])
    assert not are_rows([*table, "", *text, text[0] * 2])


def test_a_line_that_hangs_below_a_word_is_a_row():
    lines = [
        "dense network with Adam: PyTorch differs by 1.7e-06",
        f"{'':25}Keras differs by 2.1e-02",
    ]
    assert are_rows(lines)
    assert are_rows(["asked for 1e-4, and went", *lines])
    assert not are_rows([lines[0], lines[1][2:]]), "below no word"
    assert not are_rows([lines[0], f"      {lines[1].strip()}"]), "an indent, as code has them"
    assert not are_rows([line.replace("Adam: ", "it: ")[:36] for line in lines]), "a phone has room"
    assert not are_rows([lines[0] + " and no page has room for it" * 2, lines[1]])


def test_sentences_of_one_form_are_rows():
    rows = [
        "  2 layers see  5 pixels, spread 1.12, by formula 1.15",
        " 16 layers see 33 pixels, spread 3.21, by formula 3.27",
        "LeNet                0.32 s, validation error 26% ± 1%",
        "residual, 26 layers  0.99 s, validation error 53% ± 9%",
    ]
    assert are_rows(rows[:2])
    assert are_rows(rows[2:])
    assert not are_rows(rows[1:3]), "each has a form of its own"
    assert are_rows([f"{row}, and so on to the end of a page" for row in rows[:2]]), "set smaller"
    assert not are_rows([f"{row}, and so on to the end of a wide page" for row in rows[:2]])
    message = ["conv2d: the kernel (5, 5) covers (5, 5) pixels,", "and the image has only (4, 4)."]
    assert not are_rows(message)


def test_rows_with_one_gap_stand_below_each_other():
    pairs = [
        "You're rude.         Vous êtes grossiers.",
        "Well done!           Bien cuit !",
        "",
        "Are you tall?        Êtes-vous grande ?",
        "                     (there are others)",
        "'get away !' has 22 translations",
    ]
    assert are_rows(pairs)
    assert not are_rows(pairs[:2])
    assert not are_rows(pairs + ["a sentence"] * 5)
    assert not are_rows([f"{'  ' * n}{line}" for n, line in enumerate(pairs)])
    assert not are_rows([*pairs, "and one that is a good deal longer than a page is wide " * 2])
    assert not are_rows([line.replace("  ", "") for line in pairs])


def test_rows_of_an_output_are_not_broken(site):
    page = (site / "practice/every-network.html").read_text(encoding="utf-8")
    assert "nn-rows" in page


def test_a_table_of_the_site_has_such_a_column(site):
    page = (site / "practice/results.html").read_text(encoding="utf-8")
    assert "nn-number" in page


def test_a_table_that_is_wider_than_a_phone_shows_that_it_goes_on(browser, address):
    """A shadow lies where there is more: what covers it scrolls away with the rows."""
    look = """() => [...document.querySelectorAll(".pst-scrollable-table-container")]
        .filter((box) => box.scrollWidth > box.clientWidth).map((box) => {
            const { backgroundImage, backgroundAttachment } = getComputedStyle(box);
            return [backgroundImage.split("linear-gradient").length - 1, backgroundAttachment];
        })"""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(f"{address}/practice/results.html", wait_until="load")
        page.wait_for_function(LAID_OUT)
        wide = page.evaluate(look)
        assert wide
        assert [each for each in wide if each != [4, "local, local, scroll, scroll"]] == []
        page.wait_for_selector(".pst-scrollable-table-container[tabindex='0']", state="attached")
