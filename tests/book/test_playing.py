"""Every figure to play with, driven in a browser: mouse, finger, keys; both themes; wide, phone.

Looks at `_build/html`, which `make book` makes: once from a server, wide, with a mouse, and once
from the disk, as on a phone, with a finger. One of the two is light and the other dark; which one,
the run's seed says, so that two runs see all four.
"""

import os
import re

import pytest

from tests.book.conftest import LAID_OUT
from tests.book.test_browser import RULES, SITE, axe, violations  # noqa: F401  (a fixture)
from tests.book.test_play import drag_by_touch

PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if 'class="play"' in path.read_text(encoding="utf-8")
)
SEED = int(os.environ.get("SEED", "0"))
STARTED = 20_000  # milliseconds that a figure may take to start on a busy machine
#: What a stage shows. Two different states of a figure give two different texts.
SHOWN = """(stage) => stage.innerHTML
    + [...stage.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL())
    + [...stage.querySelectorAll("input")].map((input) => input.checked)"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
#: One look at a stage before something is done, and one after it. What is seen stays in the page.
BEFORE = f"(stage) => void (stage.before = ({SHOWN})(stage))"
CHANGED = f"async (stage) => {{ await ({DRAWN})(); return stage.before !== ({SHOWN})(stage); }}"
#: What is pressed and is not named by what it shows, first of all: the name, and what it shows.
#: Axe asks less: it lets through a name with the text anywhere in it, and a text of a single sign.
NAMED_OTHERWISE = """(stage) => [...stage.querySelectorAll("[aria-label]")]
    .filter((part) => part.matches(
        "a, button, summary, [role=button], [role=checkbox], [role=radio], [role=switch]"))
    .map((part) => [part.getAttribute("aria-label"),
        (part.innerText ?? part.textContent).replace(/\\s+/g, " ").trim()])
    .filter(([name, seen]) => !name.startsWith(seen))"""
#: Press buttons at once, and return the words of those that something covers.
PRESS = f"""async (buttons) => {{
    const covered = [];
    for (const button of buttons) {{
        if (!button.isConnected || button.disabled) continue;
        const box = () => button.getBoundingClientRect();
        if (!box().width || !button.checkVisibility({{visibilityProperty: true}})) continue;
        const open = () => button.contains(document.elementFromPoint(
            box().left + box().width / 2, box().top + box().height / 2));
        for (const block of ["center", "end"])
            if (!open()) button.scrollIntoView({{block, behavior: "instant"}});
        if (open()) button.click(); else covered.push(button.textContent);
        await ({DRAWN})();
    }}
    return covered;
}}"""
#: Leave the figures, what they are in and what they are named by. The rest of the page does not
#: depend on whether they have started, and `test_browser` looks at it.
ONLY_FIGURES = """() => {
    const figures = [...document.querySelectorAll(".play, .play-stage")];
    const kept = figures.map((each) => each.closest("figure") ?? each);
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-details"])
        for (const node of kept.flatMap((each) => [each, ...each.querySelectorAll(`[${name}]`)]))
            for (const id of (node.getAttribute(name) ?? '').split(/\\s+/))
                kept.push(document.getElementById(id) ?? node);
    for (const node of document.querySelectorAll("body *:not(style, link)"))
        if (node.isConnected && !kept.some((each) => each.contains(node) || node.contains(each)))
            node.remove();
    for (const node of document.querySelectorAll("mjx-container")) node.remove();
}"""
#: Where axe looks.
FIGURES = '{include: [[".play"], [".play-stage"]]}'


@pytest.mark.parametrize("disk", [False, True], ids=["server", "disk"])
@pytest.mark.parametrize("name", PAGES)
def test_figures_of_a_page(name, disk, browser, address, axe):  # noqa: F811
    """All that is asked of the figures of a page, so that it is loaded once each way."""
    size = {"width": 390, "height": 844} if disk else {"width": 1280, "height": 900}
    scheme = ("light", "dark")[(disk + SEED) % 2]
    options = {"viewport": size, "color_scheme": scheme, "has_touch": disk}
    with browser.new_context(**options, reduced_motion="reduce") as context:
        page = context.new_page()
        complaints = []
        ours = (SITE.as_uri() if disk else address, "data:", "blob:")
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: r.url.startswith(ours) or complaints.append(r.url))
        page.goto((SITE / name).as_uri() if disk else f"{address}/{name}")
        page.wait_for_function(LAID_OUT)
        if disk:  # what the theme fetches, a browser refuses to a page from a folder
            complaints.clear()
        for place in page.query_selector_all(".play"):
            stage = begin(page, place)
            move_all(page, stage, drag_by_touch if disk else drag_by_mouse, int(disk))
            assert stage.evaluate(NAMED_OTHERWISE) == []
            assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.evaluate(ONLY_FIGURES)
        page.evaluate(axe)
        wrong = violations(page, RULES, FIGURES)
        assert [words for words in wrong if "play" in words] == []


def begin(page, place):
    """Bring a figure into view, and return its stage when it has started."""
    place.scroll_into_view_if_needed()
    if ask := place.query_selector(".play-ask"):
        ask.click()
    handle = page.wait_for_function(
        "(place) => /ready|failed/.test(place.dataset.state) && place", arg=place, timeout=STARTED
    )
    state = place.get_attribute("data-state")
    name = place.get_attribute("data-play")
    assert state == "ready", f"{name}: {handle.as_element().inner_text()}"
    still = place.get_attribute("data-still")
    within = page.query_selector(f"[id='{still}'] .play-stage")
    stage = within or place.query_selector(".play-stage")
    stage.scroll_into_view_if_needed()
    page.evaluate(DRAWN)
    return stage


def move_all(page, stage, drag, turn):
    """Move all that can be moved. Each control changes what is seen, but for a button."""
    for knob in stage.query_selector_all(".play-handle"):
        changes(stage, knob, lambda knob=knob: pull(page, knob, drag))
        both_ways(stage, knob)
    for slider in stage.query_selector_all("input[type=range]"):
        both_ways(stage, slider)
    for field in stage.query_selector_all("input[type=number], input[type=text]"):
        retype(page, stage, field)
    for select in stage.query_selector_all("select"):
        here = select.evaluate("(select) => select.selectedIndex")
        changes(stage, select, lambda s=select, i=here: s.select_option(index=1 - min(i, 1)))
        select.select_option(index=here)
    page.evaluate(DRAWN)  # the points that a choice brings back
    if point := stage.query_selector(".play-point[aria-checked=true]"):
        changes(stage, point, lambda: point.press("ArrowRight"))
    for radio in stage.query_selector_all("input[type=radio]:not(:checked)"):
        changes(stage, radio, radio.check)
    for box in stage.query_selector_all("input[type=checkbox]"):
        changes(stage, box, box.click)
        box.click()
    press_all(page, stage, turn)


def press_all(page, stage, turn):
    """Press the buttons: one of each look with the pointer, every other of its kin by a script.

    There are figures with a button for each word of a text, and much to compute for each. Turn 0
    presses those that turn 1 leaves out. The script presses only what is seen and not covered.
    """
    buttons = stage.query_selector_all("button:not([disabled])")
    looks = stage.evaluate("(_, buttons) => buttons.map((button) => button.className)", buttons)
    waiting = []
    for i, button in enumerate(buttons):
        if looks[i] in looks[:i]:
            waiting += [button] if i % 2 == turn else []
            continue
        assert page.evaluate(PRESS, waiting) == []
        waiting = []
        if button.is_visible() and button.is_enabled():
            button.click()
            page.evaluate(DRAWN)
    assert page.evaluate(PRESS, waiting) == []


def changes(stage, control, act):
    """Do something with a control, and see that it changes what the stage shows."""
    stage.evaluate(BEFORE)
    act()
    assert stage.evaluate(CHANGED), f"{called(control)!r} changes nothing"


def called(control):
    """Return what a reader calls a control."""
    return control.get_attribute("aria-label") or control.evaluate(
        "e => e.parentElement.textContent"
    )


def pull(page, knob, drag):
    """Drag a handle a little towards the middle of its plot."""
    knob.scroll_into_view_if_needed()
    page.evaluate(DRAWN)
    box = knob.query_selector("circle:last-child").bounding_box()
    plot = knob.evaluate_handle("e => e.closest('svg')").as_element().bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    middle = plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2
    way = [14 if there >= here else -14 for here, there in zip((x, y), middle, strict=True)]
    drag(page, (x, y), (x + way[0], y + way[1]))


def drag_by_mouse(page, start, end):
    """Move the mouse with its button pressed."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=3)
    page.mouse.up()


def retype(page, stage, field):
    """Type what cannot be taken, which has to be told in words, then what was there, then keys."""
    held = field.input_value()
    changes(stage, field, lambda: field.fill(""))
    fault = page.locator(f"#{field.get_attribute('aria-describedby')}")
    label = field.evaluate("e => e.labels[0].textContent")
    assert fault.inner_text(), f"{label!r} does not say why it takes nothing"
    field.fill(held)
    page.evaluate(DRAWN)
    assert not fault.inner_text(), f"{label!r} does not take {held!r} a second time"
    if field.get_attribute("min"):
        both_ways(stage, field)


def both_ways(stage, control):
    """Press keys until one changes something: at an end of its range, half of them do nothing."""
    stage.evaluate(BEFORE)
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft"):
        control.press(key)
        if stage.evaluate(CHANGED):
            return
    pytest.fail(f"{called(control)!r} changes nothing")


def test_there_are_figures():
    assert PAGES
    for name in PAGES:
        page = (SITE / name).read_text(encoding="utf-8")
        assert re.search(r"_static/play/kit\.js", page), f"{name} lacks what figures share"
