//! `/api/collections` and `/api/zones`: the features of layers, after OGC API Features.

use std::sync::Arc;

use atlas::export::{Format, Page, Selection, write};
use atlas::{Atlas, AtlasError, Field, Inquiry, InvalidParameter, Layer};
use axum::extract;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use serde_json::{Value as Json, json};
use territory::{Extent, Position};

use crate::base::base;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

/// The most features in one answer.
pub(crate) const MOST_FEATURES: u32 = 10_000;

/// Features in an answer when a request does not say.
pub(crate) const USUAL_FEATURES: &str = "10";

/// What a request asks of the features of a layer.
struct Listing {
    inquiry: Inquiry,
    bbox: Option<Extent>,
    limit: usize,
    offset: usize,
    fields: Vec<Field>,
    format: Format,
    /// This address and its other parameters, for links.
    address: String,
    query: Vec<(String, String)>,
}

impl Listing {
    fn new(layer: Layer, address: String, asked: Query) -> Result<Self, Problem> {
        let format = match asked.get("f") {
            None => Format::GeoJson,
            Some(name) => Format::from_slug(name)
                .ok_or_else(|| InvalidParameter::new("f", name, "expected json, geojson, fgb, csv"))?,
        };
        let kept = ["bbox", "properties", "f"];
        let mut query: Vec<(String, String)> =
            asked.inquiry.parameters().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        query.extend(kept.iter().filter_map(|key| Some(((*key).to_owned(), asked.given(key)?.to_owned()))));
        Ok(Self {
            bbox: asked.get("bbox").map(extent).transpose()?,
            limit: asked.number("limit")?,
            offset: asked.number("offset")?,
            fields: asked
                .get("properties")
                .map(|names| fields(layer, names))
                .transpose()?
                .unwrap_or_default(),
            inquiry: asked.inquiry,
            format,
            address,
            query,
        })
    }

    fn link(&self, rel: &str, offset: usize) -> Json {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &self.query {
            query.append_pair(key, value);
        }
        query.append_pair("limit", &self.limit.to_string());
        query.append_pair("offset", &offset.to_string());
        json!({"rel": rel, "type": self.format.media_type(), "href": format!("{}?{}", self.address, query.finish())})
    }
}

fn extent(text: &str) -> Result<Extent, Problem> {
    let refused =
        || InvalidParameter::new("bbox", text, "expected west,south,east,north in degrees, west < east");
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    let corners = match numbers.as_deref() {
        Ok(&[west, south, east, north]) => {
            Position::from_lon_lat(west, south).ok().zip(Position::from_lon_lat(east, north).ok())
        }
        _ => None,
    };
    Ok(corners
        .and_then(|(south_west, north_east)| Extent::new(south_west, north_east))
        .ok_or_else(refused)?)
}

fn fields(layer: Layer, names: &str) -> Result<Vec<Field>, Problem> {
    let one = |name: &str| {
        layer.fields().iter().find(|field| field.name == name).copied().ok_or_else(|| {
            let known: Vec<&str> = layer.fields().iter().map(|field| field.name).collect();
            InvalidParameter::new("properties", name, format!("expected {}", known.join(", ")))
        })
    };
    Ok(names.split(',').map(one).collect::<Result<_, _>>()?)
}

fn layer(name: &str) -> Result<Layer, Problem> {
    Layer::from_slug(name).ok_or_else(|| {
        let known: Vec<&str> = Layer::ALL.iter().map(|layer| layer.slug()).collect();
        let name: String = name.chars().take(40).collect();
        Problem::NotFound(format!("there is no layer {name:?}; layers: {}", known.join(", ")))
    })
}

/// `/api/collections`.
pub(crate) async fn collections(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&headers);
    state
        .answer(format!("collections|{base}"), headers, Freshness::Revalidate, move |atlas| {
            let collections =
                atlas.layers().map(|l| description(atlas, l, &base)).collect::<Result<Vec<_>, _>>()?;
            let href = format!("{base}/api/collections");
            let document = json!({
                "links": [{"rel": "self", "type": "application/json", "href": href}],
                "collections": collections,
            });
            Ok(Representation::new("application/json", document.to_string()))
        })
        .await
}

/// `/api/collections/{layer}`.
pub(crate) async fn collection(
    extract::State(state): extract::State<Arc<State>>,
    Segments([name]): Segments<1>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = layer(&name)?;
    let base = base(&headers);
    state
        .answer(format!("collection|{base}|{name}"), headers, Freshness::Revalidate, move |atlas| {
            Ok(Representation::new("application/json", description(atlas, layer, &base)?.to_string()))
        })
        .await
}

