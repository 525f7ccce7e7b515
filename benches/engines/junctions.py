"""Where the engines' seconds go: on the road or at its junctions, by class. Run compare.py first; prints Markdown.

A graph of nodes knows no turn: what it can know of an arc is the classes that meet at its ends, and whether another
arm continues it there. An arc that none continues is a stem, as the leg of a T: whoever enters or leaves it turns.
These tables give the mean delay for each such case, and how well that stands for the turns of a route.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from math import atan2, cos, degrees, exp, radians
from pathlib import Path

import compare
import engines

ROUTES = 300
RANK = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
)
CLOSED = {"no", "agricultural", "forestry", "emergency", "psv", "bus", "foot", "military", "official"}
STEM_DEGREES = 45  # no arm within this of straight on
OBSTACLES = {"traffic_signals": 2.0, "stop": 2.0, "give_way": 1.0}  # lib/obstacles.lua


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--work", type=Path, default=compare.ROOT / "target" / "engines")
    options.add_argument("--roads", type=Path, default=os.environ.get("MAILLAGE_ROADS", compare.ROADS))
    options.add_argument("--extract", action="append", choices=compare.EXTRACTS)
    options = options.parse_args()
    options.work = options.work.resolve()
    try:
        python, osrm = engines.fetch(options.work)
        if Path(sys.prefix).resolve() != (options.work / "venv").resolve():
            os.execv(python, [python, __file__, *sys.argv[1:]])
        for name in options.extract or ("Toulouse", "Porto"):
            pbf = Path(options.roads).resolve() / compare.EXTRACTS[name]
            data, folder = compare.folders(options.work, pbf)
            car_junctions(name, pbf, data, folder, osrm)
            for mode in engines.MODES:
                valhalla_parts(name, pbf, data, folder, mode)
    except engines.Unavailable as reason:
        sys.exit(f"The engines cannot be asked: {reason}")


def calibration_pairs(folder, mode):
    """The first even pairs, as points."""
    rows = compare.read(folder / f"{mode}.csv")[::2][:ROUTES]
    return [((float(row[0]), float(row[1])), (float(row[2]), float(row[3]))) for row in rows]


# OSRM, car


class Streets:
    """Arms, classes and obstacles of the drivable network, as car.lua sees it."""

    def __init__(self, pbf):
        import osmium

        self.at, self.kind, self.obstacle, self.roundabout = {}, {}, {}, set()
        self.arms, self.into, self.out = defaultdict(set), defaultdict(set), defaultdict(set)
        self.best = {}
        for one in osmium.FileProcessor(str(pbf)).with_locations():
            if one.is_node() and one.tags.get("highway") in OBSTACLES:
                self.obstacle[one.id] = one.tags["highway"]
            elif one.is_way() and drivable(one.tags):
                self.add(one)

    def add(self, way):
        kind = way.tags["highway"].removesuffix("_link")
        nodes = [node.ref for node in way.nodes if node.location.valid()]
        self.at.update((node.ref, (node.lon, node.lat)) for node in way.nodes if node.location.valid())
        forward, backward = directions(way.tags)
        for a, b in zip(nodes, nodes[1:]):
            self.arms[a].add(b)
            self.arms[b].add(a)
            for start, end in ((a, b),) * forward + ((b, a),) * backward:
                self.out[start].add(end)
                self.into[end].add(start)
            self.kind[a, b] = self.kind[b, a] = kind
            if way.tags.get("junction") in ("roundabout", "circular"):
                self.roundabout.update(((a, b), (b, a)))
            for node in (a, b):
                self.best[node] = min(self.best.get(node, 99), RANK.index(kind))

    def shape(self, a, b, c):
        """Whether a-b is a stem at b, and whether b-c is."""
        left = all(abs(self.angle(a, b, arm)) > STEM_DEGREES for arm in self.out[b] - {a})
        entered = all(abs(self.angle(arm, b, c)) > STEM_DEGREES for arm in self.into[b] - {c})
        return (
            "both stems"
            if left and entered
            else "leaving a stem"
            if left
            else "entering a stem"
            if entered
            else "no stem"
        )

    def angle(self, a, b, c):
        """Degrees turned at b, 0 straight on, positive to the right."""
        return (bearing(self.at[b], self.at[c]) - bearing(self.at[a], self.at[b]) + 180) % 360 - 180


def drivable(tags):
    if tags.get("highway", "").removesuffix("_link") not in RANK or tags.get("area") == "yes":
        return False
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] not in CLOSED
    return True


def directions(tags):
    """Whether cars may go forward, and backward."""
    oneway = tags.get("oneway")
    if oneway in ("yes", "1", "true", "-1"):
        return (False, True) if oneway == "-1" else (True, False)
    implied = tags["highway"] == "motorway" or tags.get("junction") in ("roundabout", "circular")
    return True, not implied or oneway == "no"


def bearing(a, b):
    return degrees(atan2((b[0] - a[0]) * cos(radians(a[1])), b[1] - a[1]))


def turn_seconds(angle, onto_roundabout, left_hand=False):
    """process_turn of car.lua at a junction of three arms or more."""
    bias = 1 / 1.075 if left_hand else 1.075
    if angle >= 0:
        seconds = 7.5 / (1 + exp(-(13 / bias * angle / 180 - 6.5 * bias)))
    else:
        seconds = 7.5 / (1 + exp(-(13 * bias * -angle / 180 - 6.5 / bias)))
    if (angle > 0 if left_hand else angle < 0) and not onto_roundabout:
        seconds += 2.0 / (1 + exp(-(13 * abs(angle) / 180 - 3.25)))
    return seconds


def car_junctions(name, pbf, data, folder, osrm_programs):
    """OSRM's car durations taken apart."""
    import numpy

    streets, routes = Streets(pbf), []
    by_case, by_turn, by_shape, crossed = defaultdict(list), defaultdict(list), defaultdict(list), Counter()
    with engines.Osrm(data, osrm_programs, pbf, "car") as osrm:
        for pair in calibration_pairs(folder, "car"):
            answer = osrm.ask("route", pair, overview="false", annotations="nodes,duration,distance")
            if answer["code"] == "Ok":
                routes.append(one_route(answer["routes"][0], streets, by_case, by_turn, by_shape, crossed))
    total = {
        key: sum(route[key] for route in routes) for key in ("seconds", "moving", "metres", "junctions", "formula")
    }
    at_junctions = total["seconds"] - total["moving"]
    print(f"\n## {name}, car, OSRM: {len(routes)} routes\n")
    km = total["metres"] / 1000
    facts = {
        "km": f"{km:.0f}",
        "km/h moving": f"{3600 * km / total['moving']:.1f}",
        "km/h in all": f"{3600 * km / total['seconds']:.1f}",
        "at junctions": f"{at_junctions:.0f} s",
        "share of time": f"{100 * at_junctions / total['seconds']:.1f} %",
        "junctions per km": f"{total['junctions'] / km:.2f}",
        "s per junction": f"{at_junctions / total['junctions']:.2f}",
        "s per km": f"{at_junctions / km:.1f}",
        "formula explains": f"{100 * total['formula'] / at_junctions:.0f} %",
    }
    compare.print_table(facts, [facts.values()])
    print("\nObstacles passed:", ", ".join(f"{count} {kind}" for kind, count in crossed.items()) or "none", "\n")
    compare.print_table(
        ("turn", "times", "mean s"), [(turn, len(s), f"{numpy.mean(s):.2f}") for turn, s in sorted(by_turn.items())]
    )
    print()
    compare.print_table(
        ("shape", "times", "mean s"), [(shape, len(s), f"{numpy.mean(s):.2f}") for shape, s in sorted(by_shape.items())]
    )
    print()
    cases = sorted(by_case.items(), key=lambda case: (RANK.index(case[0][0]), case[0][1]))
    compare.print_table(
        ("entering", "which at the junction is", "times", "mean s", "turned > 30°"),
        [
            (*case, len(s), f"{numpy.mean([a for a, _ in s]):.2f}", f"{100 * numpy.mean([t for _, t in s]):.0f} %")
            for case, s in cases
        ],
    )
    print("\nA node-based stand-in for the turns (fitted on these routes; time over OSRM's, same path)\n")
    compare.print_table(
        ("delay depends on", "coefficients", "5 %", "median", "95 %", "R² of seconds at junctions"), stand_ins(routes)
    )


