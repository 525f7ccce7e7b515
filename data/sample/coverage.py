"""From the published commune polygons to a coverage: no hole, no overlap, shared borders equal vertex for vertex.

Coordinates are longitude and latitude on a grid of one millionth of a degree (about 0.1 m). Every change is returned.
"""

from collections import Counter
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely

GRID = 1_000_000  # steps per degree
SNAP = 0.5 / GRID  # degrees: vertices and edges closer than this are one
HOLE = 50_000  # m²: an enclosed area larger than this is a missing commune or an enclave, never a sliver
ROUNDING = 0.2  # m: below this a border has been rounded, not moved
MERGED = {"69114": ("69101", "69114", "69159")}  # no polygon of its own, but its parts have theirs
ENCLAVE = (4.9588, 44.3617)  # Valréas (84138), Vaucluse: a true hole


@dataclass(frozen=True)
class FalseHole:
    """The site of communes absorbed by `owner`, whose published polygon stops at its old border."""

    owner: str
    absorbed: tuple
    inside: tuple  # a longitude and latitude within the hole


# Checked by hand: the owner borders the hole, COG 2026 gives it these former codes, and no polygon holds them.
FALSE_HOLES = (
    FalseHole("01187", ("01330",), (5.6532, 46.0053)),  # Haut Valromey: Ruffieu
    FalseHole("26289", ("26371",), (5.2067, 44.7395)),  # Saillans: Véronne
    FalseHole("42084", ("42109", "42252"), (3.9122, 45.7784)),  # Solore-en-Forez: L'Hôpital-, Saint-Laurent-Rochefort
    FalseHole("42217", ("42072",), (3.8191, 45.7672)),  # La Côte-Saint-Didier: La Côte-en-Couzan
    FalseHole("63109", ("63330",), (3.1461, 45.5456)),  # Les Deux-Rives: Saint-Cirgues-sur-Couze
)


@dataclass(frozen=True)
class Change:
    code: str
    what: str
    other: str = ""
    area_m2: float = 0.0
    moved_m: float = 0.0
    vertices: int = 0


def clean(published, parts, former_codes):
    """Return {code: MultiPolygon} and the list of changes.

    `published`: polygon by commune code; `parts`: polygon by code of a former commune; `former_codes`: by commune code.
    """
    source, changes = dict(published), []
    for code, members in MERGED.items():
        source[code] = shapely.union_all([parts[member] for member in members])
        changes.append(Change(code, "parts united", "+".join(members), area(source[code])))
    for hole, polygon in false_holes(source):
        assert set(hole.absorbed) <= set(former_codes[hole.owner]), f"{hole.owner} did not absorb {hole.absorbed}"
        source[hole.owner] = shapely.union(source[hole.owner], polygon)
        changes.append(Change(hole.owner, "false hole filled", "+".join(hole.absorbed), area(polygon)))

    codes = sorted(source)
    before = np.array([source[code] for code in codes])
    after = shapely.coverage_clean(before, snapping_distance=SNAP, gap_width=0.0)
    after = shapely.transform(after, lambda xy: np.round(xy * GRID) / GRID)
    after = shapely.orient_polygons(after)
    assert abs(shapely.area(after).sum() / shapely.union_all(before).area - 1) < 1e-6, "the region's area has changed"
    changes += overlaps(codes, before, after) + moves(codes, before, after)
    return dict(zip(codes, after)), sorted(changes, key=lambda change: (change.code, change.what, change.other))


def false_holes(communes):
    """Pair every large hole of the region with its line of the table; the enclave is the only one that stays."""
    union = shapely.union_all(list(communes.values()))
    assert union.geom_type == "Polygon", "the region is in several pieces"
    found = [shapely.Polygon(ring) for ring in union.interiors]
    found = [polygon for polygon in found if area(polygon) > HOLE]
    pairs = []
    for polygon in found:
        if polygon.contains(shapely.Point(ENCLAVE)):
            continue
        owners = [hole for hole in FALSE_HOLES if polygon.contains(shapely.Point(hole.inside))]
        assert len(owners) == 1, f"no owner is known for the hole at {polygon.representative_point()}"
        assert communes[owners[0].owner].intersection(polygon).length > 0, f"{owners[0].owner} does not border its hole"
        pairs.append((owners[0], polygon))
    assert len(pairs) == len(FALSE_HOLES) == len(found) - 1, "the table names a hole that is not there"
    return pairs


