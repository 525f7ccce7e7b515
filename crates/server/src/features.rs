//! `/api/collections/{layer}/items` and `/api/zones`: features, after OGC API Features.

use std::sync::Arc;

use atlas::export::{Format, Page as GeoJsonPage, Selection, write};
use atlas::{Atlas, Kind, Layer};
use axum::extract;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use serde_json::json;

use crate::base::base;
use crate::collections::layer;
use crate::listing::Listing;
use crate::page::{Cell, Column, Face, Page};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

/// `/api/collections/{layer}/items`.
pub(crate) async fn items(
    state: extract::State<Arc<State>>,
    Segments([name]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = layer(&name)?;
    let base = base(&headers);
    let address = format!("{base}/api/collections/{name}/items");
    let listing = Listing::new(layer, address, asked, Some(&headers))?;
    list(state.0, layer, listing, base, headers).await
}

/// `/api/zones`: the collection `zones`, whole by default; a page only when `f=html` asks for it.
pub(crate) async fn zones(
    state: extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&headers);
    let address = format!("{base}/api/zones");
    let listing = Listing::new(Layer::Zones, address, asked, None)?;
    list(state.0, Layer::Zones, listing, base, headers).await
}

/// The same of the ground posted.
pub(crate) async fn zones_within(
    state: extract::State<Arc<State>>,
    asked: Query,
    Posted { perimeter, headers }: Posted,
) -> Result<Response, Problem> {
    let base = base(&headers);
    let address = format!("{base}/api/zones");
    let listing = Listing::new(Layer::Zones, address, asked.within(&perimeter), None)?;
    list(state.0, Layer::Zones, listing, base, headers).await
}

/// `/api/collections/{layer}/items/{id}`.
pub(crate) async fn item(
    extract::State(state): extract::State<Arc<State>>,
    Segments([name, id]): Segments<2>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let face = Face::asked(&asked, &headers);
    let layer = layer(&name)?;
    let missing = || {
        let id: String = id.chars().take(40).collect();
        Problem::NotFound(format!("the layer {} has no feature {id:?} for this question", layer.slug()))
    };
    let number: u64 = id.parse().map_err(|_| missing())?;
    let missing = missing();
    let base = base(&headers);
    let key = format!("item|{base}|{name}|{number}|{}|{}", face.slug(), asked.key());
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let table = atlas.table(layer, &asked.inquiry)?;
            let n = table.find(number).ok_or(missing)?;
            let features = [n];
            let selection = Selection::new(atlas, &table, &asked.inquiry, &features);
            let collection = format!("{base}/api/collections/{}", layer.slug());
            let question = question(&asked.inquiry);
            let address = |form: &str| {
                let query = [question.as_str(), form].into_iter().filter(|part| !part.is_empty());
                let query = query.collect::<Vec<_>>().join("&");
                let mark = if query.is_empty() { "" } else { "?" };
                format!("{collection}/items/{number}{mark}{query}")
            };
            Ok(match face {
                Face::Json => {
                    let media = Format::GeoJson.media_type();
                    let mut feature = selection.geojson_feature(n);
                    feature["links"] = json!([
                        {"rel": "self", "type": media, "href": address("")},
                        {"rel": "alternate", "type": "text/html", "href": address("f=html")},
                        {"rel": "collection", "type": "application/json", "href": collection},
                    ]);
                    Representation::new(media, feature.to_string())
                }
                Face::Page => {
                    let attributes = selection.attributes(n);
                    let title = attributes.iter().find(|(field, _)| field.name == "name");
                    let title = title.map_or_else(|| number.to_string(), |(field, value)| field.shown(value));
                    let mut page = Page::new(&base, &title)
                        .under("Couches", format!("{base}/api/collections"))
                        .under(layer.title(), format!("{collection}/items"));
                    let shown = attributes
                        .iter()
                        .map(|(field, value)| (field.label.to_owned(), Cell::text(&field.shown(value))));
                    page.pairs(std::iter::once(("Identifiant".to_owned(), Cell::code(number))).chain(shown));
                    page.links(&[("GeoJSON", address("f=json"))]);
                    page.finish(&selection.provenance())
                }
            }
            .negotiated())
        })
        .await
}

/// An inquiry as it stands in an address.
fn question(inquiry: &atlas::Inquiry) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(inquiry.parameters());
    query.finish()
}

async fn list(
    state: Arc<State>,
    layer: Layer,
    listing: Listing,
    base: String,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let built = state.built()?.to_owned();
    let key = listing.key();
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            slice(atlas, layer, &listing, &base, &built)
        })
        .await
}

