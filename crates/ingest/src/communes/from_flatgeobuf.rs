//! Shapes from `FlatGeobuf`.
//!
//! Frames are walked here rather than by the crate's reader, which panics on an index of impossible
//! size, allocates whatever a feature's length claims, and trusts the ends of rings. Every buffer
//! goes through the verifier of flat buffers.

use flatgeobuf::{
    ColumnType, Feature, Geometry, GeometryType, Header, size_prefixed_root_as_feature,
    size_prefixed_root_as_header,
};
use geo::{Coord, MultiPolygon};

use super::{CODE, Reason, Shapes, keep, multi_polygon};
use crate::error::IngestError;
use crate::file::{File, MAX_RECORD_BYTES};
use crate::refusal::Findings;

/// `fgb`, a major version, `fgb`, a patch version.
const MAGIC_LEN: usize = 8;

/// Bytes of a node of the spatial index: a box and an offset.
const NODE_LEN: u64 = 40;

/// The only CRS read.
const WGS_84: i32 = 4326;

pub(super) fn read(file: &File, shapes: &mut Shapes, findings: &mut Findings) -> Result<(), IngestError> {
    let damaged =
        |reason: &str| file.unlike(format!("is not a whole FlatGeobuf file: {reason}; fetch it again"));
    let bytes = file.content.as_slice();
    if bytes.get(4..7) != Some(b"fgb") || bytes.get(3).is_none_or(|version| *version > flatgeobuf::VERSION) {
        return Err(damaged("its first bytes are not those of a version known"));
    }
    let frame = frame(bytes, MAGIC_LEN).ok_or_else(|| damaged("its header is cut"))?;
    let header = size_prefixed_root_as_header(frame).map_err(|_| damaged("its header is not valid"))?;
    if let Some(crs) = header.crs().filter(|crs| crs.code() != 0 && crs.code() != WGS_84) {
        let reason = format!("is in EPSG:{}; reproject it to WGS 84 (EPSG:4326)", crs.code());
        return Err(file.unlike(reason));
    }
    let columns: Vec<(&str, ColumnType)> =
        header.columns().map(|c| c.iter().map(|c| (c.name(), c.type_())).collect()).unwrap_or_default();
    let Some(column) = columns.iter().position(|(name, _)| name.eq_ignore_ascii_case(CODE)) else {
        return Err(file.unlike("has no property `code`; check that it is the file meant"));
    };
    let index = index_len(&header).ok_or_else(|| damaged("its index is not valid"))?;
    let mut at = MAGIC_LEN + frame.len();
    at = usize::try_from(index)
        .ok()
        .and_then(|len| at.checked_add(len))
        .ok_or_else(|| damaged("its index is cut"))?;

    let mut rank = 0;
    while at < bytes.len() {
        rank += 1;
        let Some(frame) = self::frame(bytes, at) else {
            findings.refused(
                rank,
                "",
                "",
                "the file ends in the middle of this feature: it may be truncated",
            );
            break;
        };
        at += frame.len();
        match size_prefixed_root_as_feature(frame) {
            Err(_) => findings.refused(rank, "", "", "is not a valid feature"),
            Ok(feature) => match code_of(&feature, &columns, column) {
                Some(code) => {
                    keep(rank, code.trim(), shape_of(&feature, header.geometry_type()), shapes, findings);
                }
                None => findings.refused(rank, CODE, "", "has no property `code`"),
            },
        }
    }
    if rank < header.features_count() {
        let reason = "the file holds fewer features than its header says: it may be truncated";
        findings.refused(rank, "", &header.features_count().to_string(), reason);
    }
    Ok(())
}

/// A buffer and the four bytes of its length before it, when they are all there.
fn frame(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let len = u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize;
    (len <= MAX_RECORD_BYTES).then(|| bytes.get(at..at + 4 + len))?
}

/// The length of the spatial index: a packed R-tree, level by level.
fn index_len(header: &Header<'_>) -> Option<u64> {
    let (mut level, fan) = (header.features_count(), u64::from(header.index_node_size()));
    if fan == 0 || level == 0 {
        return Some(0);
    }
    if fan < 2 {
        return None;
    }
    let mut nodes = level;
    while level > 1 {
        level = level.div_ceil(fan);
        nodes = nodes.checked_add(level)?;
    }
    // A tree of one feature still has a root above it.
    if header.features_count() == 1 {
        nodes = 2;
    }
    nodes.checked_mul(NODE_LEN)
}

/// The text of a column among the properties: pairs of a column's rank and a value.
fn code_of<'a>(feature: &Feature<'a>, columns: &[(&str, ColumnType)], wanted: usize) -> Option<&'a str> {
    let mut rest = feature.properties()?.bytes();
    while let Some((rank, tail)) = rest.split_first_chunk::<2>() {
        let rank = usize::from(u16::from_le_bytes(*rank));
        let (_, kind) = columns.get(rank)?;
        let (value, tail) = match *kind {
            ColumnType::Byte | ColumnType::UByte | ColumnType::Bool => tail.split_at_checked(1)?,
            ColumnType::Short | ColumnType::UShort => tail.split_at_checked(2)?,
            ColumnType::Int | ColumnType::UInt | ColumnType::Float => tail.split_at_checked(4)?,
            ColumnType::Long | ColumnType::ULong | ColumnType::Double => tail.split_at_checked(8)?,
            ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary => {
                let (len, tail) = tail.split_first_chunk::<4>()?;
                tail.split_at_checked(u32::from_le_bytes(*len) as usize)?
            }
            _ => return None,
        };
        if rank == wanted {
            return (*kind == ColumnType::String).then(|| std::str::from_utf8(value).ok())?;
        }
        rest = tail;
    }
    None
}

