"""Requests a second of the same page of features on several servers, in turns.

    items.py ROUNDS NAME=ADDRESS...    (items.sh calls it)

Checks that each answers the same page, then runs wrk on each in turns, so that what else the machine does
weighs on all alike; prints every rate, the medians, and the ratio of the first to each other.
"""

import json
import re
import statistics
import subprocess
import sys
import time
import urllib.request

rounds = int(sys.argv[1])
contenders = [argument.split("=", 1) for argument in sys.argv[2:]]


def features(address):
    for _ in range(120):
        try:
            with urllib.request.urlopen(address) as answer:
                return json.load(answer)["features"]
        except OSError as error:
            failure = error
            time.sleep(0.5)
    sys.exit(f"{address}: {failure}")


pages = {name: features(address) for name, address in contenders}
codes = {name: sorted(feature["properties"]["code"] for feature in page) for name, page in pages.items()}
assert all(len(page) == 10 for page in pages.values()), codes
assert all(listed == codes[contenders[0][0]] for listed in codes.values()), codes
fields = {name: len(page[0]["properties"]) for name, page in pages.items()}
print(f"the same ten communes from each; attributes: {fields}")

rates = {name: [] for name, _ in contenders}
for _ in range(rounds):
    for name, address in contenders:
        said = subprocess.run(["wrk", "-t2", "-c32", "-d5s", address], capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in said and "Socket errors" not in said, f"{name}: {said}"
        rates[name].append(float(re.search(r"Requests/sec:\s*([0-9.]+)", said)[1]))
first = contenders[0][0]
for name, measured in rates.items():
    median = statistics.median(measured)
    ratio = statistics.median(rates[first]) / median
    print(f"{name}: {median:,.0f} requests/s (median of {[round(rate) for rate in measured]}); {first} × {ratio:.0f}")
