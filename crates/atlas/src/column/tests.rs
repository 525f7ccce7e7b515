use super::*;
use crate::tables::tests::plain_tables;
use proptest::prelude::*;

/// Names with their values, in the order of the identifiers.
type Named = Vec<(String, Vec<Option<f64>>)>;

/// Reads the binary form where every identifier has its rank.
fn decode(bytes: &[u8]) -> Option<Named> {
    decode_of(bytes).filter(|(ids, _)| ids.is_none()).map(|(_, columns)| columns)
}

/// Reads the binary form, as its table says: the identifiers where they are listed, names with their values.
fn decode_of(bytes: &[u8]) -> Option<(Option<Vec<u64>>, Named)> {
    let number = |at: usize, width: usize| {
        let mut raw = [0; 8];
        raw[..width].copy_from_slice(bytes.get(at..at + width)?);
        Some(u64::from_le_bytes(raw))
    };
    if bytes.get(..5)? != b"MVAL\x01" {
        return None;
    }
    let (n_columns, n) = (number(6, 2)?, number(8, 4)? as usize);
    let mut at = 16;
    let ids = match bytes[5] {
        0 => None,
        1 => Some((0..n).map(|rank| number(at + rank * 4, 4)).collect::<Option<Vec<u64>>>()?),
        _ => return None,
    };
    if ids.is_some() {
        at = (at + n * 4).next_multiple_of(8);
    }
    let mut columns = Vec::new();
    for _ in 0..n_columns {
        let [width, decimals, _, length] = bytes.get(at..at + 4)?.try_into().ok()?;
        let (width, length) = (usize::from(width), usize::from(length));
        let name = std::str::from_utf8(bytes.get(at + 8..at + 8 + length)?).ok()?.to_owned();
        let valid = (at + 8 + length).next_multiple_of(8);
        let values = (valid + n.div_ceil(8)).next_multiple_of(8);
        let value = |id: usize| {
            let is_there = bytes.get(valid + id / 8)? >> (id % 8) & 1 == 1;
            let raw = number(values + id * width, width)?;
            let value = match width {
                8 => f64::from_bits(raw),
                _ => raw as f64 / 10f64.powi(i32::from(decimals)),
            };
            Some(is_there.then_some(value))
        };
        columns.push((name, (0..n).map(value).collect::<Option<_>>()?));
        at = (values + n * width).next_multiple_of(8);
    }
    (at == bytes.len()).then_some((ids, columns))
}

