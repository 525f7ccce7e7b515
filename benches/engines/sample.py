"""Where to measure: points on ordinary streets, pairs of them, and venues with their origins, all drawn from a seed.

So as to favour no engine, a point is the middle of a segment of an ordinary street (never a junction, where each engine
chooses an arm as it likes), in the largest connected piece of the drivable network, and every engine must find a road of
the mode right there.
"""

import random
from math import asin, cos, radians, sin, sqrt

SEED = 2026
STREETS = {"residential", "unclassified", "tertiary", "secondary"}
DRIVABLE = STREETS | {
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
    "secondary_link", "tertiary_link", "living_street", "service",
}  # fmt: skip
POINTS = 3_000  # candidates, of which some are not usable by all
PAIRS, VENUES, ORIGINS = 2_000, 100, 1_000
SNAP_M = 2.0  # a road farther than this is another road: coordinates are rounded to 0.1 m
CLOSEST_KM = 0.3  # nearer, a ratio of times is noise
FARTHEST_KM = {"car": 40.0, "bike": 20.0, "foot": 10.0}
NEAR_KM = {"car": 10.0, "bike": 5.0, "foot": 2.5}  # half of the pairs: the distances people go to a venue


def street_points(pbf):
    """Candidate points of an extract, (longitude, latitude), in random order."""
    import osmium

    nodes, ways = {}, []
    for way in osmium.FileProcessor(str(pbf)).with_locations():
        if way.is_way() and way.tags.get("highway") in DRIVABLE and way.tags.get("area") != "yes":
            refs = [node.ref for node in way.nodes if node.location.valid()]
            nodes.update((node.ref, (node.lon, node.lat)) for node in way.nodes if node.location.valid())
            ways.append((way.tags["highway"], refs))
    main = largest_piece(refs for _, refs in ways)
    segments = sorted(
        {(a, b) for kind, refs in ways if kind in STREETS for a, b in zip(refs, refs[1:]) if a in main and a != b}
    )
    chosen = random.Random(SEED).sample(segments, min(POINTS, len(segments)))
    return [tuple(round((nodes[a][axis] + nodes[b][axis]) / 2, 6) for axis in (0, 1)) for a, b in chosen]


def largest_piece(lines):
    """The nodes of the largest connected piece, whatever the direction of traffic."""
    parent = {}

    def root(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for line in lines:
        for node in line:
            parent.setdefault(node, node)
        for a, b in zip(line, line[1:]):
            parent[root(a)] = root(b)
    pieces = {}
    for node in parent:
        pieces.setdefault(root(node), set()).add(node)
    return max(pieces.values(), key=len)


def pairs(points, mode):
    """Pairs of points: of four in a row the first two are near, so that even and odd ones are alike."""
    rng, drawn = random.Random(f"{SEED} {mode}"), []
    while len(drawn) < PAIRS:
        farthest = NEAR_KM[mode] if len(drawn) % 4 < 2 else FARTHEST_KM[mode]
        pair = rng.choice(points), rng.choice(points)
        if CLOSEST_KM <= kilometres(*pair) <= farthest:
            drawn.append(pair)
    return drawn


def venues_and_origins(points):
    """Two disjoint lists of points."""
    drawn = random.Random(f"{SEED} venues").sample(points, min(VENUES + ORIGINS, len(points)))
    return drawn[:VENUES], drawn[VENUES:]


def kilometres(a, b):
    """Great-circle distance of two (longitude, latitude)."""
    (lon1, lat1), (lon2, lat2) = a, b
    half = sin(radians(lat2 - lat1) / 2) ** 2
    half += cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))
