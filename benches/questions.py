"""Times questions nobody asked before, over HTTP, on the sample region with estimated times.

    python3 benches/questions.py [BINARY] [N]

Starts `BINARY serve` (target/release/maillage) on a free port, asks N (300) distinct questions of each kind, one
after the other, and prints the median, the 99th percentile and the worst in milliseconds, and the memory of the
server before and after. Each question has another filter, time, mode or promise: none is in a cache.
"""

import itertools
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SERVICES = [
    "acces-internet-et-materiel-informatique",
    "aide-aux-demarches-administratives",
    "maitrise-des-outils-numeriques-du-quotidien",
    "comprehension-du-monde-numerique",
]
FEES = ["free", "conditional", "paid", "membership", "pass-numerique"]
PUBLICS = ["jeunes", "familles-et-ou-enfants", "seniors"]
DAYS = ["mo", "tu", "we", "th", "fr", "sa"]

KINDS = {
    "minutes and people beyond, every commune": "/api/collections/communes/items?limit=1&",
    "diagnosis of the region, its zones included": "/api/territories/region:84?",
    "underserved zones with their outlines": "/api/zones?limit=10000&",
}


def questions(n, seed):
    """N distinct questions: every filter of a venue, then its combinations, in a random order."""
    opens = [f"open={day}-{hour:02}:00" for day in DAYS for hour in range(8, 19)] + ["open=saturday", "open=evening"]
    fees = [f"fee={fee}" for fee in FEES]
    services = [f"service={service}" for service in SERVICES]
    publics = [f"public={public}" for public in PUBLICS]
    pairs = [f"{a}&{b}" for a, b in itertools.product(opens, fees + services + publics)]
    asked = opens + fees + services + publics + pairs
    random.Random(seed).shuffle(asked)
    assert len(set(asked)) == len(asked) >= n
    return asked[:n]


def memory(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else REPOSITORY / "target/release/maillage"
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    process = subprocess.Popen(
        [binary, "serve", "--listen", "127.0.0.1:0"], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    try:
        base = process.stdout.readline().strip().rsplit(" ", 1)[-1].rstrip("/")
        while True:
            try:
                urllib.request.urlopen(f"{base}/ready").read()
                break
            except urllib.error.HTTPError:
                time.sleep(0.1)
        # What every question shares is made once: that is the start of the server, not a question.
        for address in KINDS.values():
            urllib.request.urlopen(base + address + "minutes=21").read()
        print(f"memory before: {memory(process)} MB")
        for seed, (kind, address) in enumerate(KINDS.items()):
            times = []
            for question in questions(n, seed):
                began = time.perf_counter()
                urllib.request.urlopen(f"{base}{address}{question}&minutes={15 + seed}").read()
                times.append((time.perf_counter() - began) * 1000)
            times.sort()
            p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            print(f"{kind}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {times[-1]:.1f} ms ({n} questions)")
        print(f"memory after: {memory(process)} MB")
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
