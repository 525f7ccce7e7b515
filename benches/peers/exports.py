"""Exports beside `ogr2ogr`, which converts the same features from a FlatGeobuf of ours: `exports.py MAILLAGE ATLAS`.

MAILLAGE is a release binary, ATLAS an atlas of France. Each case runs five times, ours and theirs in turn; medians.
Ours reads the atlas and answers the question first: `opening`, the time to export the régions as CSV, is taken off in the
column «written», and not in the column «all». Memory is the most that the process held. All files are in memory
(`/dev/shm`): ours are flushed to disk before they take their name, theirs are not, and a shared disk has its moods.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

MAILLAGE, ATLAS = sys.argv[1:]
RUNS = 5


def timed(command):
    """Seconds, and the most megabytes held, of a command that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - began, used.ru_maxrss / 1024


def ours(layer, form, path):
    return [MAILLAGE, "export", layer, "--atlas", ATLAS, "--format", form, "-o", path]


def theirs(source, driver, path):
    if os.path.exists(path):
        os.remove(path)
    return ["ogr2ogr", "-f", driver, path, source]


def main():
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        os.environ["TMPDIR"] = folder
        source = {}
        for layer in ("communes", "cells"):
            source[layer] = f"{folder}/{layer}-source.fgb"
            timed(ours(layer, "fgb", source[layer]))
        opening = statistics.median(timed(ours("regions", "csv", f"{folder}/r.csv"))[0] for _ in range(RUNS))
        print(f"Opening the atlas and answering: {opening:.2f} s\n")
        print("| layer | format | ours, all | ours, written | ours, MB | ogr2ogr | ogr2ogr, MB | written: × |")
        print("|---|---|---|---|---|---|---|---|")
        cases = [("communes", "fgb", "FlatGeobuf"), ("communes", "gpkg", "GPKG"), ("cells", "gpkg", "GPKG"), ("cells", "fgb", "FlatGeobuf")]
        for layer, form, driver in cases:
            pairs = []
            for _ in range(RUNS):
                mine = timed(ours(layer, form, f"{folder}/ours.{form}"))
                pairs.append((mine, timed(theirs(source[layer], driver, f"{folder}/theirs.{form}"))))
            mine = statistics.median(pair[0][0] for pair in pairs)
            other = statistics.median(pair[1][0] for pair in pairs)
            memory = [max(pair[side][1] for pair in pairs) for side in (0, 1)]
            written = mine - opening
            print(
                f"| {layer} | {form} | {mine:.2f} s | {written:.2f} s | {memory[0]:.0f} | {other:.2f} s | {memory[1]:.0f} "
                f"| {other / written:.1f} |"
            )


main()
