//! Layers, ids, properties, bytes.

use fast_mvt::{MvtReaderRef, MvtValueRef};
use geo::{Coord, Geometry, Point, polygon};
use proptest::prelude::*;
use tiles::{EncodeError, LayerBuilder, TileFeature, TileGeometry, Value, ValueKind, cut, encode};

use crate::strict::{strict, tile, world};

fn spot() -> TileGeometry {
    let place = tile(9, 263, 182);
    cut(&world(place, &Geometry::Point(Point(Coord { x: 25.0, y: 17.0 }))), place).unwrap()
}

fn feature<'a>(id: u64, geometry: &'a TileGeometry, properties: &[(&'a str, Value<'a>)]) -> TileFeature<'a> {
    TileFeature { id, geometry, properties: properties.to_vec() }
}

#[test]
fn a_tile_carries_its_layers_in_order_with_typed_properties() {
    let spot = spot();
    let mut towns = LayerBuilder::new("towns").unwrap();
    towns
        .add(feature(
            3,
            &spot,
            &[("name", "Ambérieu".into()), ("beyond", 12_u64.into()), ("capital", false.into())],
        ))
        .unwrap();
    towns
        .add(feature(
            9,
            &spot,
            &[("access_min", 7.5.into()), ("beyond", 12_u64.into()), ("delta", (-4_i64).into())],
        ))
        .unwrap();
    let mut roads = LayerBuilder::new("roads").unwrap();
    roads.add(feature(3, &spot, &[])).unwrap();
    let bytes = encode([towns, roads]).unwrap();

    let reader = MvtReaderRef::new(&bytes).unwrap();
    let layers: Vec<_> = reader.layers().collect();
    assert_eq!(layers.iter().map(|layer| layer.name()).collect::<Vec<_>>(), ["towns", "roads"]);
    assert!(layers.iter().all(|layer| layer.extent() == 4096));
    let features: Vec<_> = layers[0].features().collect();
    assert_eq!(features.iter().map(|f| f.id()).collect::<Vec<_>>(), [Some(3), Some(9)]);
    assert!(features.iter().all(|feature| strict(*feature) == spot.to_geo()));
    assert_eq!(
        features[0].properties_vec().unwrap(),
        [
            ("beyond", MvtValueRef::UInt(12)),
            ("capital", MvtValueRef::Bool(false)),
            ("name", MvtValueRef::String("Ambérieu"))
        ]
    );
    assert_eq!(
        features[1].properties_vec().unwrap(),
        [
            ("access_min", MvtValueRef::Double(7.5)),
            ("beyond", MvtValueRef::UInt(12)),
            ("delta", MvtValueRef::SInt(-4))
        ]
    );
}

#[test]
fn a_layer_without_features_and_a_tile_without_layers_are_no_bytes() {
    assert!(encode([]).unwrap().is_empty());
    assert!(encode([LayerBuilder::new("towns").unwrap()]).unwrap().is_empty());
}

#[test]
fn names_of_layers_are_unique_and_not_empty() {
    assert_eq!(LayerBuilder::new("").err(), Some(EncodeError::UnnamedLayer));
    let spot = spot();
    let layer = || {
        let mut layer = LayerBuilder::new("towns").unwrap();
        layer.add(feature(1, &spot, &[])).unwrap();
        layer
    };
    assert_eq!(encode([layer(), layer()]), Err(EncodeError::DuplicateLayer("towns".into())));
    let empty = || LayerBuilder::new("towns").unwrap();
    assert_eq!(encode([empty(), layer()]), Err(EncodeError::DuplicateLayer("towns".into())));
}

