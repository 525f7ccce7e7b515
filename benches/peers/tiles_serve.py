"""Requests a second and cold tiles of our server beside martin's and versatiles', in turns. tiles.sh calls it.

Peers serve one archive, that of our whole pyramid, so that what they send weighs what ours does, and the communes as
GeoJSON; ours serves the atlas of all France, and makes its tiles itself. Same client, `wrk -t2 -c16 -d5s`, on the same
cores. Every tile is asked for once in every encoding before it is timed, but in the cold turn: one connection asks a
new server for each tile once, when it has come to rest. Ours makes the tiles of its first view by then, zooms 0 to 8 of
the usual question: up to zoom 8 it is asked for another number of minutes, so that no tile is there.
"""

import http.client
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

from tiles_bench import PEERS, REPOSITORY, WORK, Archive, archive, communes, keep

ROUNDS = int(os.environ.get("SERVE_ROUNDS", 5))
MAILLAGE = os.environ["MAILLAGE"]
CONFIG = os.environ.get("MAILLAGE_CONFIG", REPOSITORY / "tests/atlases/france.toml")
ENCODINGS = ["gzip", "br", "identity"]
LIKE = 49_000  # bytes, gzip: the tile of the figures of tiles.md
MIX = 459
COLD = 300
ANOTHER_QUESTION = "?minutes=23"  # answered by ours alone

lines, collection = communes()
pyramid = archive("whole", "maillage")
served = WORK / "communes.pmtiles"
if not served.exists() or served.stat().st_mtime < pyramid.stat().st_mtime:
    shutil.copyfile(pyramid, served)
vpl = WORK / "communes.vpl"
vpl.write_text(f'from_geo filename="{lines}" layer_name="communes" min_zoom=0 max_zoom=12 max_tile_bytes=none\n')
atlas = WORK / "atlas"
if not atlas.exists():
    subprocess.run([MAILLAGE, "build", CONFIG, "--out", atlas], check=True, capture_output=True, cwd=REPOSITORY)

OURS = "/tiles/regions,departements,epcis,communes/{}/{}/{}"
SERVERS = {
    "maillage": ([MAILLAGE, "serve", atlas, "--listen", "127.0.0.1:8181"], 8181, "/ready", OURS),
    "martin": (
        [PEERS / "bin/martin", "--cache-size", "512", "--listen-addresses", "127.0.0.1:8182", served],
        8182, "/health", "/communes/{}/{}/{}",
    ),
    "versatiles": (
        [PEERS / "bin/versatiles", "serve", "--ip", "127.0.0.1", "--port", "8183", served],
        8183, "/tiles/index.json", "/tiles/communes/{}/{}/{}",
    ),
    "martin-geojson": (
        [PEERS / "bin/martin", "--cache-size", "512", "--listen-addresses", "127.0.0.1:8184", collection],
        8184, "/health", "/communes/{}/{}/{}",
    ),
    "versatiles-geojson": (
        [PEERS / "bin/versatiles", "serve", "--ip", "127.0.0.1", "--port", "8185", vpl],
        8185, "/tiles/index.json", "/tiles/communes/{}/{}/{}",
    ),
}  # fmt: skip
if "SERVERS" in os.environ:
    SERVERS = {name: SERVERS[name] for name in os.environ["SERVERS"].split(",")}
ARCHIVED = ["maillage", "martin", "versatiles"]


