//! A folder that any file host can serve: the page, the tiles of one question, its answers beside them.

mod folder;
mod readme;

use std::io;
use std::path::Path;

use serde_json::{Map, Value as Json, json};
use territory::{Perimeter, Territory};

use super::geojson::Page;
use super::pmtiles::{LAST_ZOOM, Pyramid, Written};
use super::{Bundle, Form, Selection, Separator};
use crate::answer::FoundTerritory;
use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::legend::Metric;
use crate::style::Paint;
use folder::Folder;
pub use folder::SiteError;

/// The name of the file that says what a site holds, by which a folder is known to be one.
const MANIFEST: &str = "site.json";

/// The archive of tiles, from the root of the site.
const ARCHIVE: &str = "tiles.pmtiles";

/// The name of the answer about the whole perimeter.
const WHOLE: &str = "whole";

/// Zones of an answer, as many as the page lists.
const ZONES: usize = 10;

/// The features of a site as files: name in `data/`, layers, form. A map of communes in a GeoPackage, a table of
/// them for a spreadsheet.
const FILES: [(&str, &[Layer], Form); 4] = [
    ("zones.gpkg", &[Layer::Zones], Form::GeoPackage),
    ("zones.csv", &[Layer::Zones], Form::Csv(Separator::Comma)),
    ("communes.gpkg", &[Layer::Communes], Form::GeoPackage),
    ("communes.csv", &[Layer::Communes], Form::Csv(Separator::Comma)),
];

/// What is told of a site in the making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A step begins.
    Begins(&'static str),
    /// So many tiles are done, of how many.
    Tiles(usize, usize),
}

/// What a site holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// Its tiles.
    pub tiles: Written,
    /// Territories with an answer of their own, the whole perimeter besides.
    pub answers: usize,
    /// Files.
    pub files: usize,
    /// Bytes in all.
    pub bytes: u64,
}

impl Atlas {
    /// Writes the site of an inquiry around the files of the page: (path from the root, content).
    ///
    /// A folder that exists is replaced if it is empty or a site, else left alone and refused; what is there
    /// stays until the new one is whole.
    pub fn write_site(
        &self,
        inquiry: &Inquiry,
        page: &[(&str, &[u8])],
        folder: &Path,
        told: &mut dyn FnMut(Step),
    ) -> Result<Site, SiteError> {
        let territories = self.answered(inquiry)?;
        let mut site = Folder::beside(folder)?;
        told(Step::Begins("answers"));
        self.write_answer(inquiry, WHOLE, &mut site)?;
        for territory in &territories {
            let inquiry = Inquiry { perimeter: Perimeter::new([territory.clone()]), ..inquiry.clone() };
            self.write_answer(&inquiry, &file_name(territory), &mut site)?;
        }
        told(Step::Begins("styles and files"));
        for metric in Metric::ALL {
            let style = self.site_style(metric, inquiry)?;
            site.put_json(&format!("styles/{}.json", metric.slug()), &style)?;
        }
        site.put_json("territories.json", &self.places(inquiry, &territories)?)?;
        for (name, layers, form) in FILES {
            self.write_features(inquiry, name, layers, form, &mut site)?;
        }
        let report = self.report(inquiry, None)?;
        site.put("diagnostic.html", |out| out.write_all(report.as_bytes()))?;
        told(Step::Begins("tiles"));
        let layers: Vec<Layer> = self.layers().collect();
        let pyramid = Pyramid::new(self, &layers, inquiry, LAST_ZOOM)?;
        let mut tiles = None;
        site.put(ARCHIVE, |out| {
            tiles = Some(pyramid.write(out, &mut |done, of| told(Step::Tiles(done, of)))?);
            Ok(())
        })?;
        told(Step::Begins("page"));
        let manifest = self.manifest(inquiry, &territories);
        site.put_json(MANIFEST, &manifest)?;
        let readme = readme::text(self.name(), &super::provenance(self, inquiry));
        site.put("LISEZMOI.txt", |out| out.write_all(readme.as_bytes()))?;
        for (path, content) in page {
            let path = path.trim_start_matches('/');
            let content = if path == "index.html" { fixed(content, &manifest) } else { content.to_vec() };
            site.put(path, |out| out.write_all(&content))?;
        }
        let (files, bytes) = site.persist(folder)?;
        let tiles = tiles.unwrap_or(Written { tiles: 0, contents: 0, bytes: 0 });
        Ok(Site { tiles, answers: territories.len(), files, bytes })
    }

    /// The régions, départements and EPCI that lie wholly in a perimeter.
    fn answered(&self, inquiry: &Inquiry) -> Result<Vec<Territory>, AtlasError> {
        let scope = self.scope(inquiry)?;
        let gazetteer = self.gazetteer();
        let regions = gazetteer.regions().iter().map(|region| Territory::Region(region.code));
        let departements = gazetteer.departements().iter().map(|d| Territory::Departement(d.code));
        let epcis = gazetteer.epcis().iter().map(|epci| Territory::Epci(epci.code));
        let inside = |territory: &Territory| {
            gazetteer.members(territory).is_some_and(|members| {
                !members.is_empty() && members.iter().all(|m| scope.communes().binary_search(m).is_ok())
            })
        };
        Ok(regions.chain(departements).chain(epcis).filter(inside).collect())
    }

