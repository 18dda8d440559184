"""Tables of sentences become cards on a phone, each cell with the words that stand above it."""

import pytest
from cards import card, cards

#: Of each such table, how much of it lies outside of its box, and how wide its narrowest words are.
WIDTHS = """() => [...document.querySelectorAll("table:is(.nn-cards, .nn-operations)")]
    .map((table) => [
        table.parentElement.scrollWidth - table.parentElement.clientWidth,
        Math.min(...[...table.querySelectorAll("tbody td:not(.nn-number, :has(> p:empty))")]
            .map((cell) => cell.clientWidth))])"""
LONG = "a sentence that says a good deal, as those in such tables do"


def table(head, *rows):
    """Return a table as the theme writes it."""

    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}><p>{cell}</p></{tag}>" for cell in cells) + "</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    top = f"<thead>{row(head, 'th')}</thead>"
    return f'<table class="table">{top}<tbody>{body}</tbody></table>'


def test_a_table_of_sentences_is_cards():
    page = table(["field", "what it <em>is</em>", 'a "way" in'], ["Graphs", LONG, f"<b>{LONG}</b>"])
    done = page.replace('class="table"', 'class="nn-cards table"')
    done = done.replace(f"<td><p>{LONG}", f'<td data-above="What it is"><p>{LONG}')
    done = done.replace("<td><p><b>", '<td data-above="A &quot;way&quot; in"><p><b>')
    assert cards(f"<p>|</p>{page}{page}") == f"<p>|</p>{done}{done}"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (["", "here", "there"], ["a name", "1", "2"]),
        (["they say", "we found"], [LONG, LONG]),
        (["", "here", "there"], ["a name", LONG]),
        (["", "here", "there", "seen"], ["a name", "three words long", "three words long", "yes"]),
        (["", "here", "there", "seen"], ["a name", *3 * [r"\(\mathrm{loss} \cdot \lambda\)"]]),
    ],
)
def test_other_tables_stay_as_they_are(head, row):
    assert card(table(head, row)) == table(head, row)


@pytest.mark.parametrize(
    "head", [["", "here", "verdict"], ["symbol", "meaning", "where it is used"]]
)
def test_some_are_cards_however_short(head):
    done = card(table(head, ["depth", "it did", "agreed"]))
    assert f'<td><p>depth</p></td><td data-above="{head[1].capitalize()}"><p>it did' in done


def test_a_sentence_is_no_title():
    done = card(table(["claim", "here", "verdict"], [LONG, "it did", "agreed"]))
    assert f'<td data-above="Claim"><p>{LONG}' in done


def test_four_columns_are_cards_sooner():
    done = card(table(["", "here", "there", "seen"], ["a name", LONG, "no", ""]))
    assert 'class="nn-cards table"' in done
    assert '<td data-above="There"><p>no</p></td><td><p></p></td>' in done  # nothing above nothing


def test_numbers_are_neither_counted_nor_titles():
    plan = table(["week", "subject", "hours", "pages"], ["1", LONG, "7.5", "20"])
    plan = plan.replace('class="', 'class="nn-status generated ')
    plan = plan.replace("<td><p>1<", '<td class="nn-number"><p>1<')
    done = card(plan)
    assert 'class="nn-cards nn-status generated table"' in done
    assert '<td class="nn-number" data-above="Week"><p>1<' in done
    numbers = plan.replace(LONG, "9" * 60).replace("<td><p>9", '<td class="nn-number"><p>9')
    assert card(numbers) == numbers


CARDS = [
    *("appendix/calculus", "appendix/nnfs", "appendix/teaching"),
    *("practice/next", "practice/results"),
    *("recurrent/text", "api/ops"),
]


@pytest.mark.parametrize("name", CARDS)
def test_on_a_phone_such_a_table_is_as_wide_as_the_page(browser, address, name):
    with browser.new_context(viewport={"width": 390, "height": 844}) as tab:
        page = tab.new_page()
        page.goto(f"{address}/{name}.html", wait_until="load")
        found = page.evaluate(WIDTHS)
        assert found
        assert all(over <= 0 and width > 300 for over, width in found), found


def test_cards_can_be_sorted_where_the_table_can(browser, address):
    with browser.new_context(viewport={"width": 390, "height": 844}) as tab:
        page = tab.new_page()
        page.goto(f"{address}/practice/results.html", wait_until="load")
        table = page.locator("table.nn-cards.nn-sorted").first
        table.get_by_role("button", name="Task").click()
        titles = table.locator("tbody td:first-child").all_inner_texts()
        assert titles == sorted(titles, key=str.casefold)