def one_route(route, streets, by_case, by_turn, by_shape, crossed):
    """Seconds moving and at junctions of a route, and the cases of its junctions."""
    notes = route["legs"][0]["annotation"]
    nodes, cases, formula = notes["nodes"], Counter(), 0.0
    for a, b, c in zip(nodes, nodes[1:], nodes[2:]):
        if b in streets.obstacle:
            crossed[streets.obstacle[b]] += 1
            formula += OBSTACLES[streets.obstacle[b]]
        if len(streets.arms[b]) < 3 or (b, c) not in streets.kind or (a, b) not in streets.kind:
            continue
        angle = streets.angle(a, b, c)
        seconds = turn_seconds(angle, (a, b) in streets.roundabout or (b, c) in streets.roundabout)
        formula += seconds
        kind = streets.kind[b, c]
        place = "the best" if RANK.index(kind) == streets.best[b] else "a lesser one"
        if all(streets.kind[b, arm] == kind for arm in streets.arms[b]):
            place = "like all"
        shape = streets.shape(a, b, c)
        cases[kind, place, shape] += 1
        by_shape[shape].append(seconds)
        by_case[kind, place].append((seconds, abs(angle) > 30))
        by_turn[turn_name(angle)].append(seconds)
    return {
        "seconds": route["duration"], "moving": sum(notes["duration"]), "metres": route["distance"],
        "junctions": sum(cases.values()), "cases": cases, "formula": formula,
    }  # fmt: skip


