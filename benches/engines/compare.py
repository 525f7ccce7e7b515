"""Compare our road times with those of OSRM and Valhalla; prints Markdown. See README.md."""

import argparse
import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import engines
import sample

ROOT = engines.HERE.parents[1]
ROADS = ROOT.parent / "shared" / "data" / "roads"
EXTRACTS = {
    "Toulouse": "toulouse.osm.pbf",
    "Porto": "porto_portugal_r5.osm.pbf",
    "Liechtenstein": "liechtenstein_valhalla.osm.pbf",
    "Malta": "malta-latest_2016.osm.pbf",
}
DRIVES_LEFT = {"malta-latest_2016.osm.pbf"}
REFERENCE = {"car": "osrm", "bike": "valhalla", "foot": "valhalla"}  # what profiles are tuned to; the other is reported
OTHER = {"osrm": "valhalla", "valhalla": "osrm"}
TIE_S = 1.0  # two venues as near as that are equally near
OURS = ROOT / "target" / "release" / "route_times"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--roads", type=Path, default=os.environ.get("MAILLAGE_ROADS", ROADS), help="folder of the extracts"
    )
    options.add_argument(
        "--work", type=Path, default=ROOT / "target" / "engines", help="where engines and times are kept"
    )
    options.add_argument("--extract", action="append", choices=EXTRACTS, help="only this one (may be repeated)")
    options.add_argument("--mode", action="append", choices=engines.MODES, help="only this one (may be repeated)")
    options.add_argument("--half", choices=("test", "calibration"), default="test", help="odd pairs, or even ones")
    options.add_argument("--engines-only", action="store_true", help="leave our times out")
    options = options.parse_args()
    options.work = options.work.resolve()
    try:
        python, osrm = engines.fetch(options.work)
        if Path(sys.prefix).resolve() != (options.work / "venv").resolve():
            os.execv(python, [python, __file__, *sys.argv[1:]])
        compare(options, osrm)
    except engines.Unavailable as reason:
        sys.exit(f"The engines cannot be compared with: {reason}")  # exit code 1


def compare(options, osrm):
    if not options.engines_only:
        engines.run(["cargo", "build", "--release", "-p", "maillage-benches", "--bin", "route_times"], cwd=ROOT)
    modes, times, venues = options.mode or engines.MODES, [], []
    for name in options.extract or EXTRACTS:
        pbf = Path(options.roads).resolve() / EXTRACTS[name]
        data, folder = folders(options.work, pbf)
        if not (folder / "complete").exists():
            ask_engines(pbf, data, folder, osrm)
        for mode in modes:
            times += time_rows(name, pbf, folder, mode, options)
        if "car" in modes:
            venues += venue_rows(name, pbf, folder, options)
    print(f"Times, {options.half} half (ratio = the first over the second)\n")
    print_table(
        (
            "extract",
            "mode",
            "times of",
            "over",
            "pairs",
            "no route",
            "median",
            "5 %",
            "95 %",
            "correlation",
            "median error",
        ),
        times,
    )
    print(
        f"\nNearest of {sample.VENUES} venues by car, {options.half} half of the origins"
        " (regret: seconds lost by going where the first says, by the second's clock)\n"
    )
    print_table(
        (
            "extract",
            "times of",
            "over",
            "origins",
            "same venue",
            "tie within 1 s",
            "regret 95 %",
            "median ratio",
            "correlation",
        ),
        venues,
    )


def folders(work, pbf):
    """Where the engines' data for these roads are kept, and the times asked of them for this sample."""
    wheels = [engines.HERE / name for name in ("requirements.txt", "requirements-osrm.txt")]
    data = work / f"{pbf.name.partition('.')[0]}-{digest(pbf, *wheels)}"
    return data, data / f"times-{digest(engines.HERE / 'sample.py')}"


def digest(*files):
    """A short name for what these files hold."""
    try:
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
    except OSError as missing:
        raise engines.Unavailable(missing) from None


# Asking the engines, once


def ask_engines(pbf, data, folder, osrm_programs):
    """Write the pairs and times of each mode, the venues, the origins and the engines' two matrices.

    A line of <mode>.csv: two longitudes and latitudes, then seconds and metres of OSRM, and of Valhalla.
    """
    say(f"{pbf.name}: building the engines' data")
    folder.mkdir(parents=True, exist_ok=True)
    valhalla = engines.Valhalla(data, pbf, pbf.name in DRIVES_LEFT)
    candidates = sample.street_points(pbf)
    for mode in engines.MODES:
        with engines.Osrm(data, osrm_programs, pbf, mode) as osrm:
            points = [p for p in candidates if osrm.snap_distance(p) <= sample.SNAP_M]
            snaps = valhalla.snap_distances(points, mode)
            points = [p for p, distance in zip(points, snaps) if distance <= sample.SNAP_M]
            pairs = sample.pairs(points, mode)
            say(f"{pbf.name}, {mode}: {len(points)} of {len(candidates)} points on a road of both, {len(pairs)} pairs")
            rows = []
            for pair in pairs:
                osrm_time, valhalla_time = osrm.route(pair), valhalla.route(pair, mode)
                rows.append((*pair[0], *pair[1], *(osrm_time or ("", "")), *(valhalla_time or ("", ""))))
            write(folder / f"{mode}.csv", rows)
            if mode == "car":
                venues, origins = sample.venues_and_origins(points)
                write(folder / "origins.csv", origins)
                write(folder / "matrix-osrm.csv", osrm.table(origins, venues))
                write(folder / "matrix-valhalla.csv", valhalla.table(origins, venues, mode))
                write(folder / "venues.csv", venues)
    (folder / "complete").touch()


