//! Reads a tile by the letter of MVT 2.1: `fast-mvt` decodes, this file checks what that decoder lets pass.

use fast_mvt::{MvtFeatureRef, MvtReaderRef};
use geo::{Area, BoundingRect, Coord, Geometry, LineString, MultiPolygon, Polygon, Validation};
use tiles::{LayerBuilder, TileCoord, TileFeature, TileGeometry, WorldGeometry, cut, encode};

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

pub(crate) fn tile(z: u8, x: u32, y: u32) -> TileCoord {
    TileCoord::new(z, x, y).unwrap()
}

/// Vertices given in units of a tile, as degrees.
pub(crate) fn degrees(tile: TileCoord, units: Coord<f64>) -> Coord<f64> {
    let across = 4096.0 * f64::from(1_u32 << tile.z());
    let x = (f64::from(tile.x()) * 4096.0 + units.x) / across;
    let y = (f64::from(tile.y()) * 4096.0 + units.y) / across;
    let latitude = (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
    Coord { x: x * 360.0 - 180.0, y: latitude }
}

pub(crate) fn world(tile: TileCoord, units: &Geometry<f64>) -> WorldGeometry {
    use geo::MapCoords;
    WorldGeometry::from_lon_lat(&units.map_coords(|coord| degrees(tile, coord))).unwrap()
}

pub(crate) fn polygon(rings: &[&[(f64, f64)]]) -> Polygon<f64> {
    let ring = |ring: &[(f64, f64)]| LineString::from(ring.to_vec());
    Polygon::new(ring(rings[0]), rings[1..].iter().map(|hole| ring(hole)).collect())
}

/// Cuts what is given in units of the tile, writes it, reads it back strictly, and answers what was read.
pub(crate) fn roundtrip(tile: TileCoord, units: &Geometry<f64>) -> Option<Geometry<i32>> {
    let geometry = cut(&world(tile, units), tile)?;
    let read = read_back(&geometry);
    assert_eq!(read, geometry.to_geo(), "what was read is not what was cut");
    Some(read)
}

/// The same for polygons, none when nothing is left.
pub(crate) fn polygons(tile: TileCoord, units: &Geometry<f64>) -> MultiPolygon<i32> {
    match roundtrip(tile, units) {
        Some(Geometry::MultiPolygon(polygons)) => polygons,
        None => MultiPolygon::new(Vec::new()),
        other => panic!("polygons became {other:?}"),
    }
}

pub(crate) fn read_back(geometry: &TileGeometry) -> Geometry<i32> {
    let mut layer = LayerBuilder::new("layer").unwrap();
    layer.add(TileFeature { id: 7, geometry, properties: vec![] }).unwrap();
    let bytes = encode([layer]).unwrap();
    let reader = MvtReaderRef::new(&bytes).unwrap();
    let layer = reader.layers().next().unwrap();
    let feature = layer.features().next().unwrap();
    assert_eq!(feature.id(), Some(7));
    strict(feature)
}

/// Decodes a feature and checks every MUST of the specification on it.
pub(crate) fn strict(feature: MvtFeatureRef) -> Geometry<i32> {
    let geometry = multi(feature.geometry().unwrap());
    check_commands(feature.geometry_commands(), &geometry);
    let (west, east) = (-80, 4176);
    let bounds = geometry.bounding_rect().unwrap();
    assert!(
        bounds.min().x >= west && bounds.min().y >= west && bounds.max().x <= east && bounds.max().y <= east
    );
    if let Geometry::MultiPolygon(polygons) = &geometry {
        for polygon in polygons {
            assert!(area(polygon.exterior()) > 0, "an exterior must have positive area");
            for hole in polygon.interiors() {
                assert!(area(hole) < 0, "a hole must have negative area");
            }
        }
        let float = floats(polygons);
        if let Err(reason) = float.check_validation() {
            panic!("{reason}: {polygons:?}");
        }
    }
    geometry
}

fn multi(geometry: Geometry<i32>) -> Geometry<i32> {
    match geometry {
        Geometry::Point(point) => Geometry::MultiPoint(point.into()),
        Geometry::LineString(line) => Geometry::MultiLineString(line.into()),
        Geometry::Polygon(polygon) => Geometry::MultiPolygon(polygon.into()),
        multi => multi,
    }
}

pub(crate) fn floats(polygons: &MultiPolygon<i32>) -> MultiPolygon<f64> {
    use geo::MapCoords;
    polygons.map_coords(|coord| Coord { x: f64::from(coord.x), y: f64::from(coord.y) })
}

pub(crate) fn unsigned_area(polygons: &MultiPolygon<i32>) -> f64 {
    floats(polygons).unsigned_area()
}

/// Twice the surveyor's area, y down.
fn area(ring: &LineString<i32>) -> i64 {
    let cross =
        |a: Coord<i32>, b: Coord<i32>| i64::from(a.x) * i64::from(b.y) - i64::from(a.y) * i64::from(b.x);
    ring.lines().map(|line| cross(line.start, line.end)).sum()
}

/// The grammar of the command stream, which `fast-mvt` reads more generously than it is written.
fn check_commands(stream: &[u32], geometry: &Geometry<i32>) {
    let mut commands = Vec::new();
    let mut rest = stream;
    while let [head, tail @ ..] = rest {
        let (command, count) = (head & 7, head >> 3);
        assert!(count > 0, "a command must repeat at least once");
        let n_parameters = if command == CLOSE_PATH { 0 } else { 2 * count as usize };
        let zero_length = tail[..n_parameters].chunks(2).any(|step| step == [0, 0]);
        assert!(command != LINE_TO || !zero_length, "a LineTo must not stand still");
        commands.push((command, count));
        rest = &tail[n_parameters..];
    }
    match geometry {
        Geometry::MultiPoint(_) => assert!(matches!(commands[..], [(MOVE_TO, _)])),
        Geometry::MultiLineString(lines) => {
            assert_eq!(commands.len(), 2 * lines.0.len());
            for part in commands.chunks(2) {
                assert!(matches!(part, [(MOVE_TO, 1), (LINE_TO, _)]), "{commands:?}");
            }
        }
        Geometry::MultiPolygon(polygons) => {
            let n_rings: usize = polygons.iter().map(|polygon| 1 + polygon.interiors().len()).sum();
            assert_eq!(commands.len(), 3 * n_rings);
            for part in commands.chunks(3) {
                let fits = matches!(part, [(MOVE_TO, 1), (LINE_TO, n), (CLOSE_PATH, 1)] if *n > 1);
                assert!(fits, "{commands:?}");
            }
            for ring in polygons
                .iter()
                .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            {
                let n = ring.0.len();
                assert_ne!(ring.0[0], ring.0[n - 2], "the first vertex must not be repeated");
            }
        }
        other => panic!("not a geometry of a tile: {other:?}"),
    }
}
