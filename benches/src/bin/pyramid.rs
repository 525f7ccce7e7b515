//! Cuts a country's communes into tiles, for comparison with other builders of tiles.
//!
//! `cargo run --release -p maillage-benches --bin pyramid -- COMMUNES.geojsonl -o OUT.pmtiles --min-zoom 7
//! --max-zoom 12` writes communes alone; `--whole` writes départements from zoom 0, EPCI from 6 and communes
//! from 7. A commune keeps its properties `code`, `nom`, `dep`, `epci` and `pop`; what it is grouped in has a
//! code and people.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]
#![expect(clippy::disallowed_methods, reason = "a program reads its arguments")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;

use geo::{BoundingRect, MultiPolygon, Rect};
use geojson::{Feature, GeoJson};
use maillage_benches::stopwatch::time;
use rayon::prelude::*;
use serde_json::json;
use tiles::archive::{self, Metadata};
use tiles::{Coverage, LayerBuilder, Level, TileCoord, TileFeature, Value, encode};

type Failure = Box<dyn Error + Send + Sync>;

/// What is asked on the command line.
struct Asked {
    communes: String,
    out: String,
    min_zoom: u8,
    max_zoom: u8,
    whole: bool,
}

impl Asked {
    fn read() -> Result<Self, Failure> {
        let mut asked =
            Self { communes: String::new(), out: String::new(), min_zoom: 0, max_zoom: 12, whole: false };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "-o" => asked.out = value()?,
                "--min-zoom" => asked.min_zoom = value()?.parse()?,
                "--max-zoom" => asked.max_zoom = value()?.parse()?,
                "--whole" => asked.whole = true,
                _ => asked.communes = word,
            }
        }
        Ok(asked)
    }
}

struct Commune {
    texts: [String; 4],
    people: u64,
    shape: MultiPolygon,
}

/// The names of the texts of a commune.
const TEXTS: [&str; 4] = ["code", "nom", "dep", "epci"];

fn commune(line: &str) -> Result<Commune, Failure> {
    let GeoJson::Feature(feature) = line.parse::<GeoJson>()? else {
        return Err("not a feature".into());
    };
    let Feature { geometry, properties, .. } = feature;
    let properties = properties.unwrap_or_default();
    let text = |name: &str| properties.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let shape = match geo::Geometry::try_from(geometry.ok_or("no geometry")?)? {
        geo::Geometry::MultiPolygon(shape) => shape,
        geo::Geometry::Polygon(shape) => shape.into(),
        other => return Err(format!("not a polygon: {other:?}").into()),
    };
    let people = properties.get("pop").and_then(serde_json::Value::as_u64).unwrap_or_default();
    Ok(Commune { texts: TEXTS.map(text), people, shape })
}

/// A layer of the pyramid.
struct Drawn<'a> {
    name: &'static str,
    from: u8,
    groups: Vec<Option<u32>>,
    properties: Vec<Vec<(&'static str, Value<'a>)>>,
}

fn communes(all: &[Commune], from: u8) -> Drawn<'_> {
    let properties = all.iter().map(|commune| {
        let texts = TEXTS.iter().zip(&commune.texts).map(|(&name, text)| (name, Value::from(text.as_str())));
        texts.chain([("pop", Value::from(commune.people))]).collect()
    });
    Drawn {
        name: "communes",
        from,
        groups: (0..all.len() as u32).map(Some).collect(),
        properties: properties.collect(),
    }
}

fn grouped<'a>(all: &'a [Commune], name: &'static str, from: u8, by: usize) -> Drawn<'a> {
    let mut people: BTreeMap<&str, u64> = BTreeMap::new();
    for commune in all.iter().filter(|commune| !commune.texts[by].is_empty()) {
        *people.entry(&commune.texts[by]).or_default() += commune.people;
    }
    let row: BTreeMap<&str, u32> = people.keys().copied().zip(0..).collect();
    let properties =
        people.iter().map(|(&code, &people)| vec![("code", code.into()), ("pop", people.into())]).collect();
    Drawn {
        name,
        from,
        groups: all.iter().map(|c| row.get(c.texts[by].as_str()).copied()).collect(),
        properties,
    }
}