/// `/api/collections/{layer}/items`.
pub(crate) async fn items(
    state: extract::State<Arc<State>>,
    Segments([name]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = layer(&name)?;
    let address = format!("{}/api/collections/{name}/items", base(&headers));
    list(state.0, layer, Listing::new(layer, address, asked)?, headers).await
}

/// `/api/zones`: the collection `zones`, whole by default.
pub(crate) async fn zones(
    state: extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let address = format!("{}/api/zones", base(&headers));
    let listing = Listing::new(Layer::Zones, address, asked)?;
    list(state.0, Layer::Zones, listing, headers).await
}

/// The same of the ground posted.
pub(crate) async fn zones_within(
    state: extract::State<Arc<State>>,
    asked: Query,
    Posted { perimeter, headers }: Posted,
) -> Result<Response, Problem> {
    let address = format!("{}/api/zones", base(&headers));
    list(state.0, Layer::Zones, Listing::new(Layer::Zones, address, asked.within(&perimeter))?, headers).await
}

/// `/api/collections/{layer}/items/{id}`.
pub(crate) async fn item(
    extract::State(state): extract::State<Arc<State>>,
    Segments([name, id]): Segments<2>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = layer(&name)?;
    let missing = || {
        let id: String = id.chars().take(40).collect();
        Problem::NotFound(format!("the layer {} has no feature {id:?} for this question", layer.slug()))
    };
    let number: u64 = id.parse().map_err(|_| missing())?;
    let missing = missing();
    let key = format!("item|{name}|{number}|{}", asked.key());
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let table = atlas.table(layer, &asked.inquiry)?;
            let n = table.find(number).ok_or(missing)?;
            let features = [n];
            let selection =
                Selection { atlas, table: &table, inquiry: &asked.inquiry, features: &features, fields: &[] };
            let feature = selection.geojson_feature(n);
            Ok(Representation::new(Format::GeoJson.media_type(), feature.to_string()))
        })
        .await
}

async fn list(
    state: Arc<State>,
    layer: Layer,
    listing: Listing,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // The self link holds all that the answer depends on: address, parameters, limit and offset.
    let key = format!("items|{}", listing.link("self", listing.offset));
    let built = state.built()?.to_owned();
    state.answer(key, headers, Freshness::Revalidate, move |atlas| page(atlas, layer, &listing, &built)).await
}

fn page(atlas: &Atlas, layer: Layer, listing: &Listing, built: &str) -> Result<Representation, Problem> {
    let table = atlas.table(layer, &listing.inquiry)?;
    let matched: Vec<usize> = match listing.bbox {
        Some(bbox) => table.within(bbox),
        None => (0..table.len()).collect(),
    };
    let features: Vec<usize> = matched.iter().copied().skip(listing.offset).take(listing.limit).collect();
    let selection = Selection {
        atlas,
        table: &table,
        inquiry: &listing.inquiry,
        features: &features,
        fields: &listing.fields,
    };
    let next = listing.offset + features.len();
    let next = (next < matched.len() && !features.is_empty()).then(|| listing.link("next", next));
    let mut bytes = Vec::new();
    let representation = if listing.format == Format::GeoJson {
        let mut links = vec![listing.link("self", listing.offset)];
        links.extend(next.clone());
        let mut page = Page { feature_bbox: layer == Layer::Zones, ..Page::default() };
        page.members.insert("numberMatched".to_owned(), matched.len().into());
        page.members.insert("numberReturned".to_owned(), features.len().into());
        page.members.insert("timeStamp".to_owned(), built.into());
        page.members.insert("links".to_owned(), links.into());
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
    Ok(match next.as_ref().and_then(|link| link["href"].as_str()) {
        Some(href) => counted.with(header::LINK, &format!("<{href}>; rel=\"next\"")),
        None => counted,
    })
}

fn description(atlas: &Atlas, layer: Layer, base: &str) -> Result<Json, Problem> {
    if !atlas.has(layer) {
        return Err(AtlasError::NoSource(layer).into());
    }
    let address = format!("{base}/api/collections/{}", layer.slug());
    let bounds = atlas.bounds(&Inquiry::default())?;
    let link = |rel: &str, media: &str, href: String| json!({"rel": rel, "type": media, "href": href});
    Ok(json!({
        "id": layer.slug(),
        "title": layer.title(),
        "description": layer.description(),
        "itemType": "feature",
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "extent": {"spatial": {"bbox": [bounds], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "links": [
            link("self", "application/json", address.clone()),
            link("items", "application/geo+json", format!("{address}/items")),
            link("alternate", "application/json", format!("{base}/tiles/{}", layer.slug())),
        ],
    }))
}
