"""Check the built site when it stands (and by itself: python book/_ext/links.py _build/html).

Every link leads to a page and an anchor that exist, every file that a page asks for is there,
nothing is asked of another host, no two things of a page have the same name, and every image says
in words what it shows.
"""

import os
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import problems
import seen
from lxml import html
from sphinx.application import Sphinx

#: What a browser fetches without being asked. A link (`a`) may leave the site: the reader decides.
FETCHED = (
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("embed", "src"),
)
NOT_FETCHED = {"canonical", "next", "prev", "search", "index", "author", "alternate"}
FOREIGN = re.compile(
    r"""(?:url\(\s*['"]?|@import\s+['"]|import\(\s*['"]|from\s+['"])(https?:)?//"""
)


def facts(content: bytes) -> dict:
    """Return what a page holds for the checks: names, addresses, and what is wrong by itself."""
    root = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    ids = Counter(root.xpath("//@id"))
    asked, told = {}, []
    for name, attribute in (("a", "href"), *FETCHED):
        for tag in root.iterfind(f".//{name}[@{attribute}]"):
            if name == "link" and NOT_FETCHED.intersection(tag.get("rel", "").split()):
                continue
            address = urlsplit(tag.get(attribute))
            if address.scheme in ("http", "https") or address.netloc:
                if name != "a":
                    told.append(f"asks another host: <{name} {attribute}={tag.get(attribute)}>")
            elif not address.scheme:
                asked[tag.get(attribute)] = None
    told += [f"{n} things have the same name: #{name}" for name, n in ids.items() if n > 1]
    for tag in root.iterfind(".//img"):
        # Only outside the text may an image be an ornament, which an empty alt declares.
        ornament = tag.get("alt") == "" and next(tag.iterancestors("article"), None) is None
        if not ornament and not tag.get("alt", "").strip():
            told.append(f"image without alt text: {tag.get('src', '')[:80]}")
    for tag in root.iter("style", "script"):
        if found := FOREIGN.search(tag.text or ""):
            told.append(f"asks another host: {found[0]} in <{tag.tag}>")
    for style in root.xpath("//@style"):
        if FOREIGN.search(style):
            told.append(f"asks another host: style={style[:80]}")
    return {"ids": list(ids), "asked": list(asked), "told": told}


def file_at(folder: Path, address: str) -> Path | None:
    """Return the file that an address leads to from a folder, None if there is none."""
    target = Path(os.path.normpath(folder / unquote(address)))
    if target.is_dir():
        target /= "index.html"
    return target if target.exists() else None


def site_problems(root: Path, known: seen.Seen) -> dict[Path, list[str]]:
    """Return what is wrong with each page and each style sheet of a site.

    What a page holds is looked up in what is known; where its links lead is looked up each time.
    """

    @cache
    def page(path: Path) -> tuple[dict, frozenset[str]]:
        found = known.of(path.read_bytes(), facts)
        return found, frozenset(found["ids"])

    leads = cache(file_at)

    def wrong(path: Path, address: str) -> str | None:
        parts = urlsplit(address)
        target = leads(path.parent, parts.path) if parts.path else path
        if target is None:
            return f"no such file: {address}"
        anchor = unquote(parts.fragment)
        if anchor and target.suffix == ".html" and anchor not in page(target)[1]:
            return f"no such anchor: {address}"
        return None

    found = {}
    for path in sorted(root.rglob("*.html")):
        if "_static" not in path.parts:
            held = page(path)[0]
            dead = filter(None, (wrong(path, address) for address in held["asked"]))
            found[path] = list(dict.fromkeys([*dead, *held["told"]]))
    for sheet in sorted(root.rglob("*.css")):
        if asked := FOREIGN.search(sheet.read_text(encoding="utf-8")):
            found[sheet] = [f"asks another host: {asked[0]}"]
    return found


def main(root: Path) -> int:
    """Check a site by itself. Return the exit status."""
    root = root.resolve()
    found = site_problems(root, seen.Seen())
    if not found:
        print(f"links        no page in {root}: build the book first", file=sys.stderr)
        return 1
    count = sum(map(len, found.values()))
    for page, messages in found.items():
        for message in messages:
            print(f"{page.relative_to(root)}: {message}", file=sys.stderr)
    print(f"{'links':12} {len(found)} files, {count} problems")
    return bool(count)


def check(app: Sphinx, error: Exception | None) -> None:
    """Note what is wrong with the site, as problems of its pages."""
    if error or app.builder.name != "html":
        return
    root = Path(app.outdir).resolve()
    with seen.opened(app, "links") as known:
        found = site_problems(root, known)
    for path, messages in found.items():
        file = path.relative_to(root).as_posix()
        docname = file.removesuffix(".html")
        told = [problem["message"] for problem in problems.PROBLEMS(app.env).get(docname, ())]
        for message in messages:
            if "without alt text" in message and any("no alt text" in other for other in told):
                continue  # `prose` has named the picture, and its line
            if docname in app.env.found_docs:
                problems.add(app.env, docname, message)
            else:
                problems.add(app.env, app.config.root_doc, f"{file}: {message}")


def setup(app: Sphinx) -> dict:
    """Check when all files of the site are there."""
    app.setup_extension("problems")
    app.connect("build-finished", check, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
