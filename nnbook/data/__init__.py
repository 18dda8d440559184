"""Data: splits, batches, and loaders of real and generated data sets.

Importing this needs NumPy only: pooch, tqdm, scikit-learn and mlxtend are imported where they are
used.
"""

from nnbook.data.batches import batches
from nnbook.data.bpe import BytePairTokenizer
from nnbook.data.checked_folds import with_every_class
from nnbook.data.corpora import english_french, movie_reviews, names, tiny_shakespeare
from nnbook.data.files import BadFile, NotFound
from nnbook.data.flights import Flights, flights
from nnbook.data.folds import grouped_k_fold, k_fold, stratified_k_fold
from nnbook.data.generated import mackey_glass, moons, sine, spiral, vertical_bands
from nnbook.data.images import fashion_mnist, mnist, read_idx
from nnbook.data.padding import mask_of, pad
from nnbook.data.scaling import Standardizer, shared_rows, standardized
from nnbook.data.sequences import adding, copying, dates
from nnbook.data.sources import catalogue
from nnbook.data.splits import split, stratified_split
from nnbook.data.streams import crops, streams
from nnbook.data.tables import breast_cancer, diabetes, digits, iris, wine
from nnbook.data.text import CharTokenizer, WordTokenizer
from nnbook.data.vocabulary import Vocabulary

__all__ = [
    "BadFile",
    "BytePairTokenizer",
    "CharTokenizer",
    "Flights",
    "NotFound",
    "Standardizer",
    "Vocabulary",
    "WordTokenizer",
    "adding",
    "batches",
    "breast_cancer",
    "catalogue",
    "copying",
    "crops",
    "dates",
    "diabetes",
    "digits",
    "english_french",
    "fashion_mnist",
    "flights",
    "grouped_k_fold",
    "iris",
    "k_fold",
    "mackey_glass",
    "mask_of",
    "mnist",
    "moons",
    "movie_reviews",
    "names",
    "pad",
    "read_idx",
    "shared_rows",
    "sine",
    "spiral",
    "split",
    "standardized",
    "stratified_k_fold",
    "stratified_split",
    "streams",
    "tiny_shakespeare",
    "vertical_bands",
    "wine",
    "with_every_class",
]