fn slice(
    atlas: &Atlas,
    layer: Layer,
    listing: &Listing,
    base: &str,
    built: &str,
) -> Result<Representation, Problem> {
    let table = atlas.table(layer, &listing.inquiry)?;
    let matched = listing.subset.of(atlas, &table);
    let features: Vec<usize> = matched.iter().copied().skip(listing.offset).take(listing.limit).collect();
    let selection =
        Selection { fields: &listing.fields, ..Selection::new(atlas, &table, &listing.inquiry, &features) };
    let collection = format!("{base}/api/collections/{}", layer.slug());
    let mut bytes = Vec::new();
    let representation = if listing.face == Face::Page {
        rows(&selection, listing, matched.len(), base, &collection)
    } else if listing.format == Format::GeoJson {
        let mut page = GeoJsonPage { feature_bbox: layer == Layer::Zones, ..GeoJsonPage::default() };
        page.members.insert("numberMatched".to_owned(), matched.len().into());
        page.members.insert("numberReturned".to_owned(), features.len().into());
        page.members.insert("timeStamp".to_owned(), built.into());
        page.members.insert("links".to_owned(), listing.links(matched.len(), &collection).into());
        if let Some(totals) = table.zone_totals(&matched) {
            page.members.insert("totals".to_owned(), json!(totals));
            page.members.insert("warnings".to_owned(), json!(atlas.warnings(&listing.inquiry)?));
        }
        selection.write_geojson(&page, &mut bytes).map_err(|_| Problem::Internal)?;
        Representation::new(listing.format.media_type(), bytes)
    } else {
        write(&selection, listing.format, &mut bytes).map_err(|_| Problem::Internal)?;
        let name = format!("attachment; filename=\"maillage-{}.{}\"", layer.slug(), listing.format.slug());
        Representation::new(listing.format.media_type(), bytes).with(header::CONTENT_DISPOSITION, &name)
    };
    // A table has no place to say that it is one page of several: the headers do.
    let count = |name: &'static str, n: usize| (HeaderName::from_static(name), n.to_string());
    let counts = [count("ogc-numbermatched", matched.len()), count("ogc-numberreturned", features.len())];
    let counted = counts.into_iter().fold(representation, |r, (name, n)| r.with(name, &n));
    let counted = if listing.is_negotiated { counted.negotiated() } else { counted };
    Ok(match listing.after(matched.len()) {
        Some(href) => counted.with(header::LINK, &format!("<{href}>; rel=\"next\"")),
        None => counted,
    })
}

/// The features of a slice as a table for people.
fn rows(
    selection: &Selection<'_>,
    listing: &Listing,
    matched: usize,
    base: &str,
    collection: &str,
) -> Representation {
    let layer = selection.table.layer();
    let mut page = Page::new(base, layer.title()).under("Couches", format!("{base}/api/collections"));
    page.say(layer.description());
    let (first, last) = (listing.offset + 1, listing.offset + selection.features.len());
    let count = atlas::french_number(matched);
    page.say(&match (matched, selection.features.len()) {
        (0, _) => "Aucun élément ne correspond.".to_owned(),
        (_, 0) => format!("Cette page est au-delà du dernier des {count} éléments."),
        (1, _) => "Un élément.".to_owned(),
        _ => {
            let [first, last] = [first, last].map(atlas::french_number);
            format!("{count}\u{a0}éléments\u{202f}; ici de {first} à {last}.")
        }
    });
    let moves = [("‹ Page précédente", listing.before()), ("Page suivante ›", listing.after(matched))];
    let moves: Vec<_> = moves.into_iter().filter_map(|(label, href)| Some((label, href?))).collect();
    let fields = selection.columns();
    let is_number = |kind: Kind| matches!(kind, Kind::Int | Kind::Float(_));
    let id = Column { name: "id", label: "Id.", is_number: true };
    let others = fields.iter().map(|f| Column { name: f.name, label: f.label, is_number: is_number(f.kind) });
    let columns: Vec<Column<'_>> = std::iter::once(id).chain(others).collect();
    let question = question(selection.inquiry);
    let mark = if question.is_empty() { "" } else { "?" };
    let cells = selection.features.iter().map(|&n| {
        let id = selection.table.id(n).to_string();
        let href = format!("{collection}/items/{id}{mark}{question}");
        let values = selection.attributes(n);
        let shown = values.iter().map(|(field, value)| Cell::text(&field.shown(value)));
        std::iter::once(Cell::link(&id, &href)).chain(shown).collect()
    });
    page.table(&columns, cells);
    page.links(&moves);
    page.links(&[("À propos de cette couche", collection.to_owned())]);
    page.section("La même page dans un autre format");
    let forms = [("GeoJSON", "geojson"), ("GeoPackage", "gpkg"), ("FlatGeobuf", "fgb"), ("CSV", "csv")];
    page.links(&forms.map(|(label, form)| (label, listing.href(listing.offset, listing.limit, Some(form)))));
    page.finish(&selection.provenance())
}
