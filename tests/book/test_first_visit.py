"""A first visit keeps its budget of bytes and requests; icons are drawn, sheets are one."""

import base64
import gzip
import re
from urllib.parse import urlsplit

import frames
import icons
import pictures
import pytest
import together
from PIL import Image

from tools.lighthouse import PACKED

#: Of a page the most bytes, packed as servers send them, and the most requests.
BUDGET = {
    "index": (350_000, 25),
    "components/neuron": (800_000, 25),
    "components/backpropagation": (800_000, 25),
    "attention/attention": (800_000, 25),
    "start/how-to-use": (350_000, 25),
    "api/ops": (350_000, 25),
}
#: Of a chapter the most elements, since for each a browser finds style and place. A slow one was
#: held up by 23,000 for a second, by 16,000 for half of one.
ELEMENTS = 18_000


@pytest.mark.parametrize("name", BUDGET)
def test_a_first_visit_keeps_its_budget(browser, address, site, name):
    with browser.new_context(viewport={"width": 1350, "height": 940}) as context:
        page, asked = context.new_page(), set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).path))
        page.goto(f"{address}/{name}.html", wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")
    weights = {}
    for path in asked:
        file = site / path.lstrip("/")
        content = file.read_bytes()
        weights[path] = len(gzip.compress(content, 6) if file.suffix in PACKED else content)
    weight, requests = BUDGET[name]
    assert 10_000 < sum(weights.values()) <= weight, weights
    assert len(weights) <= requests, weights


def test_no_page_has_an_icon_of_a_font_or_more_than_one_sheet(site):
    for path in site.rglob("*.html"):
        if "_static" not in path.parts:
            html = path.read_text(encoding="utf-8")
            assert not re.search(r'<(?:i|span) class="[^"]*\bfa-|fontawesome', html), path
            assert len(re.findall(r'rel="stylesheet"', html)) <= 1, path
    assert not list((site / "_static").rglob("*fontawesome*"))
    for sheet in (site / "_static/together").glob("*.css"):
        assert "Font Awesome 6" not in re.sub(r"--fa[^;}]*", "", sheet.read_text(encoding="utf-8"))


def test_no_chapter_has_more_elements_than_a_slow_browser_bears(site):
    chapters = [path for path in site.glob("[a-z]*/*.html") if path.parent.name != "appendix"]
    counts = {
        path: len(re.findall("<[a-z]", path.read_text(encoding="utf-8"))) for path in chapters
    }
    assert max(counts.values()) > 1_000
    assert not {path: count for path, count in counts.items() if count > ELEMENTS}


def test_an_icon_is_drawn_and_what_is_none_stays():
    theme = '<i class="theme-switch fa-solid fa-moon  fa-lg" data-mode="dark"  title="Dark"></i>'
    drawn = icons.draw(f'<script defer src="a/fontawesome.js?digest=1"></script><p>{theme}</p>')
    assert drawn.startswith(
        '<p><svg class="nn-icon theme-switch fa-solid fa-moon fa-lg" data-mode="dark"'
    )
    assert 'aria-hidden="true"' in drawn
    assert "script" not in drawn
    assert icons.draw('<span class="fas fa-file-pdf"></span>').count("M9 13h6") == 1
    for none in ('<i class="fa-moonlight"></i>', "<i>fa-moon</i>", '<span class="far">a</span>'):
        assert icons.draw(none) == none


def test_a_head_gets_one_sheet_and_one_script(tmp_path):
    head = """<link href="../_static/styles/a.css?v=1" rel="stylesheet" />
    <link rel="preload" as="script" href="../_static/b.js" />
    <link rel="stylesheet" href="../_static/b.css" /><link rel="icon" href="../_static/i.svg"/>
    <script src="../_static/documentation_options.js"></script>
    <script src="../_static/a.js?v=1"></script><script>let one = 1;</script>
    <script data-of="b" src="../_static/b.js"></script><script defer src="../_static/c.js"></script>
    """
    lean = together.lean(head, tmp_path)
    assert len(re.findall('rel="stylesheet"', lean)) == 1
    sources = re.findall(r'src="([^"?]*)', lean)
    assert [each for each in sources if "together" not in each] == [
        "../_static/documentation_options.js",
        "../_static/c.js",
    ]
    assert re.search(r'<script defer data-of="b" src="../_static/together/\w+.js\?v=', lean)
    assert "preload" not in lean
    assert '<link rel="icon"' in lean
    assert "let one = 1;" in lean
    assert {path.read_text() for path in tmp_path.iterdir()} == {
        "styles/a.css\nb.css",
        "a.js\nb.js",
    }
    assert together.lean(head.replace("v=1", "v=2"), tmp_path) != lean, "a change is not cached"
    assert 'src="../_static/a.js?v=1"' in together.lean(head, tmp_path, searches=True)


def test_sheets_are_put_together_without_what_nobody_uses(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/theme.css").write_text('@import "../basic.css";\n.used{color:red}')
    (tmp_path / "basic.css").write_text(
        """@charset "utf-8"; /* a {b} */ p { margin: 0 }
        .used, .gone, a:not(.gone), li:is(.a, .b) { background: url(file.png) }
        .used .gone { margin: 1px } @media print { .gone { margin: 0 } }
        @font-face{font-family:"Font Awesome 6 Free";src:url("fa.woff2")} .bs-made { top: 0 }
        .drawn { background: url("data:image/svg+xml;a") }"""
    )
    (tmp_path / "book.css").write_text(
        ".made-by-a-script { top: 0 } @media print { .x { top: 0 } }"
    )
    css = together.sheets(tmp_path, ["styles/theme.css", "book.css"], {"used", "drawn"})
    assert css.index("margin: 0") < css.index(".used{color:red}") < css.index(".made-by")
    assert "url(../file.png)" in css
    assert 'url("data:image/svg+xml;a")' in css
    assert ".used, a:not(.gone), li:is(.a, .b) {" in re.sub(r"\s+", " ", css)
    for word in ("import", "charset", ".used .gone", "fa.woff2", "url(file"):
        assert word not in css
    assert css.count("@media") == 1, "of the book's own sheets nothing is left out"
    assert ".bs-made" in css


def test_scripts_are_put_together_in_their_order(tmp_path):
    (tmp_path / "a.js").write_text(
        '"use strict";\nlet a = 1 // without an end\n//# sourceMappingURL=a.map'
    )
    (tmp_path / "b.js").write_text("(() => {})()")
    script = together.scripts(tmp_path, ["a.js", "b.js"])
    assert script.lstrip().startswith(";"), "what one file asks for is not asked of all"
    assert script.index("let a") < script.index("(() =>")
    assert "sourceMapping" not in script


def test_pictures_in_a_page_become_files_beside_it(tmp_path):
    long, short = (base64.b64encode(bytes(n)).decode() for n in (2_000, 20))
    page = f'<img src="data:image/png;base64,{long}"> ["data:image/png;base64,{short}"]'
    taken = frames.take_out(page, tmp_path / "_images", "../_images/")
    (file,) = (tmp_path / "_images").iterdir()
    assert file.read_bytes() == bytes(2_000)
    assert taken == page.replace(f"data:image/png;base64,{long}", f"../_images/{file.name}")


def test_pictures_say_how_large_they_are_and_the_first_comes_at_once(tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "part").mkdir()
    for name, size in (("a", (30, 20)), ("b", (40, 10))):
        Image.new("RGB", size).save(tmp_path / f"_images/{name}.png")
    written = [f'<img alt="{name}" src="../_images/{name}.png" />' for name in "abc"]
    first, second, third = pictures.measured("|".join(written), tmp_path / "part").split("|")
    assert first == '<img alt="a" src="../_images/a.png" width="30" height="20"/>'
    later = 'width="40" height="10" loading="lazy" decoding="async"/>'
    assert second == f'<img alt="b" src="../_images/b.png" {later}'
    assert third == written[2], "a file that is not there is a matter of the links"
    done = "|".join([first, second, third])
    assert pictures.measured(done, tmp_path / "part") == done


def test_a_picture_that_is_wider_than_a_phone_gets_a_box(tmp_path):
    (tmp_path / "_images").mkdir()
    for width in (599, 700, 900):
        Image.new("RGB", (width, 9)).save(tmp_path / f"_images/{width}.png")
        done = pictures.measured(f'<img alt="" src="_images/{width}.png" />', tmp_path)
        box = f'<span class="nn-large" style="--nn-own: {width}px'
        assert done.startswith(box) == done.endswith("</span>") == (width > 599)
        assert ("; --nn-least: 522px" in done) == (width == 900)
        assert pictures.measured(done, tmp_path) == done
    moving = f'<img role="img" alt="" src="_images/{width}.png" />'
    assert "nn-large" not in pictures.measured(moving, tmp_path)
