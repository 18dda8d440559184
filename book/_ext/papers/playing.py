"""What the figure to play with gets: each row that has a number of the paper's and one of ours."""

from sphinx.application import Sphinx

from papers import rows


def offered(app: Sphinx, page: str) -> dict:
    """Return the rows with two numbers, as they are written and as shares of the paper's."""
    env, found = app.env, []
    for row in rows.all_rows(env):
        told = rows.verdict(env, row)
        if not row["number"] or told == rows.DOUBT:  # what is wrong with it is told elsewhere
            continue
        theirs = rows.number(row["number"])
        ends = rows.extremes(env, row["ours"].partition(":")[0])
        found.append(
            {
                "name": rows.label(row),
                "anchor": row["anchor"],
                "theirs": row["number"].replace(" - ", " − "),
                "ours": rows.written(env, row["ours"]),
                "around": rows.around(env, row["ours"]),
                "share": rows.ratio(env, row),
                "ends": [end / theirs for end in ends] if ends else None,
                "verdict": told,
                "kind": row["kind"],
            }
        )
    return {"rows": found, "band": [rows.NEAR, 1 / rows.NEAR]}
