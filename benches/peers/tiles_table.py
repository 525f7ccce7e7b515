"""Prints what tiles.sh measured as Markdown, ready for docs/performance.md."""

import statistics

from tiles_bench import DEPARTEMENT, TABLES, kept

build, quality, serve = kept("build"), kept("quality"), kept("serve")
OURS = "maillage"
TITLES = {"alike": "Communes alone, z7–z12", "whole": "The pyramid, z0–z12"}


def number(value, digits=1):
    return f"{value:,.{digits}f}"


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    row(*cells)
    print("|" + "---|" * len(cells))


def share(hundredths):
    # Below, what cutting with floating numbers leaves.
    return "0" if abs(hundredths) < 1e-9 else f"{hundredths:.2g}"


def times(value, ours, digits):
    """A figure and how many times ours it is."""
    return number(value, digits) if value == ours else f"{number(value, digits)} (× {number(value / ours)})"


def widest(zooms, key):
    """The largest share over all zooms, and at which."""
    found = [(zoom[key], z) for z, zoom in zooms.items() if key in zoom]
    most, z = max(found, default=(0, ""))
    return share(most) if share(most) == "0" else f"{share(most)} (z{z})"


def in_order(of_tools):
    """Ours first, as they were built."""
    order = list(kept("build").get("alike", {}))
    return sorted(of_tools.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))


if DEPARTEMENT:
    print(f"**Only département {DEPARTEMENT}: a try, not a measure.**\n")

for table in TABLES:
    built, judged = build.get(table, {}), quality.get(table, {})
    if built:
        print(f"\n{TITLES[table]}: builds, median of n in turns; of the tiles below, the worst zoom of each.\n")
        head("", "s (× ours)", "n", "processor s", "memory MB", "archive MB", "heaviest tile kB", "holes %", "overlap %",
             "invalid", "at z7")  # fmt: skip
        worst = {
            tool: max((zoom["worst"] for zoom in of["zooms"].values()), default=0) / 1000 for tool, of in judged.items()
        }
        for tool, one in built.items():
            cells = [
                times(one["median"], built[OURS]["median"], 1), len(one["seconds"]), number(one["processor"]),
                times(one["memory"], built[OURS]["memory"], 0), times(one["size"], built[OURS]["size"], 1),
            ]  # fmt: skip
            if tool in judged:
                zooms = judged[tool]["zooms"]
                invalid = sum(zoom.get("invalid", 0) + zoom.get("degenerate", 0) for zoom in zooms.values())
                cells += [times(worst[tool], worst.get(OURS, worst[tool]), 0), widest(zooms, "holes"),
                          widest(zooms, "overlap"), invalid, number(judged[tool]["kept_at_7"], 0)]  # fmt: skip
            row(tool, *cells)
    if judged:
        zooms = range(TABLES[table][0], TABLES[table][1] + 1)
        print(f"\n{TITLES[table]}: the tile of each zoom that most communes stand in.\n")
        for title, key, form in [
            ("holes, % of the ground", "holes", share),
            ("overlaps, % of the ground", "overlap", share),
            ("invalid polygons + rings without area", "invalid", str),
            ("territories drawn", "features", str),
            ("heaviest tile of the zoom, kB gzip", "worst", lambda size: number(size / 1000, 0)),
        ]:
            print(f"{title}:\n")
            head("", *(f"z{z}" for z in zooms))
            for tool, one in in_order(judged):
                cells = []
                for z in zooms:
                    zoom = one["zooms"][str(z)]
                    if key not in zoom:
                        cells.append("–")
                    elif key == "invalid":
                        cells.append(f"{zoom['invalid']}" + (f" + {zoom['degenerate']}" if zoom["degenerate"] else ""))
                    else:
                        cells.append(form(zoom[key]))
                row(tool, *cells)
            print()

if serve:
    rate = {}
    for kind, title in [("one", "one warm tile"), ("mix", "459 tiles of z5–z12")]:
        print(f"\nRequests a second (99th percentile, ms), {title}, `wrk -t2 -c16 -d5s`; × ours over it.\n")
        head("", "gzip", "br", "identity", *(["the tile, kB"] if kind == "one" else []))
        for name, one in serve.items():
            cells = []
            for encoding in ["gzip", "br", "identity"]:
                runs = one[kind].get(encoding)
                if not runs:
                    cells.append("–")
                    continue
                median = statistics.median(requests for requests, _ in runs)
                late = statistics.median(late for _, late in runs)
                rate[kind, name, encoding] = median
                over = "" if name == OURS else f", × {number(rate[kind, OURS, encoding] / median)}"
                cells.append(f"{number(median, 0)} ({number(late)}){over}")
            if kind == "one":
                weights = one.get("tile", {}).get("weights", {})
                at = one.get("tile", {}).get("at", "")
                cells.append(f"{at}: " + ", ".join(f"{sent} {number(size / 1000)}" for size, sent in weights.values()))
            if any(cell != "–" for cell in cells[:3]):
                row(name, *cells)

    print("\nCold: a new server, one connection, each tile once; 99th percentile in ms (worst).\n")
    zooms = sorted({zoom for one in serve.values() for zoom in one["cold"]}, key=lambda zoom: int(zoom.split("-")[0]))
    head("", *(f"z{zoom}" for zoom in zooms))
    for name, one in serve.items():
        cold = [one["cold"].get(zoom) for zoom in zooms]
        row(name, *(f"{number(c['p99'])} ({number(c['worst'])})" if c else "–" for c in cold))

    asked = [one["question"] for one in serve.values() if "question" in one]
    if asked:
        print(f"\nThe first tile of a question nobody asked, its figures with it: {number(asked[0])} ms.")

    print("\nMemory, MB.\n")
    head("", "at the start", "after the cold turn", "after the warm ones")
    keys = ["memory_at_start", "memory_after", "memory_warm"]
    for name, one in serve.items():
        row(name, *(number(one[key], 0) if key in one else "–" for key in keys))
