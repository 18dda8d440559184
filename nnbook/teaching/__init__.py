"""What chapters and readers call: claims, numbers for the prose, and checks of the exercises."""

from nnbook.teaching.checker import check, judge
from nnbook.teaching.claims import ClaimError, claim, quote
from nnbook.teaching.exercise import EXERCISES, Exercise, exercise, load
from nnbook.teaching.figure_data import figure_data
from nnbook.teaching.hints import hint
from nnbook.teaching.notebook import NotebookError, Report, check_notebook
from nnbook.teaching.notices import data_notice
from nnbook.teaching.results import amend, result

__all__ = [
    "EXERCISES",
    "ClaimError",
    "Exercise",
    "NotebookError",
    "Report",
    "amend",
    "check",
    "check_notebook",
    "claim",
    "data_notice",
    "exercise",
    "figure_data",
    "hint",
    "judge",
    "load",
    "quote",
    "result",
]
