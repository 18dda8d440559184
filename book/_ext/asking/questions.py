"""The quick questions of a page: `{question} name`, with options that carry their reasons.

    :::{question} bias-doubled
    What happens to the border when all weights and the bias are doubled?

    - [ ] It moves away from the origin.
      - Its distance from the origin is the bias over the length of the weights, and both double.
    - [x] Nothing.
      - The sum doubles, and is zero where it was zero.
    :::

With `:several:` more than one option may be right, and a reader marks all of them.
"""

import re

import problems
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from asking.markup import Answers, Asked, Option, Question, Reason

FEWEST, MOST = 3, 5  # questions of a page that has any
BOX = "task-list-item-checkbox"


class QuestionDirective(SphinxDirective):
    """A question: its words, then a list of `- [ ]` and `- [x]`, a reason below each option."""

    required_arguments = 1
    has_content = True
    option_spec = {"several": directives.flag}  # noqa: RUF012 (docutils asks for it)

    def run(self) -> list[nodes.Node]:
        """Return the question; tell what is wrong with it."""
        name, several = self.arguments[0], "several" in self.options
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        lists = [n for n in content.children if "contains-task-list" in n.get("classes", ())]
        items = [item for each in lists for item in each.children]
        asked = Asked("", *[child for child in content.children if child not in lists])
        page = self.env.docname.split("/")[-1]
        question = Question("", asked, name=f"{page}.{name}", several=several)
        question["ids"].append(f"question-{nodes.make_id(name)}")
        self.set_source_info(question)
        answers = Answers()
        for index, item in enumerate(items):
            said, right = _option(item)
            question += Option("", "", *said, index=index, right=right)
            answers += _reason(item, right)
        question += answers
        for fault in self.faults(name, question, answers):
            message = f"question {name}: {fault}"
            problems.add(
                self.env, self.env.docname, message, self.lineno, anchor=question["ids"][0]
            )
        return [question]

    def faults(self, name: str, question: Question, answers: Answers) -> list[str]:
        """Return what is wrong with a question."""
        faults = []
        taken = self.env.temp_data.setdefault("nnbook_questions", set())
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            faults.append("expected a name of lower-case words joined by hyphens")
        if name in taken:
            faults.append("another question of this page has its name")
        taken.add(name)
        if not question[0].children:
            faults.append("it asks nothing: expected a sentence above the options")
        if len(answers) < 2:
            faults.append("expected two options or more, a list of lines with - [ ] or - [x]")
            return faults
        right = sum(reason["right"] for reason in answers)
        if question["several"] and not right:
            faults.append("expected one right option or more, marked with [x], got none")
        if not question["several"] and right != 1:
            faults.append(f"expected one right option, marked with [x], got {right} (:several: ?)")
        faults += [
            f"option {index} has no reason: expected one in a list below it"
            for index, reason in enumerate(answers, 1)
            if reason["mute"]
        ]
        return faults


def _option(item: nodes.list_item) -> tuple[list[nodes.Node], bool]:
    """Return the words of an option, and whether it is right."""
    first = item[0] if item.children and isinstance(item[0], nodes.paragraph) else nodes.paragraph()
    boxes = [raw for raw in first.findall(nodes.raw) if BOX in raw.astext()]
    right = any("checked=" in raw.astext() for raw in boxes)
    words = [child for child in first.children if child not in boxes]
    if words and isinstance(words[0], nodes.Text):
        words[0] = nodes.Text(words[0].lstrip())
    return words, right


def _reason(item: nodes.list_item, right: bool) -> Reason:
    """Return what stands below an option, in a list of one or in paragraphs, behind its verdict."""
    said = item.children[1:]
    if len(said) == 1 and isinstance(said[0], nodes.bullet_list) and len(said[0]) == 1:
        said = said[0][0].children
    reason = Reason("", *said, right=right, mute=not said)
    if not (said and isinstance(said[0], nodes.paragraph)):
        reason.insert(0, nodes.paragraph())
    word = nodes.strong("", "Right." if right else "Wrong.", classes=["nn-word"])
    reason[0][0:0] = [word, nodes.Text(" ")]
    return reason


def count(app: Sphinx, doctree: nodes.document) -> None:
    """Hold the page that was just read to its three to five questions."""
    questions = list(doctree.findall(Question))
    if questions and not FEWEST <= len(questions) <= MOST:
        message = f"expected {FEWEST} to {MOST} quick questions on a page, got {len(questions)}"
        problems.add(app.env, app.env.docname, message, questions[0].line)


def setup(app: Sphinx) -> dict:
    """Take the questions of each page as it is read."""
    app.setup_extension("problems")
    app.add_directive("question", QuestionDirective)
    app.connect("doctree-read", count)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
