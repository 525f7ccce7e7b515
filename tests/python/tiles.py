"""Whether polygons in tiles are valid, and layers that cover the ground do so without gap nor overlap, by an engine
that shares no code with ours (GEOS) and a decoder that shares none either.

    python tiles.py FOLDER [LAYER=OUTLINE.geojson]... [--damage gap|overlap|crossing]

FOLDER holds uncompressed tiles `z-x-y.mvt`. OUTLINE holds the ground, in degrees, that the layer covers; layers
without one are only checked for validity. With --damage one polygon is harmed first, which must be found.
Exits with a message that counts the faults by layer and zoom and shows the first.
"""

import collections
import functools
import json
import pathlib
import sys

import numpy as np
import shapely

EXTENT, BUFFER = 4096, 80
# What a tile draws: the tile and its buffer.
VIEW = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
# How far an outer border may be generalised, in units: 1/256 of a tile is a pixel of the smallest screens.
INLAND = 16
# How near the true outside a gap must come, to be a bay: rounding moves a vertex by less.
TOUCH = 1
# Areas are halves of whole numbers, but where overlaps are cut at crossings.
NOISE = 1e-3


def varints(data):
    """The numbers packed in bytes, all at once."""
    data = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(data < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    place = np.arange(len(data)) - np.repeat(starts, ends - starts + 1)
    shifted = (data & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
    return np.add.reduceat(shifted, starts) if len(ends) else shifted


def fields(data):
    """Number and value of each field of a message: bytes where they have a length, else a number."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    while at < len(data):
        tag = varint()
        size = {1: 8, 5: 4}.get(tag & 7)
        if size is None:
            value = varint()
            if tag & 7 == 0:
                yield tag >> 3, value
                continue
            size = value
        yield tag >> 3, data[at : at + size]
        at += size


def rings(commands):
    """Closed rings of a polygon, and whether each is an exterior one."""
    numbers = varints(commands).astype(np.int64)
    at, pen = 0, np.zeros(2, dtype=np.int64)
    while at < len(numbers):
        count = int(numbers[at + 3]) >> 3
        steps = np.concatenate([numbers[at + 1 : at + 3], numbers[at + 4 : at + 4 + 2 * count]]).reshape(-1, 2)
        points = pen + np.cumsum((steps >> 1) ^ -(steps & 1), axis=0)
        pen, at = points[-1], at + 5 + 2 * count
        (x, y), (u, v) = points.T, np.roll(points, -1, axis=0).T
        yield np.concatenate([points, points[:1]]), (x * v - u * y).sum() > 0


def polygons(features):
    """One MultiPolygon for each feature that has an area, all made at once."""
    points, ring_ends, polygon_ends, feature_ends = [], [0], [], [0]
    for commands in features:
        for ring, exterior in rings(commands):
            if exterior:
                polygon_ends.append(len(ring_ends) - 1)
            points.append(ring)
            ring_ends.append(ring_ends[-1] + len(ring))
        feature_ends.append(len(polygon_ends))
    polygon_ends.append(len(ring_ends) - 1)
    offsets = tuple(np.array(ends) for ends in (ring_ends, polygon_ends, feature_ends))
    return shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, np.concatenate(points).astype(float), offsets)


def layers(data):
    """Name and, of the features that are polygons, the identifiers and shapes of each layer of a tile."""
    for _, layer in fields(data):
        parts = list(fields(layer))
        name = next(value for number, value in parts if number == 1).decode()
        features = [dict(fields(value)) for number, value in parts if number == 2]
        features = [feature for feature in features if feature[3] == 3]
        if features:
            yield name, [feature.get(1) for feature in features], polygons([feature[4] for feature in features])


def to_world(degrees):
    """Web Mercator as a unit square, y down."""
    lon, lat = np.radians(degrees.T)
    return np.column_stack([lon / (2 * np.pi) + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


class Ground:
    """Where a layer is, cut for one tile after the other, each from what its parent left."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            shapes = [json.dumps(f["geometry"]) for f in json.load(file)["features"] if f["geometry"]]
        # Millionths of a degree, rounded, may have made a ring touch itself.
        world = shapely.make_valid(shapely.transform(shapely.from_geojson(shapes), to_world))
        self.cut = {(0, 0, 0): shapely.union_all(world)}

    def around(self, z, x, y):
        if (z, x, y) not in self.cut:
            parent = self.around(z - 1, x // 2, y // 2)
            margin = 4 * (BUFFER + INLAND) / EXTENT
            box = np.array([x - margin, y - margin, x + 1 + margin, y + 1 + margin]) / 2**z
            self.cut[z, x, y] = shapely.clip_by_rect(parent, *box)
        return self.cut[z, x, y]

    def inside(self, z, x, y):
        """In the tile's own units, to a quarter of one, somewhat beyond its view."""
        origin = np.array([x, y])
        exact = shapely.transform(self.around(z, x, y), lambda at: (at * 2**z - origin) * EXTENT)
        return shapely.make_valid(shapely.simplify(exact, 0.25))

    @functools.lru_cache(maxsize=4)
    def bounds(self, z, x, y):
        """What is not the ground, what surely is, and what may be."""
        inside = self.inside(z, x, y)
        inland, widest = (shapely.buffer(inside, by, quad_segs=1) for by in (-INLAND, INLAND))
        return shapely.difference(VIEW.buffer(BUFFER), inside), shapely.intersection(inland, VIEW), widest


def united(shapes, coverage):
    """The union of valid shapes, faster if they are a coverage."""
    try:
        return shapely.coverage_union_all(shapes) if coverage else shapely.union_all(shapes)
    except shapely.GEOSException:
        return shapely.union_all(shapes)


def beyond_reach(shapes, outside, reach):
    """Which shapes are farther than that from the outside: all of them, where the ground fills the tile."""
    return ~(shapely.distance(shapes, outside) <= reach)


def judge(name, ids, shapes, ground, tile, faults):
    def fault(kind, what):
        faults[kind, name, tile[0]].append(f"{name}/{'/'.join(map(str, tile))}: {kind}: {what}")

    valid = shapely.is_valid(shapes)
    for id, reason in zip(np.array(ids)[~valid], shapely.is_valid_reason(shapes[~valid])):
        fault("invalid polygon", f"feature {id}, {reason}")
    if ground is None:
        return
    whole = shapely.coverage_is_valid(shapes)
    if not whole:
        edges = shapely.coverage_invalid_edges(shapes)
        wrong = [id for id, edge in zip(ids, edges) if not shapely.is_empty(edge)]
        fault("not a coverage", f"{len(wrong)} features, among them {wrong[:5]}")
    area = shapely.area(shapes).sum()
    if valid.all() and whole and area == VIEW.area:
        return
    union = united(shapes, True) if valid.all() and whole else united(shapely.make_valid(shapes), False)
    if not np.isclose(area, union.area, rtol=0, atol=NOISE):
        fault("overlap", f"{area - union.area:.3f} square units of {union.area:.0f}")
    outside, inland, widest = ground.bounds(*tile)
    missing = shapely.get_parts(shapely.difference(inland, union))
    # Shrinking leaves splinters at necks (Giens, Hendaye), which are not inland: measured, they are near the outside.
    deep = beyond_reach(shapely.point_on_surface(missing), outside, INLAND - TOUCH)
    missing = missing[(shapely.area(missing) > NOISE) & deep]
    if len(missing):
        where = shapely.point_on_surface(missing[0]).wkt
        fault("gap", f"{shapely.area(missing).sum():.3f} square units inland, as at {where}")
    beyond = shapely.difference(union, widest)
    if beyond.area > NOISE:
        where = shapely.point_on_surface(beyond).wkt
        fault("beyond the ground", f"{beyond.area:.3f} square units, as at {where}")
    holes = shapely.get_parts(shapely.difference(VIEW, union))
    far = holes[(shapely.area(holes) > NOISE) & beyond_reach(holes, outside, TOUCH)]
    if len(far):
        where = shapely.point_on_surface(far[0]).wkt
        fault("gap", f"{len(far)} closed, of {shapely.area(far).sum():.3f} square units, as at {where}")


def harm(shapes, how):
    """Harms a polygon that stands in the middle."""
    at = int(np.argmin(shapely.distance(shapely.centroid(shapes), VIEW.centroid)))
    if how == "gap":
        return np.delete(shapes, at)
    shapes = shapes.copy()
    if how == "overlap":
        shapes[at] = shapely.buffer(shapes[at], 3)
    elif how == "crossing":
        ring = shapely.get_coordinates(shapely.get_geometry(shapes[at], 0).exterior)
        ring[1], ring[len(ring) // 2] = ring[len(ring) // 2].copy(), ring[1].copy()
        shapes[at] = shapely.Polygon(ring)
    return shapes


def main(arguments):
    damage = arguments.pop() if "--damage" in arguments else None
    folder, *outlines = [one for one in arguments if one != "--damage"]
    paths = dict(one.split("=", 1) for one in outlines)
    read = {path: Ground(path) for path in set(paths.values())}
    grounds = {name: read[path] for name, path in paths.items()}
    tiles = sorted((tuple(map(int, path.stem.split("-"))), path) for path in pathlib.Path(folder).glob("*.mvt"))
    faults = collections.defaultdict(list)
    judged = covered = 0
    for tile, path in tiles:
        for name, ids, shapes in layers(path.read_bytes()):
            if damage and name in grounds and len(shapes) > 20:
                shapes, damage = harm(shapes, damage), None
                ids = ids[: len(shapes)]
            judge(name, ids, shapes, grounds.get(name), tile, faults)
            judged += len(shapes)
            covered += name in grounds
    if faults:
        found = sorted(faults.items())
        counts = [f"{kind}, {name}, zoom {z}: {len(all)} tiles or features" for (kind, name, z), all in found]
        return "\n".join(counts + [all[0] for all in faults.values()])
    if not judged:
        return "no polygon to judge"
    print(f"{len(tiles)} tiles, {judged} polygons valid, {covered} coverages without gap nor overlap")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
