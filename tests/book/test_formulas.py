"""Formulas come typeset: for eye and ear, without a script or a stop of the Tab key."""

import re
from types import SimpleNamespace

import formulas
import offline
import problems
import pytest

from tests.book.conftest import LAID_OUT

SPAN = '<span class="math notranslate nohighlight">\\({}\\)</span>'
BLOCK = (
    '<div class="math notranslate nohighlight" id="equation-a">\n'
    '<span class="eqno">(1)<a class="headerlink" href="#equation-a">#</a></span>\\[{}\\]</div>'
)
ASKS = (
    '<script>window.MathJax = {"options": {}}</script>\n'
    '<script defer="defer" src="../_static/mathjax/tex-chtml.js"></script>'
)


@pytest.fixture
def app(tmp_path):
    """A site of two pages, and what the extension knows of its build."""
    (tmp_path / "_static").mkdir()
    (tmp_path / "part").mkdir()
    split = r"\begin{split}a &amp;= b \\[2pt] &amp;&lt; \frac{1}{\boldsymbol{c}}\end{split}"
    page = f"<head>{ASKS}</head><p>{SPAN.format('x_i')}</p>{BLOCK.format(split)}"
    (tmp_path / "part/one.html").write_text(page)
    (tmp_path / "none.html").write_text(f"<head>{ASKS}</head><p>nothing</p>")
    builder = SimpleNamespace(name="html")
    return SimpleNamespace(
        outdir=tmp_path,
        doctreedir=tmp_path / "trees",
        config=SimpleNamespace(nnbook_machinery="code"),
        builder=builder,
        env=SimpleNamespace(found_docs={"part/one", "none"}),
    )


def test_pages_come_typeset(app, monkeypatch):
    formulas.typeset_pages(app, None)
    page = (app.outdir / "part/one.html").read_text()
    assert page.count("<mjx-container") == page.count("<math ") == 2
    assert "<msub><mi>x</mi><mi>i</mi></msub>" in page
    assert "<mtable" in page
    assert 'href="#equation-a">#</a></span><mjx-container' in page
    for word in ("tabindex", "MathJax =", "tex-chtml", r"\(", r"\[", "merror"):
        assert word not in page, word
    assert "script" not in (app.outdir / "none.html").read_text()
    sheet = (app.outdir / "_static" / formulas.SHEET).read_text()
    assert "mjx-c.mjx-c1D465.TEX-I::before" in sheet
    assert 'url("mathjax/output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff")' in sheet

    # what was typeset stays as it is when another page is written
    monkeypatch.setattr(formulas, "typeset", lambda _: pytest.fail("typeset again"))
    (app.outdir / "none.html").write_text(f"<head>{ASKS}</head>")
    formulas.typeset_pages(app, None)
    assert (app.outdir / "part/one.html").read_text() == page
    assert (app.outdir / "_static" / formulas.SHEET).read_text() == sheet


def test_only_what_a_page_did_not_have_is_typeset(app, monkeypatch):
    page, asked, whole = app.outdir / "part/one.html", [], formulas.typeset

    def typeset(some):
        asked.append([tex for tex, _ in some])
        return whole(some)

    def written(*texs):
        asked.clear()
        page.write_text("".join(SPAN.format(tex) for tex in texs))
        formulas.typeset_pages(app, None)
        assert page.read_text().count("<mjx-container") == len(texs)
        return page.read_text()

    monkeypatch.setattr(formulas, "typeset", typeset)
    first = written("x", "y")
    assert asked == [["x", "y"]]
    assert written("x", "y") == first
    assert asked == []
    assert "<mi>z</mi>" in written("x", "z")
    assert asked == [["z"]]
    written("y")
    assert asked == [["y"]], "what a page has no more is forgotten"
    (app.outdir / "_static" / formulas.SHEET).unlink()
    written("y")
    assert asked == [["y"]], "the sheet was gone"
    assert (app.outdir / "_static" / formulas.SHEET).stat().st_size > 1000
    app.config.nnbook_machinery = "other code"
    written("y")
    assert asked == [["y"]]


def test_a_formula_keeps_its_comma_on_its_line(app):
    page = app.outdir / "part/one.html"
    said = "<p>A sum ({0}, that is {0}, or {0}; the {0}-th, in {0} {0}-dimensional ones.</p>"
    page.write_text(said.format(SPAN.format("x")) + BLOCK.format("y") + ", and")
    formulas.typeset_pages(app, None)
    kept = re.sub(r"<mjx-container.*?</mjx-container>", "x", page.read_text(), flags=re.DOTALL)
    kept = re.sub(r'<span class="math[^>]*>x</span>', "x", kept)
    whole = '<span class="nn-whole">{}</span>'.format
    words = [whole("(x,"), "that is", whole("x,"), "or", whole("x;"), "the", whole("x-th,")]
    assert f"A sum {' '.join(words)} in x {whole('x-')}dimensional ones." in kept
    assert kept.endswith("x</div>, and")


def test_what_cannot_be_typeset_is_a_problem_of_its_page(app, monkeypatch):
    told = []
    monkeypatch.setattr(problems, "add", lambda _, page, message: told.append((page, message)))
    (app.outdir / "part/one.html").write_text(SPAN.format(r"\frac{a"))
    formulas.typeset_pages(app, None)
    ((page, message),) = told
    assert page == "part/one"
    assert "cannot be typeset: Missing close brace" in message


def test_without_node_pages_typeset_themselves(app, monkeypatch):
    monkeypatch.setattr(formulas, "node", lambda: None)
    copied = []
    monkeypatch.setattr(offline, "copy_mathjax", lambda _, *names: copied.extend(names))
    before = (app.outdir / "part/one.html").read_text()
    formulas.typeset_pages(app, None)
    assert (app.outdir / "part/one.html").read_text() == before
    assert "tex-chtml.js" in copied
    assert (app.outdir / "_static" / formulas.SHEET).exists()


def test_every_formula_of_the_book_is_typeset(site):
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    count = 0
    for path in pages:
        page = path.read_text(encoding="utf-8")
        written = len(re.findall(r'<(?:span|div) class="(?:amsmath )?math notranslate', page))
        typeset = re.findall(r"<mjx-container[^>]*>", page)
        assert len(typeset) == page.count("<mjx-assistive-mml") == written, path
        assert not re.search(r"<mjx-[^>]*\btabindex|<mjx-merror|tex-chtml\.js", page), path
        count += written
    assert count > 5_000


def test_a_browser_without_scripts_shows_formulas(browser, address):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/components/neuron.html")
        formula = page.locator(".bd-article .math mjx-container").first
        assert formula.bounding_box()["height"] > 5
        assert formula.locator("math").count() == 1
        tree = context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        titles = [node for node in tree if node.get("role", {}).get("value") == "heading"]
        assert len(titles) >= page.locator(".bd-article :is(h1, h2, h3)").count()


def test_those_who_listen_get_every_formula(browser, address):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/components/neuron.html")
        page.wait_for_function(LAID_OUT)
        tree = context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        heard = [node for node in tree if node.get("role", {}).get("value") == "MathMLMath"]
        seen = """[...document.querySelectorAll("mjx-container")].filter((formula) =>
            formula.checkVisibility({ visibilityProperty: true, opacityProperty: true })).length"""
        assert len(heard) == page.evaluate(seen) > 100
        stops = """[...document.querySelectorAll("mjx-container, mjx-container *")]
            .filter((node) => node.tabIndex >= 0).length"""
        assert page.evaluate(stops) == 0
