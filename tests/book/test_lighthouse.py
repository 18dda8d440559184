"""What Lighthouse says of a page is judged rightly; nothing moves under a reader's eyes.

How long a reader waits is told by `python -m tools.lighthouse`, and asked of no test: it is a time,
and the machine that runs the tests does other things meanwhile. What a page weighs is in
`test_first_visit.py`.
"""

import pytest

from tools.lighthouse import Packing, judged
from tools.serving import served

#: A slow line, over which scripts and pictures come long after the text.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 1e5}
#: How much of the screen may move, as Lighthouse counts it.
MOVED = 0.1
PAGES = ["index", "components/neuron", "recurrent/bptt", "attention/attention"]
SCREENS = {
    "wide": {"viewport": {"width": 1350, "height": 940}},
    "phone": {
        "viewport": {"width": 412, "height": 823},
        "device_scale_factor": 1.75,
        "is_mobile": True,
        "has_touch": True,
    },
}
WATCH = """window.seen = {painted: 0, moved: 0};
    const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
        .observe({type, buffered: true});
    watch("largest-contentful-paint", () => seen.painted += 1);
    watch("layout-shift", ({value, hadRecentInput}) => hadRecentInput || (seen.moved += value));
"""


@pytest.fixture(scope="module")
def packing(site):
    with served(site, Packing) as address:
        yield address


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_not_move_while_it_comes(browser, packing, name, screen):
    with browser.new_context(**SCREENS[screen]) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        tools = context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", LINE)
        page.goto(f"{packing}/{name}.html", wait_until="load")
        page.wait_for_timeout(2_500)  # sections get their layout after the page is there
        seen = page.evaluate("seen")
    assert seen["painted"], "the browser tells what it sees"
    assert seen["moved"] <= MOVED


def test_what_lighthouse_says_is_judged():
    """Its own run is `python -m tools.lighthouse`, since it needs npm and a machine of its own."""
    good = {"score": 1, "displayValue": "0", "title": "Good"}
    audits = dict.fromkeys(
        ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "title"),
        good,
    )
    audits["contrast"] = {"score": 0, "title": "Contrast"}
    names = ("performance", "accessibility", "best-practices", "seo")
    parts = {name: {"score": 1, "auditRefs": [{"id": "title", "weight": 1}]} for name in names}
    said, wrong = judged({"categories": parts, "audits": audits})
    assert said.startswith("performance 100, accessibility 100, ")
    assert wrong == []
    parts["performance"]["score"] = 0.84
    parts["accessibility"] = {"score": 0.99, "auditRefs": [{"id": "contrast", "weight": 3}]}
    assert judged({"categories": parts, "audits": audits})[1] == [
        "performance is below 85: ",
        "accessibility is below 100: Contrast",
    ]