    /// The diagnosis of an inquiry, and its largest zones with their shapes.
    fn write_answer(&self, inquiry: &Inquiry, name: &str, site: &mut Folder) -> Result<(), SiteError> {
        let diagnosis = serde_json::to_value(self.diagnosis(inquiry)?).map_err(io::Error::other)?;
        site.put_json(&format!("answers/{name}.json"), &diagnosis)?;
        let table = self.table(Layer::Zones, inquiry)?;
        let all: Vec<usize> = (0..table.len()).collect();
        let features = &all[..all.len().min(ZONES)];
        let mut page = Page { feature_bbox: true, ..Page::default() };
        page.members.insert("numberMatched".to_owned(), all.len().into());
        page.members.insert("numberReturned".to_owned(), features.len().into());
        page.members.insert("totals".to_owned(), json!(table.zone_totals(&all)));
        let selection = Selection::new(self, &table, inquiry, features);
        site.put(&format!("zones/{name}.json"), |out| selection.write_geojson(&page, out))
    }

    /// The style of a metric over the one archive, all addresses from the page's own.
    fn site_style(&self, metric: Metric, inquiry: &Inquiry) -> Result<Json, AtlasError> {
        let mut style = self.style(metric, inquiry, Paint::Inside, ".")?;
        style["sources"] = json!({
            "tiles": {
                "type": "vector",
                // The page reads them from the archive.
                "tiles": ["archive://{z}/{x}/{y}"],
                "minzoom": 0,
                "maxzoom": LAST_ZOOM,
            }
        });
        for layer in style["layers"].as_array_mut().into_iter().flatten() {
            if layer.get("source").is_some() {
                layer["source"] = "tiles".into();
            }
        }
        Ok(style)
    }

    /// What can be searched: territories with an answer, then communes, each with the most people first.
    fn places(&self, inquiry: &Inquiry, answered: &[Territory]) -> Result<Json, AtlasError> {
        let scope = self.scope(inquiry)?;
        let communes = scope.communes().iter().map(|&c| Territory::Commune(self.commune(c).code));
        let mut found: Vec<FoundTerritory> =
            answered.iter().cloned().chain(communes).filter_map(|t| self.find(&t)).collect();
        found.sort_by(|a, b| b.population.cmp(&a.population).then_with(|| a.id.cmp(&b.id)));
        let place = |found: FoundTerritory| {
            // A metre is more than a view needs.
            let bbox = found.bbox.map(|bbox| bbox.map(|degrees| crate::field::round(degrees, 5)));
            let FoundTerritory { id, kind, code, name, context, population, .. } = found;
            json!({"id": id, "kind": kind, "code": code, "name": name, "context": context,
                   "population": population, "bbox": bbox})
        };
        Ok(json!({"territories": found.into_iter().map(place).collect::<Vec<_>>()}))
    }

    fn write_features(
        &self,
        inquiry: &Inquiry,
        name: &str,
        layers: &[Layer],
        form: Form,
        site: &mut Folder,
    ) -> Result<(), SiteError> {
        let bundle = Bundle::new(self, layers, inquiry, form)?;
        site.put(&format!("data/{name}"), |out| bundle.write(out, &mut |_, _| {}))
    }

    /// What the page must know before it asks for anything.
    fn manifest(&self, inquiry: &Inquiry, answered: &[Territory]) -> Json {
        // The perimeter is what the site is about: in the page it is what nothing chosen means.
        let asked = Inquiry { perimeter: Perimeter::default(), ..inquiry.clone() };
        let files: Map<String, Json> =
            FILES.iter().map(|(name, ..)| ((*name).to_owned(), format!("data/{name}").into())).collect();
        json!({
            "format": 1,
            "name": self.name(),
            "atlas": self.id(),
            "question": asked.to_string(),
            "territory": inquiry.perimeter.to_string(),
            "archive": ARCHIVE,
            "report": "diagnostic.html",
            "files": files,
            "answers": answered.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }
}

/// `departement-63`: an identifier as every file system takes it.
fn file_name(territory: &Territory) -> String {
    territory.to_string().replace(':', "-")
}

/// The page with its manifest in it, which tells it that no server answers.
fn fixed(page: &[u8], manifest: &Json) -> Vec<u8> {
    // In a script no text may look like markup.
    let manifest = manifest.to_string().replace('<', "\\u003c");
    let script = format!("<script type=\"application/json\" id=\"site\">{manifest}</script>\n</head>");
    String::from_utf8_lossy(page).replacen("</head>", &script, 1).into_bytes()
}

#[cfg(test)]
mod tests;
