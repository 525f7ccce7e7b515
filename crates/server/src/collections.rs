//! `/api/collections`: the layers, after OGC API Features.

use std::sync::Arc;

use atlas::export::Format;
use atlas::{Atlas, AtlasError, Inquiry, Layer};
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::base::{Onward, base};
use crate::listing::CRS84;
use crate::page::{Cell, Face, Page};
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

/// The layer of a name in an address.
pub(crate) fn layer(name: &str) -> Result<Layer, Problem> {
    Layer::from_slug(name).ok_or_else(|| {
        let known: Vec<&str> = Layer::ALL.iter().map(|layer| layer.slug()).collect();
        let name: String = name.chars().take(40).collect();
        Problem::NotFound(format!("there is no layer {name:?}; layers: {}", known.join(", ")))
    })
}

/// `/api/collections`.
pub(crate) async fn collections(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let face = Face::asked(&asked, &headers);
    let base = base(&headers);
    let onward = Onward::new(&base, &asked.inquiry);
    let key = format!("collections|{base}|{}|{}", face.slug(), asked.inquiry);
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let address = |query: &str| onward.to(&format!("/api/collections{query}"));
            Ok(match face {
                Face::Json => {
                    let collections = atlas
                        .layers()
                        .map(|l| description(atlas, l, &base, &asked.inquiry))
                        .collect::<Result<Vec<_>, _>>()?;
                    let document = json!({
                        "links": [
                            {"rel": "self", "type": "application/json", "href": address("")},
                            {"rel": "alternate", "type": "text/html", "href": address("?f=html")},
                        ],
                        "collections": collections,
                    });
                    Representation::new("application/json", document.to_string())
                }
                Face::Page => {
                    let mut page = Page::new(&base, "Couches");
                    page.pairs(atlas.layers().map(|layer| {
                        let href = address(&format!("/{}", layer.slug()));
                        (layer.title().to_owned(), Cell::link(layer.description(), &href))
                    }));
                    page.links(&[("Ce document en JSON", address("?f=json"))]);
                    page.finish(&format!("Atlas {}", atlas.id()))
                }
            }
            .negotiated())
        })
        .await
}

/// `/api/collections/{layer}`.
pub(crate) async fn collection(
    extract::State(state): extract::State<Arc<State>>,
    Segments([name]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let face = Face::asked(&asked, &headers);
    let layer = layer(&name)?;
    let base = base(&headers);
    let key = format!("collection|{base}|{name}|{}|{}", face.slug(), asked.inquiry);
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let description = description(atlas, layer, &base, &asked.inquiry)?;
            Ok(match face {
                Face::Json => Representation::new("application/json", description.to_string()),
                Face::Page => {
                    let onward = Onward::new(&base, &asked.inquiry);
                    let address = |rest: &str| onward.to(&format!("/api/collections/{}{rest}", layer.slug()));
                    let mut page =
                        Page::new(&base, layer.title()).under("Couches", onward.to("/api/collections"));
                    page.say(layer.description());
                    page.links(&[
                        ("Voir les éléments", address("/items")),
                        ("Propriétés filtrables", address("/queryables")),
                        ("Propriétés triables", address("/sortables")),
                        ("Tuiles vectorielles", onward.to(&format!("/tiles/{}", layer.slug()))),
                    ]);
                    page.section("Attributs");
                    let fields = layer.fields().iter();
                    page.pairs(fields.map(|field| (field.label.to_owned(), Cell::code(field.name))));
                    page.links(&[("Ce document en JSON", address("?f=json"))]);
                    page.finish(&format!("Atlas {}", atlas.id()))
                }
            }
            .negotiated())
        })
        .await
}

fn description(atlas: &Atlas, layer: Layer, base: &str, inquiry: &Inquiry) -> Result<Json, Problem> {
    if !atlas.has(layer) {
        return Err(AtlasError::NoSource(layer).into());
    }
    let onward = Onward::new(base, inquiry);
    let address = |rest: &str| onward.to(&format!("/api/collections/{}{rest}", layer.slug()));
    // What has no outline is somewhere in the atlas.
    let bounds =
        atlas.bounds(inquiry)?.map_or_else(|| atlas.bounds(&Inquiry::default()), |own| Ok(Some(own)))?;
    let link = |rel: &str, media: &str, href: String| json!({"rel": rel, "type": media, "href": href});
    let related = |name: &str| format!("http://www.opengis.net/def/rel/ogc/1.0/{name}");
    let mut links = vec![
        link("self", "application/json", address("")),
        link("alternate", "text/html", address("?f=html")),
        link("items", "application/geo+json", address("/items")),
        link("items", "text/html", address("/items?f=html")),
    ];
    let files = Format::ALL.into_iter().filter(|format| *format != Format::GeoJson);
    links.extend(
        files.map(|format| {
            link("items", format.media_type(), address(&format!("/items?f={}", format.slug())))
        }),
    );
    links.extend([
        link(&related("queryables"), "application/schema+json", address("/queryables")),
        link(&related("sortables"), "application/schema+json", address("/sortables")),
        link("alternate", "application/json", onward.to(&format!("/tiles/{}", layer.slug()))),
    ]);
    Ok(json!({
        "id": layer.slug(),
        "title": layer.title(),
        "description": layer.description(),
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "extent": {"spatial": {"bbox": [bounds], "crs": CRS84}},
        "links": links,
    }))
}
