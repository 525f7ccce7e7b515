"""The time from every node to its nearest target: our search beside scipy, networkit and pandana.

    nearest.py OURS COUNTRY ROUNDS [NAME...]  measures beside all peers or those named (run.sh calls it)
    nearest.py --peer NAME COUNTRY OUT        one peer, as OURS does: a search for each line read

Every contender is a process of its own, loaded and prepared beforehand, and they search in turns, so that
what else the machine does weighs on all alike. Each is asked what it is best at: scipy its minimum over
sources, networkit one search from an extra node at no distance of all targets, pandana its own nearest points
of interest on whole numbers (it truncates others) after its contraction, whose time is apart. The arcs
are turned around beforehand where a search runs along them. Making a Python list of an answer is not counted.
"""

import os
import resource
import subprocess
import sys
import time

import numpy as np

UNREACHED = 2**32 - 1


def country(path):
    """first, heads, deciseconds, source nodes; of the arcs as they are driven."""
    numbers = np.fromfile(path, dtype="<u4")
    nodes, arcs, targets = (int(n) for n in numbers[:3])
    parts = np.split(numbers[3:], np.cumsum([nodes + 1, arcs, arcs]))
    assert len(parts[3]) == targets
    return parts


def tails(first):
    return np.repeat(np.arange(len(first) - 1), np.diff(first))


def scipy(path):
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    first, heads, deciseconds, sources = country(path)
    nodes = len(first) - 1
    backward = csr_matrix((deciseconds.astype(float), (heads, tails(first))), shape=(nodes, nodes))
    sources = np.unique(sources)
    return lambda: dijkstra(backward, indices=sources, min_only=True), lambda answer: answer


def networkit(path):
    import networkit

    first, heads, deciseconds, sources = country(path)
    nodes = len(first) - 1
    sources = np.unique(sources)
    start = np.concatenate([heads, np.full(len(sources), nodes)])
    end = np.concatenate([tails(first), sources])
    weight = np.concatenate([deciseconds, np.zeros(len(sources))]).astype(float)
    graph = networkit.GraphFromCoo((weight, (start, end)), n=nodes + 1, weighted=True, directed=True)

    def search():
        run = networkit.distance.Dijkstra(graph, nodes, storePaths=False)
        run.run()
        return run

    def times(run):
        found = np.array(run.getDistances()[:nodes])
        return np.where(found > UNREACHED, np.inf, found)

    return search, times


def pandana(path):
    import pandana
    import pandas as pd

    first, heads, deciseconds, sources = country(path)
    nodes = len(first) - 1
    # Each node at a place of its own, so that a point of interest finds its node.
    x, y = pd.Series(np.arange(nodes) % 1000.0), pd.Series(np.arange(nodes) // 1000.0)
    arcs = pd.DataFrame({"deciseconds": deciseconds.astype(float)})
    network = pandana.Network(
        x, y, pd.Series(tails(first)), pd.Series(heads.astype(np.int64)), arcs, twoway=False
    )
    at = np.unique(sources)
    farthest = 50_000
    network.set_pois("targets", farthest, 1, x.iloc[at], y.iloc[at])

    def times(found):
        found = found[1].to_numpy()
        return np.where(found >= farthest, np.inf, found)

    return lambda: network.nearest_pois(farthest, "targets", num_pois=1), times


PEERS = {"scipy": scipy, "networkit": networkit, "pandana": pandana}


def peer(name, path, out):
    # Some libraries print: what they say goes beside the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    began = time.perf_counter()
    search, times = PEERS[name](path)
    print(f"{time.perf_counter() - began:.6f}", file=answers)
    answer = None
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = search()
        print(f"{time.perf_counter() - wall:.6f} {time.process_time() - cpu:.6f}", file=answers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    found = np.asarray(times(answer))
    np.where(np.isinf(found), UNREACHED, found).round().astype("<u4").tofile(out)
    print(f"{peak:.1f}", file=answers)


class Contender:
    def __init__(self, name, command, out):
        self.name, self.out, self.took = name, out, []
        pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        self.process = subprocess.Popen([*command, out], **pipe)
        self.prepared = float(self.process.stdout.readline())

    def search(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.took.append([float(n) for n in self.process.stdout.readline().split()])

    def finish(self):
        self.process.stdin.close()
        self.megabytes = float(self.process.stdout.readline())
        self.process.wait()
        self.times = np.fromfile(self.out, dtype="<u4")


def measure(ours, path, rounds, names):
    contenders = [Contender("ours", [ours, path], f"{path}.ours")]
    for name in names:
        command = [sys.executable, __file__, "--peer", name, path]
        contenders.append(Contender(name, command, f"{path}.{name}"))
    for _ in range(rounds):
        for contender in contenders:
            contender.search()
    for contender in contenders:
        contender.finish()
    our = contenders[0]
    for contender in contenders:
        assert contender.name != "scipy" or np.array_equal(contender.times, our.times), "scipy finds other times"
    print(f"{len(our.times)} nodes, medians of {rounds} searches in turns; equal: nodes whose time is ours")
    print(f"{'':12}{'prepare s':>10}{'search s':>10}{'cpu s':>9}{'x ours':>9}{'x cpu':>8}{'MB':>7}  equal")
    for contender in contenders:
        wall, cpu = np.median(contender.took, axis=0)
        # Of each round, so that what slowed a round slows both sides of its ratio.
        ratio = np.median(np.array(contender.took) / np.array(our.took), axis=0)
        equal = np.count_nonzero(contender.times == our.times)
        print(
            f"{contender.name:12}{contender.prepared:10.2f}{wall:10.3f}{cpu:9.3f}{ratio[0]:9.1f}{ratio[1]:8.1f}"
            f"{contender.megabytes:7.0f}  {equal}"
        )


if __name__ == "__main__":
    if sys.argv[1] == "--peer":
        peer(*sys.argv[2:5])
    else:
        measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:] or list(PEERS))
