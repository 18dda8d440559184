"""Tiny books are built from the code of their own folder, as it is at the time."""

import os


def test_each_build_imports_its_own_copy_of_the_book(tiny_book):
    book = tiny_book({"page": "# A page\n\nText.\n"})
    for _ in range(2):
        done = book.build()
        assert done.returncode == 0, done.stdout + done.stderr
    extension = book.root / "book" / "_ext" / "exercises.py"
    whole = extension.read_text(encoding="utf-8")
    extension.write_text(whole + '\nraise RuntimeError("of this folder")\n', encoding="utf-8")
    done = book.build()
    assert done.returncode != 0
    assert "of this folder" in done.stdout + done.stderr
    extension.write_text(whole, encoding="utf-8")
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    assert os.getcwd() != str(book.root)
