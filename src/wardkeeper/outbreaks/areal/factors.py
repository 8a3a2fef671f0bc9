"""Sparse Cholesky factors of matrices that share one pattern: solve, determinant, and the inverse's diagonal.

The rows are ordered once for little fill (minimum degree, by SciPy's SuperLU); each new diagonal then costs only numbers.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array
from scipy.sparse.linalg import splu

from wardkeeper.outbreaks.areal.kernels import factorise, find_rows, invert_diagonal, solve

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


class Pattern:
    """A symmetric matrix whose diagonal will change: its order, and where its factor has entries."""

    def __init__(self, matrix: csr_array) -> None:
        size = matrix.shape[0]
        dominant = csc_array(abs(matrix) + (1 + abs(matrix).sum(axis=0).max()) * eye_array(size))
        ordered = splu(dominant, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        # SuperLU tells where each column went; here is wanted which column stands at each place.
        self.order: Places = np.argsort(ordered.perm_c).astype(np.int64)
        self.back: Places = ordered.perm_c.astype(np.int64)
        moved = csr_array(matrix[self.order][:, self.order])
        self.starts, self.neighbours = moved.indptr.astype(np.int64), moved.indices.astype(np.int64)
        self.values: Numbers = moved.data.astype(np.float64)
        self.row_ends, self.row_columns = find_rows(self.starts, self.neighbours)
        counts = np.bincount(self.row_columns, minlength=size)
        self.column_starts: Places = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def factor(self, diagonal: Numbers) -> "Factor":
        """Factor the matrix with this diagonal (in the caller's order) in place of its own. It must be positive definite."""
        size = self.column_starts[-1]
        rows, lower, pivots = np.empty(size, np.int64), np.empty(size), np.empty(len(diagonal))
        found = factorise(
            self.starts, self.neighbours, self.values, diagonal[self.order],
            self.row_ends, self.row_columns, self.column_starts, rows, lower, pivots,
        )  # fmt: skip
        if not found:
            raise ValueError("the matrix is not positive definite: a diagonal entry is too small")
        return Factor(self, rows, lower, pivots)


@dataclass(frozen=True, eq=False)
class Factor:
    """A Cholesky factor, in its pattern's order; what it gives is in the caller's."""

    pattern: Pattern
    rows: Places
    lower: Numbers
    pivots: Numbers

    @property
    def log_determinant(self) -> float:
        """The natural logarithm of the matrix's determinant."""
        return float(2 * np.log(self.pivots).sum())

    def solve(self, right: Numbers) -> Numbers:
        """Solve for one or several columns (size, or size by columns)."""
        work = right[self.pattern.order].reshape(len(right), -1).copy()
        solve(self.pattern.column_starts, self.rows, self.lower, self.pivots, work)
        answer: Numbers = work[self.pattern.back].reshape(right.shape)
        return answer

    @cached_property
    def inverse_diagonal(self) -> Numbers:
        """The diagonal of the matrix's inverse."""
        found = invert_diagonal(
            self.pattern.column_starts, self.rows, self.lower, self.pivots, np.empty_like(self.lower)
        )
        diagonal: Numbers = found[self.pattern.back]
        return diagonal
