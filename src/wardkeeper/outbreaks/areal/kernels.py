"""Compiled loops over sparse symmetric matrices: the pattern of a Cholesky factor, the factor, and its inverse's diagonal.

Textbook algorithms: George A, Liu JWH (1981), Computer Solution of Large Sparse Positive Definite Systems; Davis TA (2006),
Direct Methods for Sparse Linear Systems; Takahashi K, Fagan J, Chin MS (1973), as told by Rue H, Martino S (2007),
Approximate Bayesian inference for hierarchical Gaussian Markov random field models, Journal of Statistical Planning and
Inference 137: 3177-3192. Ordering is left to `factors`.
"""

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True)


@kernel
def find_rows(starts, neighbours):
    """Give the pattern of the factor's rows (starts, columns below the diagonal, ascending) of a symmetric pattern."""
    size = len(starts) - 1
    parent = np.full(size, -1, np.int64)
    mark = np.full(size, -1, np.int64)
    ends = np.zeros(size + 1, np.int64)
    for row in range(size):
        mark[row] = row
        for at in range(starts[row], starts[row + 1]):
            column = neighbours[at]
            if column >= row:
                continue
            while mark[column] != row:
                if parent[column] == -1:
                    parent[column] = row
                mark[column] = row
                ends[row + 1] += 1
                column = parent[column]
    for row in range(size):
        ends[row + 1] += ends[row]
    columns = np.empty(ends[size], np.int64)
    mark[:] = -1
    for row in range(size):
        mark[row] = row
        place = ends[row]
        for at in range(starts[row], starts[row + 1]):
            column = neighbours[at]
            if column >= row:
                continue
            while mark[column] != row:
                mark[column] = row
                columns[place] = column
                place += 1
                column = parent[column]
        columns[ends[row] : place].sort()
    return ends, columns


@kernel
def factorise(starts, neighbours, values, diagonal, row_ends, row_columns, column_starts, rows, lower, pivots):
    """Fill the factor, row by row: `lower` by column below the diagonal, `pivots` the diagonal. False if not positive."""
    size = len(diagonal)
    work = np.zeros(size)
    filled = column_starts[:-1].copy()
    for row in range(size):
        for at in range(starts[row], starts[row + 1]):
            if neighbours[at] < row:
                work[neighbours[at]] = values[at]
        left = diagonal[row]
        for at in range(row_ends[row], row_ends[row + 1]):
            column = row_columns[at]
            share = work[column] / pivots[column]
            work[column] = 0.0
            for below in range(column_starts[column], filled[column]):
                work[rows[below]] -= lower[below] * share
            left -= share * share
            lower[filled[column]] = share
            rows[filled[column]] = row
            filled[column] += 1
        if left <= 0.0:
            return False
        pivots[row] = np.sqrt(left)
    return True


@kernel
def solve(column_starts, rows, lower, pivots, right):
    """Solve in place for the columns of `right` (size by columns)."""
    size = len(pivots)
    many = right.shape[1]
    for column in range(size):
        for k in range(many):
            right[column, k] /= pivots[column]
        for at in range(column_starts[column], column_starts[column + 1]):
            for k in range(many):
                right[rows[at], k] -= lower[at] * right[column, k]
    for column in range(size - 1, -1, -1):
        for at in range(column_starts[column], column_starts[column + 1]):
            for k in range(many):
                right[column, k] -= lower[at] * right[rows[at], k]
        for k in range(many):
            right[column, k] /= pivots[column]


@kernel
def invert_diagonal(column_starts, rows, lower, pivots, inverse):
    """Give the inverse's diagonal; `inverse` (as `lower`) takes its other entries within the factor's pattern."""
    size = len(pivots)
    diagonal = np.empty(size)
    place = np.zeros(size, np.int64)
    mark = np.full(size, -1, np.int64)
    sums = np.empty(size)
    for column in range(size - 1, -1, -1):
        first, last = column_starts[column], column_starts[column + 1]
        for at in range(first, last):
            mark[rows[at]] = column
            place[rows[at]] = at
            sums[at - first] = 0.0
        for at in range(first, last):
            other = rows[at]
            own = lower[at]
            total = own * diagonal[other]
            for below in range(column_starts[other], column_starts[other + 1]):
                row = rows[below]
                if mark[row] == column:
                    there = place[row]
                    sums[there - first] += own * inverse[below]
                    total += lower[there] * inverse[below]
            sums[at - first] += total
        left = 1.0 / pivots[column]
        for at in range(first, last):
            inverse[at] = -sums[at - first] / pivots[column]
            left -= lower[at] * inverse[at]
        diagonal[column] = left / pivots[column]
    return diagonal
