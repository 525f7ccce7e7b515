//! What a request asks of the features of a layer.

use atlas::export::Format;
use atlas::{Field, Filter, Inquiry, InvalidParameter, Layer, Order, Subset, check_datetime, parse_bbox};
use axum::http::HeaderMap;
use serde_json::{Value as Json, json};

use crate::page::Face;
use crate::problem::Problem;
use crate::query::Query;

/// The most features in one answer.
pub(crate) const MOST_FEATURES: u32 = 10_000;

/// Features in an answer when a request does not say.
pub(crate) const USUAL_FEATURES: &str = "10";

/// Features on a page for people when a request does not say and would have had more.
const USUAL_ROWS: usize = 100;

/// Those that links repeat as they were given.
const REPEATED: [&str; 8] =
    ["bbox", "datetime", "properties", "sortby", "filter", "filter-lang", "filter-crs", "f"];

/// The reference systems of filters: longitude then latitude, WGS 84.
pub(crate) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// A request for features.
pub(crate) struct Listing {
    pub(crate) inquiry: Inquiry,
    pub(crate) subset: Subset,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    /// Attributes to write; all when there is none.
    pub(crate) fields: Vec<Field>,
    pub(crate) face: Face,
    /// Whether `Accept` may choose the face at this address.
    pub(crate) is_negotiated: bool,
    /// What a program gets.
    pub(crate) format: Format,
    /// This address and its other parameters, for links.
    address: String,
    query: Vec<(String, String)>,
}

impl Listing {
    /// A request at an address; `Accept` speaks where `f` does not, if there are `headers` to look at.
    pub(crate) fn new(
        layer: Layer,
        address: String,
        asked: Query,
        headers: Option<&HeaderMap>,
    ) -> Result<Self, Problem> {
        let (face, format) = match asked.given("f") {
            None => (headers.map_or(Face::Json, Face::accepted), Format::GeoJson),
            Some("html") => (Face::Page, Format::GeoJson),
            // The table lets in no other word.
            Some(name) => (Face::Json, Format::from_slug(name).unwrap_or(Format::GeoJson)),
        };
        let limit = asked.number("limit")?;
        let by_default = face == Face::Page && asked.given("limit").is_none();
        let limit = if by_default { limit.min(USUAL_ROWS) } else { limit };
        asked.given("datetime").map(check_datetime).transpose()?;
        let mut query: Vec<(String, String)> =
            asked.inquiry.parameters().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        query.extend(
            REPEATED.iter().filter_map(|key| Some(((*key).to_owned(), asked.given(key)?.to_owned()))),
        );
        Ok(Self {
            subset: Subset {
                boxes: asked.given("bbox").map(parse_bbox).transpose()?.unwrap_or_default(),
                filter: asked.given("filter").map(|text| Filter::parse(layer, text)).transpose()?,
                order: asked
                    .given("sortby")
                    .map(|text| Order::parse(layer, text))
                    .transpose()?
                    .unwrap_or_default(),
            },
            limit,
            offset: asked.number("offset")?,
            fields: asked
                .given("properties")
                .map(|names| fields(layer, names))
                .transpose()?
                .unwrap_or_default(),
            is_negotiated: headers.is_some(),
            inquiry: asked.inquiry,
            face,
            format,
            address,
            query,
        })
    }

    /// The address of a slice of the same list, in another form if one is named.
    pub(crate) fn href(&self, offset: usize, limit: usize, form: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &self.query {
            if key != "f" || form.is_none() {
                query.append_pair(key, value);
            }
        }
        if let Some(form) = form {
            query.append_pair("f", form);
        }
        query.append_pair("limit", &limit.to_string());
        query.append_pair("offset", &offset.to_string());
        format!("{}?{}", self.address, query.finish())
    }

    /// The address of the page before, none on the first.
    pub(crate) fn before(&self) -> Option<String> {
        (self.offset > 0).then(|| {
            let limit = self.limit.min(self.offset);
            self.href(self.offset - limit, limit, None)
        })
    }

    /// The address of the page after, none on the last of `matched` features.
    pub(crate) fn after(&self, matched: usize) -> Option<String> {
        let next = self.offset + self.limit;
        (next < matched).then(|| self.href(next, self.limit, None))
    }

    /// All that the answer depends on.
    pub(crate) fn key(&self) -> String {
        format!("items|{}|{}", self.face.slug(), self.href(self.offset, self.limit, None))
    }

    /// The links of an answer of `matched` features in all; `collection` is the address of the layer.
    pub(crate) fn links(&self, matched: usize, collection: &str) -> Vec<Json> {
        let link = |rel: &str, media: &str, href: String| json!({"rel": rel, "type": media, "href": href});
        let media = self.format.media_type();
        let slice = |form: &str| self.href(self.offset, self.limit, Some(form));
        let mut links = vec![
            link("self", media, self.href(self.offset, self.limit, None)),
            link("alternate", "text/html", slice("html")),
        ];
        let others = Format::ALL.into_iter().filter(|format| *format != self.format);
        links.extend(others.map(|format| link("alternate", format.media_type(), slice(format.slug()))));
        links.push(link("collection", "application/json", collection.to_owned()));
        links.extend(self.before().map(|href| link("prev", media, href)));
        links.extend(self.after(matched).map(|href| link("next", media, href)));
        links
    }
}

fn fields(layer: Layer, names: &str) -> Result<Vec<Field>, InvalidParameter> {
    let one = |name: &str| {
        layer.fields().iter().find(|field| field.name == name).copied().ok_or_else(|| {
            let known: Vec<&str> = layer.fields().iter().map(|field| field.name).collect();
            InvalidParameter::new("properties", name, format!("expected {}", known.join(", ")))
        })
    };
    names.split(',').map(one).collect()
}
