"""The figure: our number as a share of the paper's, for each row that has both."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from papers import rows

#: Beyond these shares a point is drawn at the edge, with its value beside it.
ENDS = (-0.15, 2.0)
MARKERS = {rows.REPRODUCED: "o", rows.SMALLER: "s", rows.PART: "D", rows.OPEN: "v", rows.NOT: "X"}


def draw(app: Sphinx, docname: str) -> nodes.image | nodes.paragraph:
    """Draw the rows into a file of the build; return the picture for the page."""
    points = found(app)
    if not points:
        return nodes.paragraph("", "No row has a number of the paper's and one of ours.")
    path = Path(app.doctreedir).parent / "results" / "papers.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    _plot(points, path)
    uri = path.as_posix()
    app.env.images.add_file(docname, uri)
    return nodes.image("", uri=uri, candidates={"*": uri}, alt=describe(points))


def found(app: Sphinx) -> list[tuple[str, float, str]]:
    """Return name, share and verdict of the rows with two numbers, the largest share first."""
    points = []
    for row in rows.all_rows(app.env):
        told = rows.verdict(app.env, row)
        if row["number"] and told in MARKERS:
            points.append((rows.label(row), rows.ratio(app.env, row), told))
    return sorted(points, key=lambda point: -point[1])


def describe(points: list[tuple[str, float, str]]) -> str:
    """Say in words what the figure shows."""
    told = ", ".join(f"{name} {share:.2f} ({verdict})" for name, share, verdict in points)
    return f"Our numbers as shares of those of the papers, the largest first: {told}."


def _plot(points: list[tuple[str, float, str]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from nnbook import plotting

    with mpl.rc_context():
        plotting.style()
        fig = Figure(figsize=(5.6, 1.3 + 0.26 * len(points)))
        ax = fig.subplots()
        ax.axvspan(rows.NEAR, 1 / rows.NEAR, color=plotting.CYCLE[0], alpha=0.12, lw=0)
        ax.axvline(1, color=plotting.INK, lw=1)
        ax.axvline(0, color=plotting.INK, lw=1, ls=":")
        for i, (verdict, marker) in enumerate(MARKERS.items()):
            at = [(s, -k) for k, (_, s, v) in enumerate(points) if v == verdict]
            if at:
                shares, places = zip(*at)
                inside = [min(max(share, ENDS[0]), ENDS[1]) for share in shares]
                look = {"ls": "none", "marker": marker, "ms": 7, "color": plotting.CYCLE[i]}
                ax.plot(inside, places, label=verdict, clip_on=False, **look)
        for k, (_, share, _) in enumerate(points):
            if not ENDS[0] <= share <= ENDS[1]:
                side = {"ha": "right"} if share > 1 else {"ha": "left"}
                x = ENDS[1] - 0.06 if share > 1 else ENDS[0] + 0.06
                ax.text(x, -k, f"{share:.1f}", va="center", fontsize=8, **side)
        ax.set_yticks([-k for k in range(len(points))], [name for name, _, _ in points])
        ax.set(xlim=ENDS, ylim=(0.6 - len(points), 0.6), xlabel="our number over the paper's")
        fig.legend(loc="outside lower center", ncols=4, fontsize=8)
        fig.savefig(path, metadata={"Software": None})