fn json(columns: &Columns) -> serde_json::Value {
    let mut text = Vec::new();
    columns.write_json(&mut text).expect("written");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn a_column_is_the_attribute_of_every_feature_of_every_layer() {
    let atlas = Atlas::new(plain_tables(7, 6), String::new());
    for layer in atlas.layers() {
        for query in ["", "minutes=5", "mode=walk&fragility_min=5", "PART"] {
            let code = atlas.gazetteer().communes()[2].code;
            let inquiry = Inquiry::parse(&query.replace("PART", &format!("territory=commune:{code}")));
            let inquiry = inquiry.expect(query);
            let table = atlas.table(layer, &inquiry).expect("a table");
            let fields: Vec<&'static Field> = layer.numbers().collect();
            let columns = atlas.columns(layer, &inquiry, &fields, &[]).expect("columns");
            let decoded = decode(&columns.to_bytes()).expect("the form described");
            let json = json(&columns);
            assert_eq!(decoded.len(), fields.len());
            for (field, (name, numbers)) in fields.iter().zip(&decoded) {
                assert_eq!(
                    (name.as_str(), json["columns"][name].as_array().map(Vec::len)),
                    (field.name, Some(numbers.len()))
                );
                let rank = |name: &str| layer.fields().iter().position(|f| f.name == name);
                let at = |n: usize, name: &str| table.values(&atlas, n)[rank(name).expect("a field")].clone();
                for (id, number) in (1..).zip(numbers) {
                    let value = table.find(id).and_then(|n| {
                        if let Some(rank) = rank(field.name) {
                            return atlas.value(&table, n, rank);
                        }
                        // That of no feature: it says of two what hatching does.
                        let estimated = at(n, "method") == Value::Text("estimated".into());
                        Some(f64::from(u8::from(estimated && at(n, "population") != Value::Int(0))))
                    });
                    assert_eq!(*number, value, "{} {name} of {id}, {query}", layer.slug());
                    let told = &json["columns"][name][id as usize - 1];
                    let told = told.as_f64().or(told.as_bool().map(|yes| f64::from(u8::from(yes))));
                    assert_eq!(told, value);
                }
            }
        }
    }
}

#[test]
fn a_box_lists_what_touches_it_with_its_values() {
    let atlas = Atlas::new(plain_tables(7, 6), String::new());
    let inquiry = Inquiry::default();
    for layer in [Layer::Communes, Layer::Cells, Layer::Departements] {
        let fields: Vec<&'static Field> = layer.numbers().collect();
        let columns = |boxes: &[Extent]| atlas.columns(layer, &inquiry, &fields, boxes).expect("columns");
        let table = atlas.table(layer, &inquiry).expect("a table");
        let extent = table.extent(table.len() / 2).expect("somewhere");
        let mut touching: Vec<u64> = table.within(extent).into_iter().map(|n| table.id(n)).collect();
        touching.sort_unstable();
        assert!(!touching.is_empty());
        let all = decode(&columns(&[]).to_bytes()).expect("the form described");
        // Boxes that overlap list what is in both once.
        let within = columns(&[extent, extent]);
        let (ids, some) = decode_of(&within.to_bytes()).expect("the form described");
        assert_eq!(ids.as_ref(), Some(&touching));
        let told = json(&within);
        assert_eq!(told["of"], serde_json::json!(touching));
        assert_eq!(told["ids"], touching.len());
        for ((name, all), (_, some)) in all.into_iter().zip(some) {
            let kept: Vec<Option<f64>> = touching.iter().map(|&id| all[id as usize - 1]).collect();
            assert_eq!(some, kept, "{} {name}", layer.slug());
            assert_eq!(told["columns"][&name].as_array().map(Vec::len), Some(touching.len()));
        }
    }
}

#[test]
fn the_narrowest_width_that_loses_nothing_is_taken() {
    let width = |numbers: &[f64], decimals: i32| {
        Width::of(&numbers.iter().copied().map(Some).collect::<Vec<_>>(), 10f64.powi(decimals))
    };
    assert_eq!(width(&[0.0, 25.5], 1), Width::One);
    assert_eq!(width(&[25.6], 1), Width::Two);
    assert_eq!(width(&[65_536.0], 0), Width::Four);
    assert_eq!(width(&[4_294_967_295.0], 0), Width::Four);
    for odd in [4_294_967_296.0, -1.0, 0.25, f64::NAN, f64::INFINITY, -0.0] {
        assert_eq!(width(&[1.0, odd], 1), Width::Double, "{odd}");
    }
    assert_eq!(width(&[], 3), Width::One);
}

proptest! {
    #[test]
    fn what_is_written_comes_back(
        raw in prop::collection::vec(prop::option::of(prop_oneof![
            (0u32..70_000).prop_map(|n| f64::from(n) / 10.0),
            any::<u32>().prop_map(f64::from),
            any::<f64>(),
        ]), 0..70),
        second in prop::collection::vec(prop::option::of(0u32..300), 0..70),
    ) {
        let n_ids = raw.len();
        let field = |name: &str| Layer::Communes.numbers().find(|f| f.name == name).expect("a field");
        let mut second: Vec<Option<f64>> = second.into_iter().map(|n| n.map(f64::from)).collect();
        second.resize(n_ids, None);
        let list = vec![
            Column { field: field("access_min"), numbers: raw.clone() },
            Column { field: field("beyond"), numbers: second.clone() },
        ];
        let listed: Vec<u32> = (0..n_ids as u32).map(|rank| rank * 3 + 2).collect();
        let some = Columns { layer: Layer::Communes, of: Identifiers::Listed(listed.clone()), list: list.clone() };
        let (ids, columns) = decode_of(&some.to_bytes()).expect("the form described");
        prop_assert_eq!(ids, Some(listed.into_iter().map(u64::from).collect()));
        let bytes = Columns { layer: Layer::Communes, of: Identifiers::All(n_ids), list }.to_bytes();
        prop_assert_eq!(bytes.len() % 8, 0);
        let decoded = decode(&bytes).expect("the form described");
        let bits = |numbers: &[Option<f64>]| numbers.iter().map(|n| n.map(f64::to_bits)).collect::<Vec<_>>();
        prop_assert_eq!(bits(&decoded[0].1), bits(&raw));
        prop_assert_eq!(bits(&columns[0].1), bits(&raw));
        prop_assert_eq!(bits(&decoded[1].1), bits(&second));
        // Cut anywhere, it is seen to be cut.
        prop_assert!(bytes.is_empty() || decode(&bytes[..bytes.len() - 1]).is_none());
    }
}
