"""On a phone the writing in a picture can be read: a wide one scrolls in its box, and says so."""

import pytest

#: Of each picture that can be seen: the height of its writing (9 pt, 125 dots an inch), whether its
#: box shows all of it, says that there is more, and is a stop of the Tab key.
LOOK = """() => [...document.querySelectorAll(".cell_output img[width]")]
    .filter((image) => image.clientWidth > 0)
    .map((image) => {
        const box = image.closest(".nn-large");
        return {
            writing: 15.625 * image.clientWidth / image.getAttribute("width"),
            inside: !box || box.clientWidth >= image.clientWidth,
            more: !!box?.matches(".nn-more"),
            tab: box?.tabIndex === 0,
        };
    })"""


@pytest.mark.parametrize("name", ["dense/decisions", "convolution/residual"])
def test_writing_in_pictures_can_be_read_on_a_phone(browser, address, name):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as tab:
        page = tab.new_page()
        page.goto(f"{address}/{name}.html", wait_until="load")
        page.wait_for_selector(".nn-more[tabindex]", state="attached")
        page.wait_for_function(f"({LOOK})().every((it) => it.inside === !it.more)")
        seen = page.evaluate(LOOK)
        assert min(it["writing"] for it in seen) > 8.4
        assert not all(it["inside"] for it in seen)
        for it in seen:
            assert it["inside"] or it["writing"] > 9, "what scrolls is worth it"
            assert it["inside"] != it["tab"], "keys reach what scrolls, and stop nowhere else"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

        box = page.query_selector(".nn-more")
        box.evaluate("(box) => box.scrollTo(box.scrollWidth, 0)")
        page.wait_for_function("(box) => !box.matches('.nn-more')", arg=box)


def test_a_tap_shows_a_picture_in_its_own_size_and_another_as_before(browser, address):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as tab:
        page = tab.new_page()
        page.goto(f"{address}/dense/decisions.html", wait_until="load")
        picture = page.locator(".nn-large:not(.play-still) > img").first
        widths = [picture.evaluate("(image) => image.clientWidth")]
        for _ in range(2):
            picture.tap(position={"x": 200, "y": 50})
            widths.append(picture.evaluate("(image) => image.clientWidth"))
        own = int(picture.get_attribute("width"))
        assert widths == [pytest.approx(0.58 * own, abs=1), own, widths[0]]
        page.set_viewport_size({"width": 1280, "height": 844})
        before = picture.bounding_box()["width"]
        picture.click()
        assert picture.bounding_box()["width"] == before, "a wide page shows it as it is"