def turn_name(angle):
    side = "right" if angle > 0 else "left"
    size = abs(angle)
    return (
        "1 straight (< 20°)"
        if size < 20
        else f"2 slight {side} (< 60°)"
        if size < 60
        else f"3 {side} (< 120°)"
        if size < 120
        else f"4 sharp {side}"
    )


def stand_ins(routes):
    """Least squares of the seconds at junctions on counts of cases, for coarser and finer cases."""
    import numpy

    seconds = numpy.array([route["seconds"] for route in routes])
    moving = numpy.array([route["moving"] for route in routes])
    delay, rows = seconds - moving, []
    for words, merge in (
        ("nothing (no delay)", None),
        ("one for all", lambda kind, place, shape: "any"),
        ("place", lambda kind, place, shape: place),
        ("class entered", lambda kind, place, shape: kind),
        ("shape", lambda kind, place, shape: shape),
        ("shape and place", lambda kind, place, shape: f"{shape}, {place}"),
    ):
        guess, told = numpy.zeros_like(delay), ""
        if merge:
            names = sorted({merge(*case) for route in routes for case in route["cases"]})
            counts = numpy.array(
                [
                    [sum(n for case, n in route["cases"].items() if merge(*case) == name) for name in names]
                    for route in routes
                ]
            )
            fit = numpy.linalg.lstsq(counts, delay, rcond=None)[0]
            guess = counts @ fit
            told = "; ".join(f"{name} {value:.2f}" for name, value in zip(names, fit))
        low, median, high = numpy.quantile((moving + guess) / seconds, (0.05, 0.5, 0.95))
        r2 = 1 - ((delay - guess) ** 2).sum() / ((delay - delay.mean()) ** 2).sum()
        rows.append((words, told, f"{low:.3f}", f"{median:.3f}", f"{high:.3f}", f"{r2:.2f}"))
    return rows


