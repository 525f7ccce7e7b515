"""Whether the times of a search are the shortest, by an engine that shares no code with ours (SciPy).

    python shortest.py GRAPH...

A graph is 32-bit little-endian words: how many nodes, arcs and sources; where the arcs of each node begin,
and the end; the head and deciseconds of each arc; the node and offset of each source; the time found for
each node, all ones where none. Every time must be equal, none nearly.
"""

import sys

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

NONE = 2**32 - 1


def wrong(path):
    words = np.fromfile(path, dtype="<u4")
    n_nodes, n_arcs, n_sources = (int(n) for n in words[:3])
    lengths = [n_nodes + 1, 2 * n_arcs, 2 * n_sources, n_nodes]
    first, arcs, sources, found = np.split(words[3:], np.cumsum(lengths)[:-1])
    heads, times = arcs[0::2], arcs[1::2]
    tails = np.repeat(np.arange(n_nodes), np.diff(first))
    # A node of its own stands before each source, one decisecond more than its offset away: SciPy takes
    # an arc of 0 for none.
    starts = n_nodes + np.arange(n_sources)
    rows = np.concatenate([heads, starts])
    columns = np.concatenate([tails, sources[0::2]])
    weights = np.concatenate([times.astype(float), sources[1::2] + 1.0])
    n = n_nodes + n_sources
    # From head to tail: towards the sources.
    graph = csr_matrix((weights, (rows, columns)), shape=(n, n))
    if graph.nnz != n_arcs + n_sources:
        return "two arcs from one node to another"
    expected = dijkstra(graph, indices=starts, min_only=True)[:n_nodes] - 1
    expected = np.where(np.isfinite(expected), expected, NONE).astype("<u4")
    differ = np.flatnonzero(expected != found)
    if differ.size:
        node = differ[0]
        return f"{differ.size} of {n_nodes} times differ: node {node} {found[node]}, SciPy {expected[node]}"
    reached = int((found != NONE).sum())
    print(f"{n_nodes} nodes, {n_arcs} arcs, {n_sources} sources: {reached} times are SciPy's")
    return None


for path in sys.argv[1:]:
    if message := wrong(path):
        sys.exit(f"{path}: {message}")
