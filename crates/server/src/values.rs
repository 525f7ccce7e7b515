//! `/values/{layer}`: the numbers of a layer for an inquiry, by feature identifier, without shapes.

use std::sync::Arc;

use atlas::{Field, InvalidParameter, Layer, parse_bbox};
use axum::extract;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::collections::layer;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::Representation;
use crate::service::Segments;
use crate::state::State;

/// The media type of the binary form, which docs/api.md describes.
pub(crate) const BINARY: &str = "application/vnd.maillage.values";

/// Columns in one answer at most.
const MOST_COLUMNS: usize = 20;

pub(crate) async fn values(
    extract::State(state): extract::State<Arc<State>>,
    Segments([name]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = layer(&name)?;
    let fields = fields(layer, asked.given("column").unwrap_or_default())?;
    let boxes = asked.given("bbox").map(parse_bbox).transpose()?.unwrap_or_default();
    let binary = asked.given("f").map_or_else(|| accepts_binary(&headers), |form| form == "bin");
    let freshness = asked.freshness(state.atlas()?);
    let key = format!("values|{name}|{binary}|{}", asked.key());
    state
        .answer(key, headers, freshness, move |atlas| {
            let columns = atlas.columns(layer, &asked.inquiry, &fields, &boxes)?;
            let representation = if binary {
                Representation::new(BINARY, columns.to_bytes())
            } else {
                let mut text = Vec::new();
                columns.write_json(&mut text).map_err(|_| Problem::Internal)?;
                Representation::new("application/json", text)
            };
            Ok(representation.negotiated())
        })
        .await
}

/// The binary form only for those who name it.
fn accepts_binary(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let mut medias = lines.flat_map(|line| line.split(',')).map(str::trim);
    medias.any(|media| {
        let (named, weight) = media.split_once(';').unwrap_or((media, ""));
        named.trim().eq_ignore_ascii_case(BINARY)
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// The attributes named, each once; what is no number is refused.
fn fields(layer: Layer, names: &str) -> Result<Vec<&'static Field>, InvalidParameter> {
    let known = || layer.numbers().map(|field| field.name).collect::<Vec<_>>().join(", ");
    let refused = |name: &str, why: &str| {
        let allowed = match known() {
            none if none.is_empty() => format!("{why}; the layer {} has no number", layer.slug()),
            known => format!("{why}; numbers of {}: {known}", layer.slug()),
        };
        InvalidParameter::new("column", name, allowed)
    };
    let mut fields: Vec<&'static Field> = Vec::new();
    for name in names.split(',') {
        let field = layer.numbers().find(|field| field.name == name);
        let field = field.ok_or_else(|| {
            let is_text = layer.fields().iter().any(|field| field.name == name);
            refused(name, if is_text { "a text" } else { "no such column" })
        })?;
        if fields.contains(&field) {
            return Err(refused(name, "given twice"));
        }
        if fields.len() == MOST_COLUMNS {
            return Err(refused(name, "too many columns"));
        }
        fields.push(field);
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_form_is_for_those_who_name_it() {
        let accepting = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, value.parse().expect("a header"));
            accepts_binary(&headers)
        };
        assert!(accepting(BINARY) && accepting(&format!("application/json;q=0.1, {BINARY};q=0.9")));
        assert!(!accepting("*/*") && !accepting("application/*") && !accepting("application/json"));
        assert!(!accepting(&format!("{BINARY};q=0")) && !accepts_binary(&HeaderMap::new()));
    }

    #[test]
    fn a_column_is_a_number_of_the_layer_named_once() {
        let refusal =
            |layer, names: &str| fields(layer, names).map(|fields| fields.len()).expect_err(names).allowed;
        assert_eq!(fields(Layer::Communes, "access_min,beyond").map(|fields| fields.len()), Ok(2));
        assert!(
            refusal(Layer::Communes, "name")
                .starts_with("a text; numbers of communes: population, access_min")
        );
        for (names, why) in
            [("access", "no such"), ("", "no such"), ("beyond,beyond", "twice"), ("beyond,", "no such")]
        {
            assert!(refusal(Layer::Cells, names).contains(why), "{names}");
        }
        assert!(refusal(Layer::Venues, "name").ends_with("the layer venues has no number"));
        for layer in Layer::ALL {
            let all: Vec<&str> = layer.numbers().map(|field| field.name).collect();
            assert!(all.len() <= MOST_COLUMNS && (all.is_empty() || fields(layer, &all.join(",")).is_ok()));
        }
    }
}
