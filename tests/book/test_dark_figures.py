"""On a dark page a figure is lighter than the page, on which it lies like a card."""

import io

import numpy as np
import pytest
from PIL import Image

#: Where a figure lies, when it has been brought to the screen.
PLACE = """(image) => {
    image.scrollIntoView({block: "center"});
    const {x, y, width, height} = image.getBoundingClientRect();
    return {x, y, width, height};
}"""


@pytest.mark.parametrize("name", ["components/neuron", "components/losses"])
def test_the_ground_of_a_figure_is_lighter_than_a_dark_page(browser, address, name):
    viewport = {"width": 1280, "height": 1400}
    with browser.new_context(viewport=viewport, color_scheme="dark") as tab:
        page = tab.new_page()
        page.goto(f"{address}/{name}.html", wait_until="load")
        image = page.locator("div:not(.nn-picture) > div.cell_output figure img:visible").first
        place = image.evaluate(PLACE)
        page.wait_for_function("(image) => image.complete", arg=image.element_handle())
        seen = np.array(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), int)
        x, y, edge = int(place["x"]), int(place["y"]), 12
        ground = seen[y + edge, x + edge]
        around = seen[y - edge, x + edge]
        assert (ground > around).all(), f"{ground} on {around}"
