//! `/api/collections/{layer}/queryables` and `…/sortables`: what a filter and a sort may name (OGC API
//! Features part 3).

use std::sync::Arc;

use atlas::{Atlas, AtlasError, GEOMETRY, ID, Kind, Layer, Property};
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use crate::base::{Onward, base};
use crate::collections::layer;
use crate::page::{Cell, Column, Face, Page};
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

pub(crate) const SCHEMA: &str = "application/schema+json";

/// What the properties of a layer are listed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Filter,
    Sort,
}

impl Purpose {
    fn slug(self) -> &'static str {
        match self {
            Self::Filter => "queryables",
            Self::Sort => "sortables",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Filter => "Propriétés filtrables",
            Self::Sort => "Propriétés triables",
        }
    }
}

/// `/api/collections/{layer}/queryables`.
pub(crate) async fn queryables(
    state: extract::State<Arc<State>>,
    segments: Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    properties(Purpose::Filter, state.0, segments, asked, headers).await
}

/// `/api/collections/{layer}/sortables`.
pub(crate) async fn sortables(
    state: extract::State<Arc<State>>,
    segments: Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    properties(Purpose::Sort, state.0, segments, asked, headers).await
}

async fn properties(
    purpose: Purpose,
    state: Arc<State>,
    Segments([name]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let face = Face::asked(&asked, &headers);
    let layer = layer(&name)?;
    let base = base(&headers);
    let onward = Onward::new(&base, &asked.inquiry);
    let key = format!("{}|{base}|{name}|{}|{}", purpose.slug(), face.slug(), asked.inquiry);
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas: &Atlas| {
            if !atlas.has(layer) {
                return Err(AtlasError::NoSource(layer).into());
            }
            let own = |rest: &str| onward.to(&format!("/api/collections/{}{rest}", layer.slug()));
            let id = format!("{base}/api/collections/{}/{}", layer.slug(), purpose.slug());
            Ok(match face {
                Face::Json => Representation::new(SCHEMA, schema(purpose, layer, &id).to_string()),
                Face::Page => {
                    let mut page = Page::new(&base, purpose.title())
                        .under("Couches", onward.to("/api/collections"))
                        .under(layer.title(), own(""));
                    let column = |name, label| Column { name, label, is_number: false };
                    let columns = [column("name", "Nom"), column("title", "Libellé"), column("type", "Type")];
                    let rows = Property::of(layer).map(|property| {
                        let kind = match property.kind {
                            Kind::Text => "texte",
                            Kind::Int => "nombre entier",
                            Kind::Float(_) => "nombre",
                            Kind::Bool => "vrai ou faux",
                        };
                        vec![Cell::code(property.name), Cell::text(property.label), Cell::text(kind)]
                    });
                    let shape = vec![Cell::code(GEOMETRY), Cell::text("Géométrie"), Cell::text("géométrie")];
                    page.table(&columns, rows.chain((purpose == Purpose::Filter).then_some(shape)));
                    page.links(&[("Ce document en JSON", own(&format!("/{}?f=json", purpose.slug())))]);
                    page.finish("")
                }
            }
            .negotiated())
        })
        .await
}

fn schema(purpose: Purpose, layer: Layer, id: &str) -> Json {
    let mut properties: Map<String, Json> = Property::of(layer)
        .map(|property| {
            let kind = match property.kind {
                Kind::Text => "string",
                Kind::Int => "integer",
                Kind::Float(_) => "number",
                Kind::Bool => "boolean",
            };
            let mut described = json!({"title": property.label, "type": kind});
            if property.name == ID {
                described["x-ogc-role"] = "id".into();
            }
            (property.name.to_owned(), described)
        })
        .collect();
    if purpose == Purpose::Filter {
        let format = match layer {
            Layer::Venues | Layer::Labels => "geometry-point",
            Layer::Cells => "geometry-polygon",
            _ => "geometry-multipolygon",
        };
        let shape = json!({"title": "Géométrie", "format": format, "x-ogc-role": "primary-geometry"});
        properties.insert(GEOMETRY.to_owned(), shape);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "title": layer.title(),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