# Comparing


def time_rows(name, pbf, folder, mode, options):
    """Rows of the first table: ours over both engines, and the engines one over the other."""
    rows = read(folder / f"{mode}.csv")
    seconds = {"osrm": [number(row[4]) for row in rows], "valhalla": [number(row[6]) for row in rows]}
    if not options.engines_only:
        seconds["ours"] = our_times(pbf, mode, [row[:4] for row in rows])
    reference = REFERENCE[mode]
    both = [bool(a and b) for a, b in zip(seconds["osrm"], seconds["valhalla"])]
    half = [i for i in range(len(rows)) if i % 2 == (options.half == "test") and both[i]]
    couples = [("ours", reference), ("ours", OTHER[reference]), (OTHER[reference], reference)]
    table = []
    for first, second in couples:
        if first not in seconds:
            continue
        kept = [i for i in half if seconds[first][i]]
        missing = len(half) - len(kept) if first == "ours" else both[options.half == "test" :: 2].count(False)
        table.append(
            (
                name,
                mode,
                first,
                second,
                len(kept),
                missing,
                *agreement([seconds[first][i] for i in kept], [seconds[second][i] for i in kept]),
            )
        )
    return table


def agreement(first, second):
    """Median, 5 % and 95 % of the ratio, correlation, median absolute error."""
    import numpy

    a, b = numpy.array(first), numpy.array(second)
    if len(a) < 2:
        return ("",) * 5
    ratio = a / b
    low, median, high = numpy.quantile(ratio, (0.05, 0.5, 0.95))
    error = numpy.median(numpy.abs(ratio - 1))
    return f"{median:.3f}", f"{low:.3f}", f"{high:.3f}", f"{numpy.corrcoef(a, b)[0, 1]:.4f}", f"{100 * error:.1f} %"


def venue_rows(name, pbf, folder, options):
    """Rows of the second table: which venue each says is nearest, and how far."""
    matrices = {
        engine: [[number(cell) for cell in row] for row in read(folder / f"matrix-{engine}.csv")] for engine in OTHER
    }
    if not options.engines_only:
        output = engines.run([OURS, "--table", pbf, "car", folder / "origins.csv", folder / "venues.csv"])
        matrices["ours"] = [[number(cell) for cell in row] for row in csv.reader(output.splitlines())]
    table = []
    for first, second in (("ours", "osrm"), ("ours", "valhalla"), ("valhalla", "osrm")):
        if first in matrices:
            table.append((name, first, second, *nearest(matrices[first], matrices[second], options.half)))
    return table


def nearest(first, second, half):
    """Origins, share with the same nearest venue, share tied, regret, ratio and correlation of the times."""
    import numpy

    same = ties = 0
    regrets, times = [], []
    rows = [(a, b) for i, (a, b) in enumerate(zip(first, second, strict=True)) if i % 2 == (half == "test")]
    for a, b in rows:
        if not any(a) or not any(b):
            continue
        mine, theirs = closest(a), closest(b)
        lost = (b[mine] if b[mine] is not None else float("inf")) - b[theirs]
        regrets.append(lost)
        times.append((max(a[mine], TIE_S), max(b[theirs], TIE_S)))
        same += mine == theirs
        ties += mine != theirs and lost <= TIE_S
    n = len(times)
    median, *_, correlation, _ = agreement(*zip(*times))
    return (
        n,
        f"{100 * same / n:.1f} %",
        f"{100 * ties / n:.1f} %",
        f"{numpy.quantile(regrets, 0.95):.0f} s",
        median,
        correlation,
    )


def closest(times):
    return min((i for i, time in enumerate(times) if time is not None), key=times.__getitem__)


def our_times(pbf, mode, pairs):
    """Our seconds for pairs already written as four cells."""
    lines = "".join(",".join(pair) + "\n" for pair in pairs)
    output = subprocess.run([OURS, pbf, engines.OUR_MODE[mode]], input=lines, capture_output=True, text=True)
    if output.returncode != 0:
        raise engines.Unavailable(f"route_times {mode}: {output.stderr.strip()}")
    return [number(line) for line in output.stdout.split("\n")[: len(pairs)]]


def number(cell):
    return float(cell) if cell.strip() else None


# Files and words


def read(path):
    with path.open(newline="") as file:
        return list(csv.reader(file))


def write(path, rows):
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [["" if cell is None else cell for cell in row] for row in rows]
        )
    temporary.rename(path)


def say(words):
    print(words, file=sys.stderr, flush=True)


def print_table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


if __name__ == "__main__":
    main()
