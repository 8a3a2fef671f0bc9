"""Who borders whom: neighbours as a symmetric matrix, its parts that hang together, and how much smoothing spreads in each.

Freni-Sterrantino A, Ventrucci M, Rue H (2018), A note on intrinsic conditional autoregressive models for disconnected
graphs, Spatial and Spatio-temporal Epidemiology 26: 25-34: each part is scaled on its own, and an area without neighbours
has an effect of its own only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from wardkeeper.outbreaks.areal.factors import Pattern

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Graph:
    """Areas and their borders: `borders` (areas by areas, 1 where two touch), `part` of each area (0 on)."""

    borders: csr_array
    part: Places

    @property
    def size(self) -> int:
        """The number of areas."""
        return len(self.part)

    @property
    def degree(self) -> Numbers:
        """Each area's number of neighbours."""
        counts: Numbers = np.asarray(self.borders.sum(axis=1), dtype=np.float64)
        return counts

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which areas have no neighbour."""
        lonely: NDArray[np.bool_] = self.degree == 0
        return lonely

    def sum_parts(self, values: Numbers) -> Numbers:
        """Add up values over each part."""
        sums: Numbers = np.bincount(self.part, weights=values).astype(np.float64)
        return sums


def make_graph(first: Places, second: Places, size: int) -> Graph:
    """Make a graph of pairs of areas' places; each pair counts both ways and once, and an area never with itself."""
    apart = first != second
    one, other = first[apart], second[apart]
    ones = np.ones(2 * len(one))
    borders = csr_array(coo_array((ones, (np.r_[one, other], np.r_[other, one])), shape=(size, size)))
    borders.sum_duplicates()
    borders.data[:] = 1.0
    return Graph(borders, connected_components(borders, directed=False)[1].astype(np.int64))


def scale_parts(graph: Graph) -> Numbers:
    """Give, for each area, the typical variance of an intrinsic autoregression in its part (1 for an area alone).

    It is the geometric mean of the generalised inverse's diagonal (Sørbye SH, Rue H (2014), Scaling intrinsic Gaussian
    Markov random field priors in spatial modelling, Spatial Statistics 8: 39-51). One area of each part is tied to 0,
    which makes the matrix invertible; centring each part takes the tie out again, exactly.
    """
    tied = np.zeros(graph.size)
    tied[np.unique(graph.part, return_index=True)[1]] = 1.0
    factor = Pattern(csr_array(-graph.borders)).factor(graph.degree + tied)
    ones = np.ones(graph.size)
    members = graph.sum_parts(ones)[graph.part]
    reached = factor.solve(ones)
    total = graph.sum_parts(reached)[graph.part]
    variance = factor.inverse_diagonal - 2 * reached / members + total / members**2
    variance[graph.alone] = 1.0
    logs = graph.sum_parts(np.log(np.maximum(variance, np.finfo(float).tiny)))
    typical: Numbers = np.exp(logs / graph.sum_parts(ones))[graph.part]
    return typical
