//! What a cold tile of communes costs: 400 polygons of about 150 vertices that share ragged borders, at zoom
//! 9.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on says so")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use geo::{Coord, LineString, Polygon};
use tiles::{LayerBuilder, TileCoord, TileFeature, TileGeometry, WorldGeometry, cut, encode};

const SIDE: u64 = 20;
const VERTICES_PER_SIDE: u64 = 38;

/// A number in −½..½ that depends on nothing but its arguments.
fn random(a: u64, b: u64) -> f64 {
    let mut bits = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.rotate_left(32);
    for _ in 0..3 {
        bits ^= bits >> 31;
        bits = bits.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
}

/// Communes on a lattice a little larger than the tile, in degrees; `share` of its width each.
fn communes(tile: TileCoord) -> Vec<WorldGeometry> {
    let bounds = tile.bounds();
    let step = 1.1 / (SIDE * VERTICES_PER_SIDE) as f64;
    let place = |a: u64, b: u64| Coord {
        x: bounds.min().x + bounds.width() * (-0.05 + step * (a as f64 + 0.8 * random(a, b))),
        y: bounds.min().y + bounds.height() * (-0.05 + step * (b as f64 + 0.8 * random(b + 1_000_000, a))),
    };
    let n = VERTICES_PER_SIDE;
    let commune = |i: u64, j: u64| {
        let (west, south) = (i * n, j * n);
        let ring = (0..n).map(|k| place(west + k, south)).chain((0..n).map(|k| place(west + n, south + k)));
        let ring = ring.chain((0..n).map(|k| place(west + n - k, south + n)));
        let ring = ring.chain((0..n).map(|k| place(west, south + n - k)));
        let polygon = Polygon::new(LineString::new(ring.collect()), vec![]);
        WorldGeometry::from_lon_lat(&polygon.into()).unwrap()
    };
    (0..SIDE).flat_map(|i| (0..SIDE).map(move |j| commune(i, j))).collect()
}

fn write(geometries: &[(u64, TileGeometry)]) -> Vec<u8> {
    let mut layer = LayerBuilder::new("communes").unwrap();
    for (id, geometry) in geometries {
        let properties =
            vec![("beyond", (id * 7 % 900).into()), ("access_min", ((id % 300) as f64 / 10.0).into())];
        layer.add(TileFeature { id: *id, geometry, properties }).unwrap();
    }
    encode([layer]).unwrap()
}

fn cold_tile(c: &mut Criterion) {
    let tile = TileCoord::new(9, 263, 182).unwrap();
    let shapes = communes(tile);
    let cut_all = |tile| -> Vec<(u64, TileGeometry)> {
        shapes.iter().zip(0..).filter_map(|(shape, id)| Some((id, cut(shape, tile)?))).collect()
    };
    let cut_once = cut_all(tile);

    let mut group = c.benchmark_group("400 communes of 150 vertices");
    group.bench_function("cut and write at z9", |b| {
        b.iter(|| write(&cut_all(black_box(tile))));
    });
    group.bench_function("cut at z9", |b| b.iter(|| cut_all(black_box(tile))));
    group.bench_function("write at z9, geometry kept", |b| {
        b.iter(|| write(black_box(&cut_once)));
    });
    let above = tile.parent().and_then(TileCoord::parent).unwrap();
    group.bench_function("cut at z7, most borders folded by rounding", |b| {
        b.iter(|| cut_all(black_box(above)));
    });
    group.finish();
}

fn one_large_polygon(c: &mut Criterion) {
    // A region of 100 000 vertices, of which the tile sees a corner.
    let n = 100_000_u64;
    let ring = (0..n).map(|i| {
        let angle = i as f64 / n as f64 * std::f64::consts::TAU;
        let reach = 2.0 + 0.001 * random(i, 9);
        Coord { x: 5.0 + reach * angle.cos(), y: 45.0 + reach * angle.sin() }
    });
    let polygon = Polygon::new(LineString::new(ring.collect()), vec![]);
    let shape = WorldGeometry::from_lon_lat(&polygon.into()).unwrap();
    let mut group = c.benchmark_group("region of 100 000 vertices");
    for (name, z, x, y) in [("z14, border in sight", 14, 8510, 5905), ("z8, all of it near", 8, 131, 92)] {
        let tile = TileCoord::new(z, x, y).unwrap();
        group.bench_function(name, |b| b.iter(|| cut(black_box(&shape), tile)));
    }
    group.finish();
}

criterion_group!(benches, cold_tile, one_large_polygon);
criterion_main!(benches);
