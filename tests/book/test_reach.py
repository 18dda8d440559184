"""Keys show where they are, nothing moves for those who want no motion, pages can be enlarged."""

import pytest

PAGES = ["index.html", "components/neuron.html", "api/ops.html", "start/how-to-use.html"]
#: What a key can reach and shows no sign when it does; figures to play with have their own.
UNSEEN = """() => [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility()
        && !node.closest("svg, .play"))
    .filter((node) => {
        node.focus({ preventScroll: true });
        if (document.activeElement !== node) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
    })
    .map((node) => node.outerHTML.slice(0, 120))"""
MOVES = """() => [...document.querySelectorAll("*")].filter((node) => {
        const style = getComputedStyle(node);
        const slow = (times) => times.split(",").some((time) => parseFloat(time) > 0.001);
        return slow(style.transitionDuration) || style.scrollBehavior !== "auto"
            || style.animationName !== "none" && slow(style.animationDuration);
    }).map((node) => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", PAGES)
def test_focus_motion_and_zoom(browser, address, name):
    viewport = {"width": 1350, "height": 900}
    with browser.new_context(viewport=viewport, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{address}/{name}")
        page.keyboard.press("Tab")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert page.evaluate(UNSEEN) == []
        assert page.evaluate(MOVES) == []
        for width in (675, 320):  # what is left of the window at 200 %, and of a small one at 400 %
            page.set_viewport_size({"width": width, "height": 450})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