fn tile(at: TileCoord, drawn: &[(&Drawn<'_>, &Level)]) -> Result<Option<Vec<u8>>, Failure> {
    let mut layers = Vec::new();
    for (layer, level) in drawn {
        let mut builder = LayerBuilder::new(layer.name)?;
        let mut cuts = level.cut(at);
        cuts.sort_by_cached_key(|(row, geometry)| (geometry.place_on_curve(), *row));
        for (row, geometry) in cuts {
            let properties = layer.properties[row as usize].clone();
            builder.add(TileFeature { id: u64::from(row) + 1, geometry: &geometry, properties })?;
        }
        if builder.n_features() > 0 {
            layers.push(builder);
        }
    }
    Ok(if layers.is_empty() { None } else { Some(archive::compress(&encode(layers)?)?) })
}

/// The tiles of a zoom that hold something.
fn tiles(drawn: &[(&Drawn<'_>, &Level)]) -> Result<Vec<(TileCoord, Vec<u8>)>, Failure> {
    let mut at: Vec<TileCoord> = drawn.iter().flat_map(|(_, level)| level.tiles()).collect();
    at.sort_unstable();
    at.dedup();
    let made = at.into_par_iter().map(|at| Ok(tile(at, drawn)?.map(|bytes| (at, bytes))));
    let made: Result<Vec<_>, Failure> = made.collect();
    Ok(made?.into_iter().flatten().collect())
}

/// What readers of the archive are told.
fn metadata(layers: &[Drawn<'_>], shapes: &[&MultiPolygon]) -> Result<Metadata, Failure> {
    let vector_layers: Vec<serde_json::Value> = layers
        .iter()
        .map(|layer| {
            let names = layer.properties.first().into_iter().flatten();
            let fields: serde_json::Map<String, serde_json::Value> = names
                .map(|(name, value)| {
                    (
                        (*name).to_owned(),
                        if matches!(value, Value::Text(_)) { "String" } else { "Number" }.into(),
                    )
                })
                .collect();
            json!({"id": layer.name, "minzoom": layer.from, "fields": fields})
        })
        .collect();
    let boxes = shapes.iter().filter_map(|shape| shape.bounding_rect());
    let bounds = boxes.reduce(|a, b| {
        let (low, high) = (a.min(), a.max());
        Rect::new(
            (low.x.min(b.min().x), low.y.min(b.min().y)),
            (high.x.max(b.max().x), high.y.max(b.max().y)),
        )
    });
    Ok(Metadata {
        json: json!({"name": "communes", "vector_layers": vector_layers}).to_string(),
        bounds: bounds.ok_or("no shapes")?,
        center: (2.4, 46.6, 6),
    })
}

fn main() -> Result<(), Failure> {
    let asked = Asked::read()?;
    let (all, reading) = time(|| -> Result<Vec<Commune>, Failure> {
        fs::read_to_string(&asked.communes)?.par_lines().map(commune).collect()
    });
    let all = all?;
    let shapes: Vec<&MultiPolygon> = all.iter().map(|commune| &commune.shape).collect();
    let (coverage, borders) = time(|| Coverage::new(&shapes));
    let coverage = coverage?;
    let layers = if asked.whole {
        vec![grouped(&all, "departements", 0, 2), grouped(&all, "epcis", 6, 3), communes(&all, 7)]
    } else {
        vec![communes(&all, asked.min_zoom)]
    };
    let at_zooms: Vec<(&Drawn<'_>, u8)> = (asked.min_zoom..=asked.max_zoom)
        .flat_map(|zoom| {
            layers.iter().filter(move |layer| layer.from <= zoom).map(move |layer| (layer, zoom))
        })
        .collect();
    let (levels, drawing) = time(|| {
        let level = |&(layer, zoom): &(&Drawn<'_>, u8)| coverage.level(zoom, &layer.groups);
        at_zooms.par_iter().map(level).collect::<Vec<Level>>()
    });
    let out = BufWriter::new(File::create(&asked.out)?);
    let mut writer = archive::Writer::create(out, metadata(&layers, &shapes)?)?;
    let (written, cutting) = time(|| -> Result<archive::Written, Failure> {
        for zoom in asked.min_zoom..=asked.max_zoom {
            let drawn = at_zooms.iter().zip(&levels).filter(|(at, _)| at.1 == zoom);
            let drawn: Vec<(&Drawn<'_>, &Level)> = drawn.map(|(at, level)| (at.0, level)).collect();
            for (at, bytes) in tiles(&drawn)? {
                writer.add(at, &bytes)?;
            }
        }
        Ok(writer.finish()?)
    });
    let written = written?;
    println!(
        "{} communes: read {:.2} s, borders {:.2} s, levels {:.2} s, tiles {:.2} s; {} tiles, {:.1} MB",
        all.len(),
        reading.seconds,
        borders.seconds,
        drawing.seconds,
        cutting.seconds,
        written.tiles,
        written.bytes as f64 / 1e6,
    );
    Ok(())
}