fn shape_of(feature: &Feature<'_>, of_file: GeometryType) -> Result<MultiPolygon, Reason> {
    let geometry = feature.geometry().ok_or("has no geometry")?;
    let kind = if of_file == GeometryType::Unknown { geometry.type_() } else { of_file };
    multi_polygon(match kind {
        GeometryType::Polygon => vec![rings_of(&geometry)?],
        GeometryType::MultiPolygon => match geometry.parts() {
            Some(parts) => parts.iter().map(|part| rings_of(&part)).collect::<Result<_, _>>()?,
            None => vec![rings_of(&geometry)?],
        },
        _ => return Err("is not a polygon"),
    })
}

/// Rings are cut at `ends`, counted in coordinates; without any there is one ring.
fn rings_of(geometry: &Geometry<'_>) -> Result<Vec<Vec<Coord>>, Reason> {
    let xy: Vec<f64> = geometry.xy().map(|xy| xy.iter().collect()).unwrap_or_default();
    let coords: Vec<Coord> = xy.chunks_exact(2).map(|pair| Coord { x: pair[0], y: pair[1] }).collect();
    let Some(ends) = geometry.ends().filter(|ends| !ends.is_empty()) else {
        return Ok(vec![coords]);
    };
    let mut start = 0;
    ends.iter()
        .map(|end| {
            let ring = coords.get(start..end as usize).ok_or("its rings are not in order")?;
            start = end as usize;
            Ok(ring.to_vec())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flatgeobuf::{FgbCrs, FgbWriter, FgbWriterOptions};
    use geo::polygon;
    use geozero::{ColumnValue, PropertyProcessor};
    use proptest::prelude::*;

    fn written(crs: i32, count: usize) -> Vec<u8> {
        let options = FgbWriterOptions {
            crs: FgbCrs { code: crs, ..FgbCrs::default() },
            ..FgbWriterOptions::default()
        };
        let mut writer =
            FgbWriter::create_with_options("communes", GeometryType::MultiPolygon, options).expect("writer");
        writer.add_column("pop", ColumnType::Int, |_, _| {});
        writer.add_column("code", ColumnType::String, |_, _| {});
        for i in 0..count {
            let x = i as f64 / 10.0;
            let hole = vec![geo::LineString::from(vec![
                (x + 0.01, 46.01),
                (x + 0.02, 46.01),
                (x + 0.02, 46.02),
                (x + 0.01, 46.01),
            ])];
            let square =
                polygon![(x: x, y: 46.0), (x: x + 0.1, y: 46.0), (x: x + 0.1, y: 46.1), (x: x, y: 46.1)];
            let shape = geo::Geometry::MultiPolygon(MultiPolygon::new(vec![
                geo::Polygon::new(square.exterior().clone(), hole),
                polygon![(x: x, y: 47.0), (x: x + 0.1, y: 47.0), (x: x + 0.1, y: 47.1)],
            ]));
            writer
                .add_feature_geom(shape, |feature| {
                    feature.property(0, "pop", &ColumnValue::Int(7)).expect("int");
                    feature
                        .property(1, "code", &ColumnValue::String(&format!("01{:03}", i + 1)))
                        .expect("text");
                })
                .expect("feature");
        }
        let mut bytes = Vec::new();
        writer.write(&mut bytes).expect("written");
        bytes
    }

    fn shapes(bytes: impl Into<Vec<u8>>) -> Result<(Shapes, Vec<String>), IngestError> {
        let file = File::of(bytes);
        let (mut shapes, mut findings) = (Shapes::new(), file.findings());
        read(&file, &mut shapes, &mut findings)?;
        Ok((shapes, findings.into_list().into_iter().map(|f| f.reason).collect()))
    }

    #[test]
    fn shapes_come_back_as_written_whatever_the_size_of_the_index() {
        for count in [1, 2, 16, 17, 300] {
            let (shapes, reasons) = shapes(written(WGS_84, count)).expect("read");
            assert!(reasons.is_empty(), "{count}: {reasons:?}");
            let codes = crate::codes::Codes {
                in_scope: (1..=count).map(|i| format!("01{i:03}").parse().expect("code")).collect(),
                ..Default::default()
            };
            let settled = super::super::settle(shapes, &codes, &mut Findings::of(""));
            assert_eq!(settled.len(), count);
            let (_, shape) = settled.first_key_value().expect("one");
            assert_eq!((shape.0.len(), shape.0[0].interiors().len()), (2, 1));
            assert_eq!(shape.0[0].exterior().0[1], Coord { x: 0.1, y: 46.0 });
        }
    }

    #[test]
    fn another_crs_is_refused_by_name() {
        assert!(shapes(written(2154, 1)).expect_err("Lambert-93").to_string().contains("EPSG:2154"));
    }

    #[test]
    fn a_truncated_file_keeps_its_whole_features() {
        let bytes = written(WGS_84, 20);
        let (_, reasons) = shapes(&bytes[..bytes.len() - 10]).expect("read");
        assert!(reasons[0].contains("truncated"));
        assert!(shapes(&bytes[..100]).is_err());
    }

    proptest! {
        #[test]
        fn a_damaged_file_never_panics(at in 0usize..2000, byte: u8, cut in 0usize..4000) {
            let mut bytes = written(WGS_84, 3);
            let len = bytes.len();
            bytes[at % len] = byte;
            let _ = shapes(bytes.clone());
            bytes.truncate(cut % len);
            let _ = shapes(bytes);
        }

        #[test]
        fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = shapes(bytes.clone());
            let _ = shapes([b"fgb\x03fgb\0".to_vec(), bytes].concat());
        }
    }
}
