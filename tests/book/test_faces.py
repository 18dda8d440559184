"""The book's faces are small, have names of their own and a licence, and move nothing."""

import plain_code
import pytest
from fontTools.ttLib import TTFont

from tests.book.conftest import ROOT

#: Whether the reader has a face that stands in for ours while it is on its way.
STANDS_IN = """() => new FontFace("there", 'local("DejaVu Serif"), local("Times New Roman"),'
    + ' local("Liberation Serif")').load().then(() => true, () => false)"""
#: The heights of paragraphs and lists, and in which face the first is set.
HEIGHTS = """() => [...document.querySelectorAll(".bd-article section > p")]
    .slice(0, 12).map((each) => each.getBoundingClientRect().height)"""


def test_a_face_is_small_and_has_no_name_that_is_reserved(site):
    faces = sorted((site / "_static/faces").glob("*.woff2"))
    assert len(faces) == 4
    for path in faces:
        assert path.stat().st_size < 35_000, path
        with TTFont(path) as font:
            names = {record.nameID: str(record) for record in font["name"].names}
            letters = set(font.getBestCmap())
        assert not [names[i] for i in (1, 3, 4, 6, 16) if "Source" in names.get(i, "")]
        assert "Reserved Font Name" in names[0], "whose it is stays in it"
        assert letters.issuperset(map(ord, "aZ09éßŁ–’→")), path
        licence = path.with_name("-".join(path.name.split("-")[:2]) + "-LICENSE.txt")
        assert "SIL Open Font License" in licence.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [390, 1350])
def test_no_paragraph_gets_another_height_when_the_face_comes(browser, address, width):
    heights = []
    for blocked in (True, False):
        with browser.new_context(viewport={"width": width, "height": 940}) as context:
            page, asked = context.new_page(), []
            if blocked:
                page.route("**/*.woff2", lambda route: route.abort())
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(f"{address}/components/neuron.html", wait_until="load")
            if not page.evaluate(STANDS_IN):
                pytest.skip("no face here has the widths of those that stand in")
            page.evaluate("document.fonts.ready.then(() => true)")
            assert any("nn-text-normal-400" in url for url in asked)
            heights.append(page.evaluate(HEIGHTS))
    there, ours = heights
    assert len(ours) == 12
    moved = sum(abs(a - b) for a, b in zip(there, ours, strict=True))
    assert moved <= 0.05 * sum(ours), (there, ours)


def test_code_has_marks_only_where_they_give_a_colour(site):
    equals = '<span class="o">=</span>'
    code = f'<pre id="a"><span class="n">x</span> {equals} <span class="p">(</span></pre>'
    outside = '<em><span class="n">x</span></em>'
    done = f'<pre id="a">x {equals} (</pre>'
    assert plain_code.plain(outside + code) == outside + done
    sheet = (site / "_static/pygments.css").read_text(encoding="utf-8")
    for theme in ("light", "dark"):
        rules = [
            line for line in sheet.splitlines() if line.startswith(f'html[data-theme="{theme}"]')
        ]
        colours = {
            line.partition("{")[0].split()[-1]: line.partition("color: ")[2].split()[0]
            for line in rules
            if line.partition("{")[0].split()[1:2] == [".highlight"] and " color: " in line
        }
        assert {colours[".n"], colours[".p"]} == {colours[".highlight"]}, theme
    assert "color: inherit" in (ROOT / "book/_static/book.css").read_text(encoding="utf-8")
    assert '<span class="n">' not in (site / "components/neuron.html").read_text(encoding="utf-8")


def test_a_name_longer_than_the_line_of_a_phone_breaks_at_its_last_dot():
    def link(name):
        return f'<code class="xref py py-func docutils"><span class="pre">{name}</span></code>'

    long = link("nnbook.optim.schedules.exponential_decay()")
    done = long.replace("schedules.", "schedules.<wbr/>")
    assert (
        plain_code.breaking(link("nnbook.ops.linear()") + long)
        == link("nnbook.ops.linear()") + done
    )


def test_a_title_breaks_behind_the_dot_of_a_module():
    title = '<p class="prev-next-title">{}</p>'.format
    assert plain_code.breaking(title("nnbook.checkpoint")) == title("nnbook.<wbr/>checkpoint")
    numbered = title('<span class="section-number">J. </span>Bibliography')
    assert plain_code.breaking(numbered) == numbered


@pytest.mark.parametrize("name", ["LeNet-5", "GPT-2", "CIFAR-10", "UTF-8"])
def test_a_name_with_a_number_is_not_broken_at_its_hyphen(name):
    whole, within = f'<span class="nn-whole">{name}</span>', f'<a href="#a" title="{name}">#</a>'
    tags = ("title", "pre", "code", "script", "style", "svg", "select")
    left = "".join(f"<{tag} id='a'>{name}</{tag}>" for tag in tags)
    page = f"{left}<h1>{{0}}, <em>{{0}}</em>{within}</h1>{name}x, x{name}, GPTs-2".format
    assert plain_code.breaking(page(name)) == page(whole)