# Valhalla, all modes


def valhalla_parts(name, pbf, data, folder, mode):
    """Valhalla's seconds by kind of road, and those of its transitions."""
    import numpy

    actor = engines.Valhalla(data, pbf, pbf.name in compare.DRIVES_LEFT).actor
    metres, moving, waited, passed = Counter(), Counter(), Counter(), Counter()
    speeds, transitions, share, impacts = [], [], [], defaultdict(list)
    for pair in calibration_pairs(folder, mode):
        request = {"locations": [engines.locate(p) for p in pair], "costing": engines.VALHALLA_COSTING[mode]}
        try:
            trip = json.loads(actor.route(json.dumps(request)))["trip"]
            walk = {
                "encoded_polyline": trip["legs"][0]["shape"],
                "costing": request["costing"],
                "shape_match": "edge_walk",
            }
            edges = json.loads(actor.trace_attributes(json.dumps(walk)))["edges"]
        except RuntimeError:
            continue
        before = waiting = 0.0
        for edge, following in zip(edges, [*edges[1:], None]):
            end = edge["end_node"]
            wait, kind = end.get("transition_time", 0.0), (edge["road_class"], edge["use"], edge.get("surface", ""))
            metres[kind] += 1000 * edge["length"]
            moving[kind] += end["elapsed_time"] - before
            before = end["elapsed_time"] + wait
            waited[edge["road_class"]] += wait
            passed[edge["road_class"]] += 1
            waiting += wait
            if following:
                turned = (following["begin_heading"] - edge["end_heading"] + 180) % 360 - 180
                side = "straight (< 30°)" if abs(turned) < 30 else "right" if turned > 0 else "left"
                impacts[stop_impact(edge, end), side].append(wait)
        seconds = trip["summary"]["time"]
        speeds.append(3600 * trip["summary"]["length"] / seconds)
        transitions.append(waiting / trip["summary"]["length"])
        share.append(waiting / seconds)
    low, median, high = numpy.quantile(speeds, (0.05, 0.5, 0.95))
    print(f"\n## {name}, {mode}, Valhalla: {len(speeds)} routes\n")
    print(f"Door to door {median:.2f} km/h (5-95 %: {low:.2f}-{high:.2f}); "
          f"transitions {numpy.mean(transitions):.1f} s/km, {100 * numpy.mean(share):.1f} % of the time, "
          f"{sum(waited.values()) / sum(passed.values()):.2f} s for each edge passed\n")  # fmt: skip
    kinds = [kind for kind, length in metres.most_common(16) if moving[kind] > 0]
    compare.print_table(
        ("class", "use", "surface", "share of length", "km/h"),
        [
            (*kind, f"{100 * metres[kind] / sum(metres.values()):.1f} %", f"{3.6 * metres[kind] / moving[kind]:.1f}")
            for kind in kinds
        ],
    )
    print()
    compare.print_table(
        ("transition after an edge of", "times", "mean s"),
        [(kind, n, f"{waited[kind] / n:.2f}") for kind, n in passed.most_common()],
    )
    print()
    compare.print_table(
        ("class left less the best crossed + 3", "turn", "times", "mean s"),
        [(*case, len(waits), f"{numpy.mean(waits):.2f}") for case, waits in sorted(impacts.items())],
    )


def stop_impact(edge, end):
    """Valhalla's GetStopImpact without its special cases: 3 among equals, less on the better road."""
    ranks = {kind: min(rank, 5) for rank, kind in enumerate((*RANK[:7], "service_other"))}
    crossed = [
        other for other in end.get("intersecting_edges", ()) if other.get("driveability") in ("both", "backward")
    ]
    return max(0, ranks[edge["road_class"]] - min((ranks[other["road_class"]] for other in crossed), default=5) + 3)


if __name__ == "__main__":
    main()
