"""Give NumPy in the browser faster loops: for products of matrices, exp, tanh, the greater of two.

Pyodide's NumPy has no library for linear algebra, and takes functions of one number at a time.
`product.wat` and `functions.wat` do better where training spends its time; here their loops take
the place of NumPy's. The browser's worker loads this file into Pyodide.
"""

import ctypes
import functools
import gc
from collections.abc import Callable

import numpy as np
from numpy._core import _multiarray_umath, multiarray, numeric

#: Where the function stands in NumPy's table of what it offers to programs in C.
REPLACE_LOOP = 30


def replace(folder: str) -> None:
    """Have `np.matmul`, which is `@`, `exp`, `tanh` and `maximum` take loops from there."""
    table_of = ctypes.pythonapi.PyCapsule_GetPointer
    table_of.restype, table_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = ctypes.c_void_p.from_address(
        table_of(_multiarray_umath._UFUNC_API, None) + REPLACE_LOOP * ctypes.sizeof(ctypes.c_void_p)
    )
    kind = ctypes.PYFUNCTYPE(
        ctypes.c_int, ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
    )
    replace_loop = kind(table.value)

    def take(function: np.ufunc, type_of: type, loop: ctypes._CFuncPtr) -> int | None:
        signature = (ctypes.c_int * function.nargs)(*[np.dtype(type_of).num] * function.nargs)
        address, before = ctypes.cast(loop, ctypes.c_void_p), ctypes.c_void_p()
        if replace_loop(function, address, signature, ctypes.byref(before)):
            raise RuntimeError(f"NumPy refuses another loop for {function.__name__}")
        return before.value

    product = ctypes.CDLL(f"{folder}/product.wasm")
    double = take(np.matmul, np.float64, product.loop_double)
    product.begin(take(np.matmul, np.float32, product.loop_float), double)
    functions = ctypes.CDLL(f"{folder}/functions.wasm")
    take(np.exp, np.float32, functions.loop_exp)
    take(np.tanh, np.float32, functions.loop_tanh)
    take(np.maximum, np.float32, functions.loop_greater_float)
    take(np.maximum, np.float64, functions.loop_greater_double)
    _take_over_dot()


def _take_over_dot() -> None:
    """Have `dot` of two matrices, the method and the function, take the same way."""
    # The method belongs to a type written in C, of which only the collector hands out the names.
    names = next(each for each in gc.get_referents(np.ndarray.__dict__) if isinstance(each, dict))
    names["dot"] = _dot(np.ndarray.dot)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(np.ndarray))
    np.dot = multiarray.dot = numeric.dot = _dot(np.dot)


def _dot(plain: Callable) -> Callable:
    """Return `dot`: `matmul` for two matrices of the same kind of numbers, else what it was."""
    arrays, kinds, product = np.ndarray, {np.dtype("f"), np.dtype("d")}, np.matmul

    @functools.wraps(plain)
    def dot(a: object, b: object, out: np.ndarray | None = None) -> object:
        if (
            type(a) is type(b) is arrays
            and a.ndim == b.ndim == 2
            and a.dtype in kinds
            and a.dtype == b.dtype
        ):
            return product(a, b, out=out)
        return plain(a, b, out)

    return dot