#[test]
fn a_refused_feature_leaves_the_layer_as_it_was() {
    let spot = spot();
    let mut layer = LayerBuilder::new("towns").unwrap();
    layer.add(feature(1, &spot, &[("apl", 1.0.into())])).unwrap();
    let (name, towns) = (|| "apl".to_owned(), || "towns".to_owned());

    let error = layer.add(feature(1, &spot, &[])).unwrap_err();
    assert_eq!(error, EncodeError::DuplicateId { layer: towns(), id: 1 });
    let error = layer
        .add(feature(2, &spot, &[("apl", 1.0.into()), ("b", true.into()), ("apl", 2.0.into())]))
        .unwrap_err();
    assert_eq!(error, EncodeError::DuplicateProperty { layer: towns(), id: 2, name: name() });
    let error = layer.add(feature(2, &spot, &[("apl", 1_u64.into())])).unwrap_err();
    let (before, now) = (ValueKind::Float, ValueKind::Uint);
    assert_eq!(error, EncodeError::MixedTypes { layer: towns(), id: 2, name: name(), before, now });
    assert_eq!(error.to_string(), r#"property "apl" of layer "towns" is Float, but Uint in feature 2"#);
    let error = layer.add(feature(2, &spot, &[("apl", f64::NAN.into())])).unwrap_err();
    assert_eq!(error, EncodeError::NotFinite { layer: towns(), id: 2, name: name() });

    assert_eq!(layer.n_features(), 1);
    layer.add(feature(2, &spot, &[("apl", (-0.0).into())])).unwrap();
    let bytes = encode([layer]).unwrap();
    assert_eq!(MvtReaderRef::new(&bytes).unwrap().layers().next().unwrap().features().count(), 2);
}

proptest! {
    #[test]
    fn the_order_in_which_properties_are_given_does_not_change_a_byte(
        mut names in prop::collection::btree_set("[a-z]{1,6}", 1..8).prop_map(|names| names.into_iter().collect::<Vec<_>>()),
        turn in 0_usize..8,
    ) {
        let spot = spot();
        let bytes = |names: &[String]| {
            let mut layer = LayerBuilder::new("layer").unwrap();
            for id in 0..3 {
                let properties = names.iter().map(|name| (name.as_str(), (name.len() as u64 + id).into())).collect();
                layer.add(TileFeature { id, geometry: &spot, properties }).unwrap();
            }
            encode([layer]).unwrap()
        };
        let sorted = bytes(&names);
        let turn = turn % names.len();
        names.rotate_left(turn);
        prop_assert_eq!(sorted, bytes(&names));
    }
}

#[test]
fn the_crate_mvt_writes_the_same_tile_where_it_alters_nothing() {
    let place = tile(9, 263, 182);
    let diamond = polygon![(x: 10.0, y: 50.0), (x: 53.0, y: 7.0), (x: 90.0, y: 48.0), (x: 47.0, y: 95.0)];
    let ours = cut(&world(place, &diamond.into()), place).unwrap();
    let mut layer = LayerBuilder::new("towns").unwrap();
    layer.add(feature(7, &ours, &[("beyond", (-12_i64).into()), ("name", "Ambérieu".into())])).unwrap();
    let bytes = encode([layer]).unwrap();

    let mut pen = mvt::GeomEncoder::<i32>::new(mvt::GeomType::Polygon);
    for vertex in ours.vertices() {
        pen.add_point(i32::from(vertex.x), i32::from(vertex.y)).unwrap();
    }
    let mut theirs = mvt::Tile::new(4096);
    let mut feature = theirs.create_layer("towns").into_feature(pen.encode().unwrap());
    feature.set_id(7);
    feature.add_tag_sint("beyond", -12);
    feature.add_tag_string("name", "Ambérieu");
    theirs.add_layer(feature.into_layer()).unwrap();
    let other = theirs.to_bytes().unwrap();

    let read = |bytes: &[u8]| {
        let reader = MvtReaderRef::new(bytes).unwrap();
        let layer = reader.layers().next().unwrap();
        let feature = layer.features().next().unwrap();
        let properties = format!("{:?}", feature.properties_vec().unwrap());
        (layer.name().to_owned(), layer.extent(), feature.id(), properties, strict(feature))
    };
    assert_eq!(read(&bytes), read(&other));
    assert_eq!(bytes.len(), other.len());
}

#[test]
fn a_vertex_in_the_middle_of_a_straight_border_is_written() {
    // A neighbour may turn there: without it, their common border would not be the same line.
    let places = [(20.0, 20.0), (50.0, 20.0), (80.0, 20.0), (80.0, 80.0), (20.0, 80.0)];
    let at = tile(13, 4211, 2914);
    let corners: Vec<Coord<f64>> = places
        .iter()
        .map(|&(x, y)| {
            let bounds = at.bounds();
            Coord {
                x: bounds.min().x + x / 100.0 * bounds.width(),
                y: bounds.max().y - y / 100.0 * bounds.height(),
            }
        })
        .collect();
    let shape = geo::Polygon::new(corners.into(), Vec::new()).into();
    let coverage = tiles::Coverage::new(&[&shape]).unwrap();
    let cut = coverage.level(at.z(), &[Some(0)]).cut(at);
    let mut layer = LayerBuilder::new("towns").unwrap();
    layer.add(feature(1, &cut[0].1, &[])).unwrap();
    let bytes = encode([layer]).unwrap();
    let reader = MvtReaderRef::new(&bytes).unwrap();
    let Geometry::MultiPolygon(read) = strict(reader.layers().next().unwrap().features().next().unwrap())
    else {
        panic!("not polygons");
    };
    assert_eq!(read.0[0].exterior().0.len(), places.len() + 1);
}
