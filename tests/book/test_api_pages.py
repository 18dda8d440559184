"""The API pages stay right when a second build documents something else."""

PAGE = """# Splits

```{{eval-rst}}
.. automodule:: {module}
   :members: {members}
```
"""


def test_a_second_build_links_what_is_new(tiny_book):
    book = tiny_book({"api/splits": PAGE.format(module="nnbook.data.splits", members="split")})
    assert book.build().returncode == 0
    source = "_modules/nnbook/data/splits"
    assert 'id="split"' in book.html(source)
    assert 'id="k_fold"' not in book.html(source)

    book.write("api/splits", PAGE.format(module="nnbook.data.splits", members="split, k_fold"))
    result = book.build()
    assert result.returncode == 0, result.stderr
    assert '_modules/nnbook/data/splits.html#k_fold"' in book.html("api/splits")
    assert 'id="k_fold"' in book.html(source)
    assert 'href="../../../api/splits.html#nnbook.data.splits.k_fold"' in book.html(source)


def test_a_source_page_leads_back_to_the_name_that_is_documented_now(tiny_book):
    book = tiny_book({"api/splits": PAGE.format(module="nnbook.data", members="split")})
    assert book.build().returncode == 0
    book.write("api/splits", PAGE.format(module="nnbook.data.splits", members="split"))
    assert book.build().returncode == 0
    page = book.html("_modules/nnbook/data/splits")
    assert 'href="../../../api/splits.html#nnbook.data.splits.split"' in page
