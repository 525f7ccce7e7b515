"""Time places by venues beside OSRM's tables; prints Markdown. See README.md."""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import compare
import engines
import sample

CHUNKS = (25, 100, 250, 500, 1_000, 2_500, 5_000)  # places of one table request, tried once
TRIED = 3  # of these, the quickest are measured, and the best is kept
OURS = Path(os.environ.get("CARGO_TARGET_DIR", engines.HERE.parents[1] / "target")) / "release" / "table_times"
TICKS = os.sysconf("SC_CLK_TCK")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--roads", type=Path, default=os.environ.get("MAILLAGE_ROADS", compare.ROADS))
    options.add_argument("--work", type=Path, default=compare.ROOT / "target" / "engines")
    options.add_argument("--extract", choices=compare.EXTRACTS, default="Porto")
    options.add_argument("--places", type=int, default=5_000)
    options.add_argument("--venues", type=int, default=100)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()
    options.work = options.work.resolve()
    try:
        python, osrm = engines.fetch(options.work)
        if Path(sys.prefix).resolve() != (options.work / "venv").resolve():
            os.execv(python, [python, __file__, *sys.argv[1:]])
        measure(options, osrm)
    except engines.Unavailable as reason:
        sys.exit(f"OSRM cannot be compared with: {reason}")


def measure(options, programs):
    build = ["cargo", "build", "--release", "-p", "maillage-benches", "--bin", "table_times"]
    engines.run(build, cwd=compare.ROOT)
    pbf = Path(options.roads).resolve() / compare.EXTRACTS[options.extract]
    folder, _ = compare.folders(options.work, pbf)
    sample.POINTS = options.places + options.venues
    points = sample.street_points(pbf)
    venues, places = points[: options.venues], points[options.venues :]
    files = [folder / f"table-{name}.csv" for name in ("places", "venues", "ours")]
    compare.write(files[0], places)
    compare.write(files[1], venues)
    ours = Ours(pbf, *files)
    with engines.Osrm(folder, programs, pbf, "car") as osrm:
        usable, times = [], None
        for chunk in sorted({min(chunk, len(places)) for chunk in CHUNKS}):
            urls = requests(places, venues, chunk)
            cpu = processor(osrm.server.pid)
            found = ask(osrm, urls)  # also warms it
            if found is None:
                compare.say(f"OSRM refuses requests of {chunk} places")
                continue
            usable.append((processor(osrm.server.pid) - cpu, chunk, urls))
            times = [row for body in found for row in json.loads(body)["durations"]]
        usable = [(chunk, urls) for _, chunk, urls in sorted(usable)[:TRIED]]
        if not usable:
            raise engines.Unavailable("it refuses every table")
        took = {name: [] for name in ("matrix", "nearest", *(chunk for chunk, _ in usable))}
        ours.do("matrix"), ours.do("nearest")
        for _ in range(options.rounds):
            for job in ("matrix", "nearest"):
                took[job].append(ours.do(job))
            for chunk, urls in usable:
                took[chunk].append(clocked(osrm, urls))
        peak = memory(osrm.server.pid)
    ours_mb = ours.finish()
    report(options, places, venues, took, [chunk for chunk, _ in usable], (ours_mb, peak))
    agree(times, [[compare.number(cell) for cell in row] for row in compare.read(files[2])])


def report(options, places, venues, took, chunks, megabytes):
    middle = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in took.items()}
    best = min(chunks, key=lambda chunk: middle[chunk][0])
    load = os.getloadavg()[0]
    print(f"{options.extract}: {len(places)} places by {len(venues)} venues, one thread each, load {load:.1f};")
    print(f"medians of {options.rounds} rounds in turns; OSRM with {best} places a request, its best\n")

    def against(job, axis):
        return statistics.median(theirs[axis] / mine[axis] for theirs, mine in zip(took[best], took[job]))

    rows = [("OSRM, table", *middle[best], 1, 1, megabytes[1])]
    for job, name in (("matrix", "ours, all pairs"), ("nearest", "ours, the nearest venue")):
        rows.append((name, *middle[job], against(job, 0), against(job, 1), megabytes[0]))
    print("| | s | s of processor | times faster | by processor | MB |\n|---|---|---|---|---|---|")
    for name, wall, cpu, ratio, cpu_ratio, mb in rows:
        print(f"| {name} | {wall:.3f} | {cpu:.3f} | {ratio:.1f} | {cpu_ratio:.1f} | {mb:.0f} |")
    sizes = ", ".join(f"{chunk}: {middle[chunk][0]:.3f}" for chunk in chunks)
    print(f"\nOSRM by places a request, s: {sizes}")


def agree(theirs, ours):
    """How many pairs each has no way for, and how the two tables differ: they must be of the same places."""
    import numpy

    a, b = (numpy.array(rows, dtype=float) for rows in (ours, theirs))
    both = numpy.isfinite(a) & numpy.isfinite(b) & (b > 60)
    ratio = numpy.median(a[both] / b[both])
    print(f"No way: ours {numpy.isnan(a).sum()}, OSRM {numpy.isnan(b).sum()} of {a.size} pairs; ", end="")
    print(f"median ratio of the times {ratio:.3f}, correlation {numpy.corrcoef(a[both], b[both])[0, 1]:.4f}")


# OSRM


def requests(places, venues, chunk):
    """The paths of all requests, written beforehand."""
    urls = []
    for start in range(0, len(places), chunk):
        some = places[start : start + chunk]
        where = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in some + venues)
        sources = ";".join(str(i) for i in range(len(some)))
        targets = ";".join(str(len(some) + i) for i in range(len(venues)))
        urls.append(
            f"/table/v1/x/{where}?generate_hints=false&skip_waypoints=true&sources={sources}&destinations={targets}"
        )
    return urls


def ask(osrm, urls):
    """The bodies of all answers over one connection, unparsed; none when one is refused."""
    bodies = []
    for url in urls:
        for attempt in (1, 2):  # the server closes a connection after a number of requests
            try:
                osrm.http.request("GET", url)
                answer = osrm.http.getresponse()
                body = answer.read()
                break
            except (http.client.HTTPException, OSError):
                osrm.http.close()
                if attempt == 2:
                    return None
        if answer.status != 200:
            return None
        bodies.append(body)
    return bodies


def clocked(osrm, urls):
    """Seconds until the last byte has come, and seconds of the server's processor."""
    cpu, wall = processor(osrm.server.pid), time.perf_counter()
    if ask(osrm, urls) is None:
        raise engines.Unavailable("osrm-routed refused what it had answered")
    wall = time.perf_counter() - wall
    return wall, processor(osrm.server.pid) - cpu


def processor(pid):
    """Seconds a process has run, to the hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid):
    """The most memory a process has held, MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1e3


# Ours


class Ours:
    def __init__(self, pbf, places, venues, times):
        pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        self.process = subprocess.Popen([OURS, pbf, places, venues, times], **pipe)
        self.prepared = float(self.process.stdout.readline())

    def do(self, job):
        """Seconds of the clock and of the processor."""
        self.process.stdin.write(f"{job}\n")
        self.process.stdin.flush()
        wall, cpu, _ = self.process.stdout.readline().split()
        return float(wall), float(cpu)

    def finish(self):
        self.process.stdin.close()
        megabytes = float(self.process.stdout.readline())
        self.process.wait()
        return megabytes


if __name__ == "__main__":
    main()
