use super::*;
use crate::Inquiry;
use crate::atlas::Atlas;
use crate::export::about::about;
use crate::tables::tests::plain_tables;

fn written(layers: &[Layer]) -> String {
    let atlas = Atlas::new(plain_tables(4, 3), "0".to_owned());
    let inquiry = Inquiry::default();
    let tables: Vec<_> = layers.iter().map(|&l| atlas.table(l, &inquiry).expect("a table")).collect();
    let selections: Vec<Selection<'_>> =
        tables.iter().map(|table| Selection::new(&atlas, table, &inquiry, &[])).collect();
    let about = about(&atlas, &inquiry).expect("told");
    project(&selections, Metric::AccessMin, &about, &Data::Beside("data.gpkg".to_owned())).expect("a project")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).expect(before).1;
    rest.split_once(after).expect(after).0
}

#[test]
fn areas_take_turns_as_one_comes_nearer_and_the_rest_is_always_there() {
    let xml = written(&[Layer::Communes, Layer::Departements, Layer::Zones]);
    let scales = |layer: &str| {
        let own = xml.split("<maplayer ").find(|own| own.contains(&format!("<id>maillage_{layer}</id>")));
        let own = own.expect(layer);
        ["minScale=\"", "maxScale=\""].map(|name| between(own, name, "\"").parse::<f64>().expect("a number"))
    };
    let [[farthest, nearest], [far, near]] = [scales("departements"), scales("communes")];
    assert_eq!((farthest, near), (0.0, 0.0), "the widest has no end, the finest neither");
    assert!(nearest > 0.0 && nearest == far, "one begins where the other ends: {nearest} {far}");
    assert_eq!(scales("zones"), [0.0, 0.0]);
}

#[test]
fn a_layer_alone_is_drawn_at_every_scale() {
    let xml = written(&[Layer::Communes]);
    assert!(xml.contains("hasScaleBasedVisibilityFlag=\"0\"") && !xml.contains("Lieux et zones"));
}

#[test]
fn the_topmost_comes_first_and_a_legend_names_what_the_map_shows() {
    let xml = written(&Layer::ALL.map(|l| if l == Layer::PriorityAreas { Layer::Zones } else { l })[..7]);
    let names = |text: &str| {
        let ids = text.split("<layer-tree-layer id=\"maillage_").skip(1);
        ids.map(|rest| rest.split_once('"').map_or("", |(id, _)| id).to_owned()).collect::<Vec<_>>()
    };
    let tree = names(xml.split_once("<mapcanvas").expect("a canvas").0);
    assert_eq!(tree, ["venues", "zones", "cells", "communes", "epcis", "departements", "regions"]);
    let legend = names(between(&xml, "<Layouts>", "</Layouts>"));
    assert_eq!(legend[..2], tree[..2]);
    assert_eq!(legend.len(), 3, "of areas one: {legend:?}");
}
