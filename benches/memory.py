"""Resident memory of a server after each step of one session, as a Markdown table; all of France has a goal of 500 MB.

    cargo build --release --package cli
    target/release/maillage build tests/atlases/france.toml --out DIR
    benches/memory.py DIR

MAILLAGE=PROGRAM serves with another binary than target/release/maillage. Linux only: it reads /proc.
"""

import http.client
import os
import socket
import subprocess
import sys
import time

STEPS = [
    ("a tile of areas of each zoom from 9 to 12", [
        "/tiles/regions,departements,epcis,communes/9/259/176",
        "/tiles/regions,departements,epcis,communes/10/518/352",
        "/tiles/regions,departements,epcis,communes/11/1037/704",
        "/tiles/regions,departements,epcis,communes/12/2074/1409",
    ]),
    ("two tiles of cells, z9 and z10", ["/tiles/cells/9/259/176", "/tiles/cells/10/518/352"]),
    ("the diagnosis of the whole country", ["/api/territories/france"]),
    ("communes, then cells, on foot", ["/tiles/communes/7/64/44?mode=walk", "/tiles/cells/9/259/176?mode=walk"]),
    ("communes within 1 to 40 minutes", [f"/tiles/communes/7/64/44?minutes={m}" for m in range(1, 41)]),
]


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def ready(port):
    try:
        return get(port, "/ready") == 200
    except OSError:
        return False


def megabytes(pid, name):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name)) / 1024


def seconds_of_processor(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until_idle(pid):
    before = -1.0
    while (now := seconds_of_processor(pid)) - before > 0.02:
        before = now
        time.sleep(1)


def main(atlas):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = os.environ.get("MAILLAGE", "target/release/maillage")
    server = subprocess.Popen([program, "serve", atlas, "--listen", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    try:
        start = time.monotonic()
        while not ready(port):
            time.sleep(0.02)
        print("| after | MB |\n|---|---|")
        print(f"| ready, {time.monotonic() - start:.1f} s after the start | {megabytes(server.pid, 'VmRSS'):.0f} |")
        until_idle(server.pid)
        made = f"the first view, made in {seconds_of_processor(server.pid):.0f} s of processor"
        print(f"| {made} | {megabytes(server.pid, 'VmRSS'):.0f} |")
        for name, paths in STEPS:
            for path in paths:
                status = get(port, path)
                assert status == 200, f"{path}: {status}"
            print(f"| {name} | {megabytes(server.pid, 'VmRSS'):.0f} |")
        print(f"| at most | {megabytes(server.pid, 'VmHWM'):.0f} |")
    finally:
        server.kill()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
