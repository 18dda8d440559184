"""Frames that a reader can play: one piece of HTML that needs nothing from outside.

Nothing moves until the reader presses Play, and the slider shows every frame by hand. The frames
are PNG images with the 32 colours that cover the picture best, which is enough for lines: 30 frames
of three panels weigh less than 400 KB.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = 32

_PAGE = """<div class="nn-animation" id="{name}" role="group" aria-label="Animation">
<img role="img" alt="{alt}" aria-label="{alt}" src="{first}" style="max-width: 100%">
<div style="display: flex; gap: 0.75em; align-items: center; max-width: {width}px">
<button type="button" style="min-width: 5em; font: inherit">Play</button>
<input type="range" min="0" max="{last}" value="0" aria-label="Frame" style="flex: 1">
</div></div>
<script>(() => {{
  const [picture, button, slider] = document.querySelectorAll(
    "#{name} img, #{name} button, #{name} input");
  const frames = [{frames}];
  let timer = null;
  const show = (i) => {{ slider.value = i; picture.src = frames[i]; }};
  const stop = () => {{ clearInterval(timer); timer = null; button.textContent = "Play"; }};
  const next = () => +slider.value < {last} ? show(+slider.value + 1) : stop();
  button.onclick = () => {{
    if (timer) return stop();
    if (+slider.value === {last}) show(0);
    button.textContent = "Pause";
    timer = setInterval(next, {interval});
  }};
  slider.oninput = () => {{ stop(); show(+slider.value); }};
}})()</script>"""


@dataclass(frozen=True)
class Animation:
    """The frames as PNG files, and how they are shown in a notebook or on a page."""

    pictures: list[bytes]
    alt: str
    width: int
    fps: float

    def __repr__(self) -> str:
        return f"Animation of {len(self.pictures)} frames: {self.alt}"

    def _repr_html_(self) -> str:
        sources = ["data:image/png;base64," + base64.b64encode(p).decode() for p in self.pictures]
        digest = hashlib.sha256("".join(sources).encode()).hexdigest()
        return _PAGE.format(
            name="nn-animation-" + digest[:12],
            alt=escape(self.alt),
            first=sources[0],
            last=len(sources) - 1,
            width=self.width,
            frames=",".join(f'"{source}"' for source in sources),
            interval=round(1000 / self.fps),
        )


def animate(
    draw: Callable[[int], Any],
    frames: int,
    *,
    fig: Figure,
    alt: str,
    fps: float = 8,
    dpi: int = 72,
) -> Animation:
    """Draw a figure again and again, and return the frames as something to play.

    Parameters
    ----------
    draw : callable
        ``draw(i)`` brings the figure into the state of frame i = 0, ..., frames - 1.
    frames : int
        How many.
    fig : Figure
        What is drawn. It is closed at the end, so that a notebook does not show it once more.
    alt : str
        What is seen, in words. Put a still image beside the animation as well, for paper.
    fps, dpi : number
        Frames per second, and pixels per inch of the figure.

    Raises
    ------
    ValueError
        If there is no frame or no description.
    """
    from matplotlib import pyplot as plt
    from PIL import Image

    if frames < 1:
        raise ValueError(f"animate expected at least one frame, got {frames}")
    if not alt.strip():
        raise ValueError("animate expected a description of what is seen in alt=, got none")
    fig.canvas.draw()
    fig.set_layout_engine("none")  # laid out once: nothing may jump, and it saves half the time
    pictures = []
    for i in range(frames):
        draw(i)
        drawn, small = io.BytesIO(), io.BytesIO()
        fig.savefig(drawn, dpi=dpi, format="png")
        picture = Image.open(drawn).convert("RGB")
        few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(small, "png", optimize=True)
        pictures.append(small.getvalue())
    plt.close(fig)
    return Animation(pictures, alt, picture.width, fps)
