//! Files that other programs open.

use std::borrow::Cow;
use std::io::{self, Write};

use geo::Geometry;
use network::Method;

use crate::atlas::Atlas;
use crate::field::{Field, Value};
use crate::inquiry::Inquiry;
use crate::legend::Metric;
use crate::record::LayerTable;

mod about;
mod bundle;
mod comparison;
mod csv;
mod fgb;
mod geojson;
mod gpkg;
mod pmtiles;
mod project;
mod readme;
mod site;
mod styled;
mod workbook;

pub use bundle::{Bundle, ExportError, Form};
pub use comparison::write_csv as write_comparison_csv;
pub use csv::Separator;
pub use geojson::Page;
pub(crate) use geojson::geometry as as_geojson;
pub use pmtiles::{LAST_ZOOM, Pyramid, Written};
pub use site::{Site, SiteError, Step};

/// A format of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// GeoJSON (RFC 7946): longitude, latitude, WGS 84.
    GeoJson,
    /// FlatGeobuf with its spatial index and CRS.
    FlatGeobuf,
    /// GeoPackage 1.3 with a spatial index a layer; the one that holds several layers.
    GeoPackage,
    /// CSV, UTF-8, comma, decimal point, without geometry but for points.
    Csv,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::GeoJson, Self::FlatGeobuf, Self::GeoPackage, Self::Csv];

    /// Its name in questions, and its extension.
    pub fn slug(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::FlatGeobuf => "fgb",
            Self::GeoPackage => "gpkg",
            Self::Csv => "csv",
        }
    }

    /// The format of a name; `json` is GeoJSON too.
    pub fn from_slug(slug: &str) -> Option<Self> {
        if slug == "json" { Some(Self::GeoJson) } else { Self::ALL.into_iter().find(|f| f.slug() == slug) }
    }

    /// What HTTP calls it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::GeoPackage => "application/geopackage+sqlite3",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// The features of a layer to write, with what is said of them.
pub struct Selection<'a> {
    /// The atlas they come from.
    pub atlas: &'a Atlas,
    /// The layer and its features.
    pub table: &'a LayerTable,
    /// The inquiry they answer.
    pub inquiry: &'a Inquiry,
    /// Which features, by rank, in the order to write.
    pub features: &'a [usize],
    /// Which attributes; all of the layer's when none is named.
    pub fields: &'a [Field],
    /// Hears of each feature as it is written.
    pub told: &'a dyn Fn(),
}

impl<'a> Selection<'a> {
    /// Some features of a layer with all their attributes.
    pub fn new(atlas: &'a Atlas, table: &'a LayerTable, inquiry: &'a Inquiry, features: &'a [usize]) -> Self {
        Self { atlas, table, inquiry, features, fields: &[], told: &|| () }
    }

    /// Writes a page of a GeoJSON feature collection.
    pub fn write_geojson(&self, page: &Page, out: &mut dyn Write) -> io::Result<()> {
        geojson::write(self, page, out)
    }

    /// One feature as GeoJSON, by its rank in the table.
    pub fn geojson_feature(&self, n: usize) -> serde_json::Value {
        geojson::feature(self, &Page::default(), n)
    }

    /// The attributes written of a feature, by its rank in the table, and their names.
    pub fn attributes(&self, n: usize) -> Vec<(Field, Value<'a>)> {
        self.feature(n).2
    }

    /// The identifier, the geometry and the chosen attributes of a feature.
    fn feature(&self, n: usize) -> (u64, Cow<'a, Geometry>, Vec<(Field, Value<'a>)>) {
        (self.told)();
        let all = self.table.layer().fields();
        let chosen = |field: &Field| self.fields.is_empty() || self.fields.contains(field);
        let values =
            all.iter().copied().zip(self.table.values(self.atlas, n)).filter(|(f, _)| chosen(f)).collect();
        (self.table.id(n), self.table.geometry(n), values)
    }

    /// The attributes written, in order.
    pub fn columns(&self) -> Vec<Field> {
        let all = self.table.layer().fields().iter().copied();
        all.filter(|field| self.fields.is_empty() || self.fields.contains(field)).collect()
    }

    /// Sources, vintages, question and identity, in one line.
    pub fn provenance(&self) -> String {
        provenance(self.atlas, self.inquiry)
    }
}

/// Sources, vintages, question and identity, in one line.
fn provenance(atlas: &Atlas, inquiry: &Inquiry) -> String {
    let sources = atlas.sources().iter().map(|s| format!("{} ({}, {})", s.name, s.vintage, s.licence));
    format!(
        "Question\u{202f}: {}. Atlas {}. {} Sources\u{202f}: {}.",
        if inquiry.parameters().is_empty() { "par défaut".to_owned() } else { inquiry.to_string() },
        atlas.id().get(..12).unwrap_or_default(),
        match atlas.method(inquiry) {
            Ok(Method::Routed) => "Temps calculés sur le réseau.",
            _ => "Temps estimés.",
        },
        sources.collect::<Vec<_>>().join("\u{202f}; ")
    )
}

/// Writes a selection in a format.
pub fn write(selection: &Selection<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::GeoJson => geojson::write(selection, &Page::default(), out),
        Format::FlatGeobuf => fgb::write(selection, out),
        Format::GeoPackage => gpkg::write(std::slice::from_ref(selection), Metric::AccessMin, out),
        Format::Csv => csv::write(selection, Separator::Comma, out),
    }
}