def overlaps(codes, before, after):
    """Where two published polygons overlap by 1 m² or more, the one of the two that no longer holds the overlap."""
    left, right = shapely.STRtree(before).query(before, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.intersection(before[left], before[right])
    changes = []
    for a, b, overlap in zip(left, right, common):
        if area(overlap) >= 1:
            lost = area(overlap.difference(after[a])), area(overlap.difference(after[b]))
            loser, winner = (a, b) if lost[0] > lost[1] else (b, a)
            changes.append(Change(codes[loser], "overlap given up", codes[winner], area(overlap)))
    return changes


def moves(codes, before, after):
    """Communes whose border moved by more than the rounding, or gained vertices that a neighbour already had."""
    changes = []
    for code, old, new in zip(codes, before, after):
        metres = [flat(shape.boundary, old) for shape in (old, new)]
        moved = shapely.hausdorff_distance(*metres)
        added = len(vertices(new) - vertices(old))
        if moved > ROUNDING or added:
            changes.append(Change(code, "border matched", moved_m=moved, vertices=added))
    return changes


def check(communes):
    """Fail unless `communes` cover the region exactly once, with Valréas as the only hole.

    Two tests of it do not depend on each other: GEOS's own, and `open_rings`, where on the integer grid every directed
    edge is met by its reverse but for those of two rings. The winding numbers of the communes then add up to those of
    the two rings, so every point between them lies in one commune and no other.
    """
    shapes = np.array(list(communes.values()))
    assert shapely.is_valid(shapes).all(), "a polygon is invalid"
    assert shapely.coverage_is_valid(shapes), "GEOS finds mismatched edges"

    outer, enclave = map(shapely.Polygon, open_rings(shapes))
    assert outer.is_valid and enclave.is_valid and outer.contains(enclave), "the bounding rings cross"
    assert enclave.contains(shapely.Point(ENCLAVE)), "the only hole is not Valréas"

    outside = shapely.box(*outer.buffer(1).bounds).difference(outer)
    gaps = shapely.coverage_invalid_edges(np.append(shapes, [outside, enclave]), gap_width=0.002)
    assert shapely.is_empty(gaps).all(), "GEOS finds a gap narrower than 200 m"


def open_rings(shapes):
    """Cancel every directed edge with its reverse and chain the others into the region's two rings, longest first."""
    edges = Counter(edge for shape in shapes for ring in grid_rings(shape) for edge in zip(ring, ring[1:]))
    assert max(edges.values()) == 1, "two communes lie on the same side of an edge"
    following = {start: end for start, end in edges if (end, start) not in edges}
    assert len(following) == sum((end, start) not in edges for start, end in edges), "the border touches itself"
    rings = []
    while following:
        start, point = following.popitem()
        ring = [start, point]
        while point != start:
            point = following.pop(point)
            ring.append(point)
        rings.append(np.array(ring) / GRID)
    assert len(rings) == 2, f"{len(rings)} rings bound the region: one outer ring and one enclave were expected"
    return sorted(rings, key=len, reverse=True)


def grid_rings(shape):
    """The rings of a polygon or multipolygon as lists of integer points."""
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            yield list(map(tuple, grid(ring)))


def grid(geometry):
    return np.rint(shapely.get_coordinates(geometry) * GRID).astype(int).tolist()


def vertices(geometry):
    return set(map(tuple, grid(geometry)))


def area(geometry):
    """Square metres."""
    return flat(geometry, geometry).area if not geometry.is_empty else 0.0


def distance(shape, point):
    """Metres from a polygon to a point, 0 inside."""
    return flat(shapely.shortest_line(shape, point), shape).length


def multipolygon(shape):
    """GeoJSON geometry, six decimals, exterior rings anticlockwise."""
    polygons = [
        [[[x / GRID, y / GRID] for x, y in grid(ring)] for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(shape)
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def flat(geometry, around):
    """`geometry` in metres, by the WGS 84 length of a degree at the latitude of `around`: within 0.3 % in a commune."""
    phi = radians(around.centroid.y)
    east = 111412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi)
    north = 111132.954 - 559.822 * cos(2 * phi) + 1.175 * cos(4 * phi)
    return shapely.transform(geometry, lambda xy: xy * (east, north))
