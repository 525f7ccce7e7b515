"""Builds archives of the communes with each tool, in turns: seconds, memory, size. tiles.sh calls it."""

import os
import statistics
import subprocess
import sys
import threading
import time

from tiles_bench import PEERS, TABLES, WORK, archive, communes, keep

ROUNDS = int(os.environ.get("ROUNDS", 5))
SLOW = float(os.environ.get("SLOW", 60))
lines, collection = communes()

FREESTILER = """
import sys, geopandas, freestiler
communes = geopandas.read_file(sys.argv[1], use_arrow=False)
low, high = map(int, sys.argv[3:])
freestiler.freestile(communes, sys.argv[2], layer_name="communes", min_zoom=low, max_zoom=high, quiet=True)
"""


def tippecanoe(*flags):
    (program,) = PEERS.glob("venv/lib/python3*/site-packages/cubao_tippecanoe/__cubao_tippecanoe_tippecanoe.exe")
    return lambda out, low, high: [
        program, "-o", out, f"-Z{low}", f"-z{high}", "-l", "communes", "--read-parallel", "--force", "--quiet",
        *flags, lines,
    ]  # fmt: skip


def versatiles(out, low, high):
    pipeline = WORK / f"communes-{low}-{high}.vpl"
    # No cap: past its usual one of 1 MB a tile would be dropped.
    source = f'filename="{lines}" layer_name="communes" min_zoom={low} max_zoom={high} max_tile_bytes=none'
    pipeline.write_text(f"from_geo {source}\n", encoding="utf-8")
    return [PEERS / "bin/versatiles", "convert", pipeline, out]


def ours(out, low, high):
    whole = ["--whole"] if (low, high) == TABLES["whole"] else ["--min-zoom", low, "--max-zoom", high]
    return [os.environ["PYRAMID"], lines, "-o", out, *whole]


TOOLS = {
    "maillage": ours,
    "versatiles": versatiles,
    "freestiler": lambda out, low, high: [sys.executable, "-c", FREESTILER, lines, out, low, high],
    # The flags that keep a coverage best (tiles.md, § 2.2), and none.
    "tippecanoe": tippecanoe("--no-simplification-of-shared-nodes", "--coalesce-smallest-as-needed", "--generate-ids"),
    "tippecanoe-default": tippecanoe("--generate-ids"),
}
# At low zoom its defaults leave holes of a quarter of the country: out of the table of the pyramid.
LEFT_OUT = {("whole", "tippecanoe-default")}


def watch_memory(process, peak):
    """Keeps the most memory a process ever took, in kB, until it ends: that of `wait4` is at least our own, of which
    it is born."""
    while True:
        try:
            with open(f"/proc/{process}/status", encoding="utf-8") as status:
                found = [int(line.split()[1]) for line in status if line.startswith("VmHWM")]
        except OSError:
            return
        if not found:
            return
        peak[0] = max(peak[0], found[0])
        time.sleep(0.02)


def build(table, tool):
    """Seconds by the clock, seconds of processor and memory in MB at most of one build."""
    out = archive(table, tool)
    out.unlink(missing_ok=True)
    command = [str(word) for word in TOOLS[tool](out, *TABLES[table])]
    with open(WORK / f"{table}-{tool}.log", "wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log)
        watch = threading.Thread(target=watch_memory, args=(process.pid, peak := [0]))
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not out.exists():
        sys.exit(f"{' '.join(command)}: {process.returncode}, see {log.name}")
    return seconds, used.ru_utime + used.ru_stime, peak[0] / 1024


results = {}
for table in TABLES:
    tools = [tool for tool in TOOLS if (table, tool) not in LEFT_OUT]
    runs = {tool: [] for tool in tools}
    for turn in range(ROUNDS):
        for tool in tools:
            if turn < 2 or runs[tool][0][0] <= SLOW:
                runs[tool].append(build(table, tool))
                print(f"{table} {tool}: {runs[tool][-1][0]:.2f} s", file=sys.stderr)
    results[table] = {
        tool: {
            "seconds": [round(seconds, 3) for seconds, _, _ in measured],
            "median": statistics.median(seconds for seconds, _, _ in measured),
            "processor": statistics.median(processor for _, processor, _ in measured),
            "memory": max(memory for _, _, memory in measured),
            "size": archive(table, tool).stat().st_size / 1e6,
        }
        for tool, measured in runs.items()
    }
    keep("build", results)