class Running:
    """A server of its own process, ready to answer; stopped at the end of a `with`."""

    def __init__(self, name):
        command, self.port, ready, self.path = SERVERS[name]
        self.log = open(WORK / f"{name}.log", "wb")
        words = [str(word) for word in command]
        self.process = subprocess.Popen(words, stdout=self.log, stderr=self.log, cwd=REPOSITORY)
        for _ in range(600):
            try:
                if self.ask(ready)[0] < 500:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.process.kill()
        sys.exit(f"{name} does not answer, see {self.log.name}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, path, encoding="gzip", connection=None):
        """Status, bytes sent and the encoding they are in."""
        link = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = link.getresponse()
        body = answer.read()
        if connection is None:
            link.close()
        return answer.status, len(body), answer.headers.get("Content-Encoding", "identity")

    def memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def rest(self):
        """Waits until the server takes no more processor: what it does at its start is done."""
        before = -1.0
        while (now := self.processor()) - before > 0.02:
            before = now
            time.sleep(1)

    def processor(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wrk(self, encoding, paths):
        """Requests a second and the 99th percentile in milliseconds."""
        script = WORK / "paths.lua"
        listed = ",".join(f'"{path}"' for path in paths)
        script.write_text(
            f"local paths={{{listed}}}\nlocal i=math.random(#paths)\n"
            "request=function() i=i%#paths+1; return wrk.format('GET',paths[i]) end\n"
        )
        command = ["wrk", "-t2", "-c16", "-d5s", "--latency", "-s", script, "-H", f"Accept-Encoding: {encoding}",
                   f"http://127.0.0.1:{self.port}"]  # fmt: skip
        said = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in said, said
        late = re.search(r"99%\s+([0-9.]+)(us|ms|s|m)", said)
        unit = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}[late[2]]
        return float(re.search(r"Requests/sec:\s*([0-9.]+)", said)[1]), float(late[1]) * unit


def choose():
    """The tile of each server whose gzip is nearest to 49 kB, and the tiles of the mix and of the cold turn."""
    tiles = sorted(Archive(served).sizes().items())
    rng = random.Random(20261122)
    from_5 = [at for at, _ in tiles if at[0] >= 5]
    mix = sorted(rng.sample(from_5, min(MIX, len(from_5))))
    from_9 = [at for at, _ in tiles if at[0] >= 9]
    cold = {"9-12": rng.sample(from_9, min(COLD, len(from_9)))}
    cold |= {str(z): [at for at, _ in tiles if at[0] == z] for z in range(9)}
    # What we serve beside the shapes may weigh more or less than what the archive holds.
    near = sorted((abs(size - LIKE), at) for at, size in tiles if at[0] >= 7 and LIKE / 4 < size < 4 * LIKE)
    near = [at for _, at in near]
    return mix, cold, near[:12] + rng.sample(near[12:], min(48, len(near[12:])))


def like(server, candidates):
    """Of the candidates, the one that weighs nearest to 49 kB on this server, and its weights by encoding."""
    sizes = {at: server.ask(server.path.format(*at)) for at in candidates}
    at = min(candidates, key=lambda at: abs(sizes[at][1] - LIKE) if sizes[at][0] == 200 else 1e9)
    weights = {}
    for encoding in ENCODINGS:
        status, size, sent = server.ask(server.path.format(*at), encoding)
        weights[encoding] = [size, sent]
        assert status == 200, (at, encoding, status)
    return at, weights


def percentile(times, hundredths):
    return sorted(times)[min(len(times) - 1, int(len(times) * hundredths / 100))]


mix, cold, candidates = choose()
results = {name: {"cold": {}, "one": {}, "mix": {}} for name in SERVERS}

# Cold: a new server for each turn, one connection, each tile once, the closest zooms first.
for name in SERVERS:
    with Running(name) as server:
        server.rest()
        results[name]["memory_at_start"] = server.memory()
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for zooms, tiles in cold.items():
            times = []
            asked = ANOTHER_QUESTION if name == "maillage" and zooms != "9-12" else ""
            if asked and "question" not in results[name]:
                began = time.perf_counter()
                server.ask(server.path.format(*cold["9-12"][0]) + asked)
                results[name]["question"] = 1000 * (time.perf_counter() - began)
            for at in tiles:
                began = time.perf_counter()
                status, _, _ = server.ask(server.path.format(*at) + asked, "gzip", link)
                times.append(1000 * (time.perf_counter() - began))
                assert status in (200, 204, 404), (name, at, status)
            if times:
                found = {"n": len(times), "median": statistics.median(times), "worst": max(times)}
                results[name]["cold"][zooms] = found | {"p99": percentile(times, 99)}
        results[name]["memory_after"] = server.memory()
    print(f"{name}: cold", file=sys.stderr)
    keep("serve", results)

# Warm, in turns; servers of archives in each encoding, those of GeoJSON in gzip.
for turn in range(ROUNDS):
    for name in SERVERS:
        with Running(name) as server:
            at, weights = like(server, candidates)
            results[name]["tile"] = {"at": "/".join(map(str, at)), "weights": weights}
            for encoding in ENCODINGS if name in ARCHIVED else ["gzip"]:
                for kind, tiles in [("one", [at]), ("mix", mix)] if name in ARCHIVED else [("one", [at])]:
                    paths = [server.path.format(*tile) for tile in tiles]
                    for path in paths:
                        server.ask(path, encoding)
                    results[name][kind].setdefault(encoding, []).append(server.wrk(encoding, paths))
            results[name]["memory_warm"] = server.memory()
        print(f"{name}: turn {turn + 1}", file=sys.stderr)
        keep("serve", results)
