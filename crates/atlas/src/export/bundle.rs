//! One file with any number of layers for an inquiry, as a person downloads it.

use std::cell::Cell;
use std::io::{self, Write};
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::about::{About, about};
use super::pmtiles::{LAST_ZOOM, Pyramid};
use super::{Format, Page, Selection, Separator, csv, fgb, geojson, gpkg, project, readme, styled, workbook};
use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::legend::Metric;
use crate::record::LayerTable;

/// What a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A GeoPackage: a table a layer, with styles.
    GeoPackage,
    /// A project of QGIS in a zip, beside its data or pointing at a server.
    Project,
    /// A FlatGeobuf a layer.
    FlatGeobuf,
    /// A GeoJSON a layer.
    GeoJson,
    /// A CSV a layer.
    Csv(Separator),
    /// A workbook: a sheet a layer.
    Workbook,
    /// All tiles of the layers: `PMTiles`.
    Tiles,
}

/// Why there is no such file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExportError {
    /// The inquiry has no answer.
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    /// A sheet holds fewer rows.
    #[error(
        "{} has {features} features, a sheet holds {most} at most: take csv or gpkg, or a smaller territory",
        layer.slug()
    )]
    TooManyRows {
        /// The layer that is too long.
        layer: Layer,
        /// How many it has.
        features: usize,
        /// How many there is room for.
        most: usize,
    },
}

impl Form {
    /// All forms, with the usual separator.
    pub const ALL: [Self; 7] = [
        Self::GeoPackage,
        Self::Project,
        Self::FlatGeobuf,
        Self::GeoJson,
        Self::Csv(Separator::Comma),
        Self::Workbook,
        Self::Tiles,
    ];

    /// Its name in questions, and the extension of its file when it is not a zip.
    pub fn slug(self) -> &'static str {
        match self {
            Self::GeoPackage => "gpkg",
            Self::Project => "qgz",
            Self::FlatGeobuf => "fgb",
            Self::GeoJson => "geojson",
            Self::Csv(_) => "csv",
            Self::Workbook => "xlsx",
            Self::Tiles => "pmtiles",
        }
    }

    /// The form of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.slug() == slug)
    }

    /// Whether a file of it holds one layer, so that several are a zip.
    pub fn holds_one(self) -> bool {
        matches!(self, Self::FlatGeobuf | Self::GeoJson | Self::Csv(_))
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::GeoPackage => Format::GeoPackage.media_type(),
            Self::Project => ZIP,
            Self::FlatGeobuf => Format::FlatGeobuf.media_type(),
            Self::GeoJson => Format::GeoJson.media_type(),
            Self::Csv(_) => Format::Csv.media_type(),
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Tiles => "application/vnd.pmtiles",
        }
    }
}

/// Layers for an inquiry, ready to be written as one file.
pub struct Bundle<'a> {
    atlas: &'a Atlas,
    inquiry: &'a Inquiry,
    form: Form,
    metric: Metric,
    zipped: bool,
    place: Place,
    tables: Vec<Arc<LayerTable>>,
}

/// Where the features of a project are.
#[derive(PartialEq, Eq)]
enum Place {
    /// In the same zip.
    Inside,
    /// In a file of that name in the same folder.
    Beside(String),
    /// On a server.
    Server(String),
}

impl<'a> Bundle<'a> {
    /// The layers named, each once and in the order of [`Layer::ALL`], computed here: as one file of a form, as a zip
    /// when that form holds one layer and there are several.
    pub fn new(
        atlas: &'a Atlas,
        layers: &[Layer],
        inquiry: &'a Inquiry,
        form: Form,
    ) -> Result<Self, ExportError> {
        let layers = Layer::ALL.into_iter().filter(|layer| layers.contains(layer));
        let tables: Vec<Arc<LayerTable>> =
            layers.map(|layer| atlas.table(layer, inquiry)).collect::<Result<_, _>>()?;
        if form == Form::Workbook {
            tables.iter().try_for_each(|table| workbook::check(table.layer(), table.len()))?;
        }
        let zipped = form == Form::Project || form.holds_one() && tables.len() != 1;
        Ok(Self { atlas, inquiry, form, metric: Metric::AccessMin, zipped, place: Place::Inside, tables })
    }

    /// The same as a zip, with styles and a `LISEZMOI.txt`, even of one layer; a form that holds all in one file stays
    /// as it is.
    #[must_use]
    pub fn zipped(mut self) -> Self {
        self.zipped |= self.form.holds_one();
        self
    }

    /// The same drawn by a metric until one chooses another.
    #[must_use]
    pub fn drawn_by(self, metric: Metric) -> Self {
        Self { metric, ..self }
    }

    /// A project whose features and tiles are on a server, `http://host`; of another form, the same.
    #[must_use]
    pub fn served_by(self, server: String) -> Self {
        Self { place: Place::Server(server), ..self }
    }

    /// A project alone, whose features are in a GeoPackage of that name in its folder; of another form, the same.
    #[must_use]
    pub fn beside(self, data: String) -> Self {
        Self { zipped: self.zipped && self.form != Form::Project, place: Place::Beside(data), ..self }
    }

    /// What HTTP calls the file.
    pub fn media_type(&self) -> &'static str {
        if self.zipped { ZIP } else { self.form.media_type() }
    }

    /// A name that says what the file holds: `maillage-communes-zones-departement-42-20-min.gpkg`.
    pub fn file_name(&self) -> String {
        let layers = self.tables.iter().map(|table| table.layer().slug().to_owned());
        let asked = self.inquiry.parameters().into_iter().filter(|(key, _)| *key != "minutes");
        let minutes = format!("{}-min", self.inquiry.promise.minutes);
        let words = layers.chain(asked.map(|(_, value)| value)).chain([minutes]);
        let mut name = "maillage".to_owned();
        for word in words.flat_map(|word| word.split([':', ',', '_']).map(str::to_owned).collect::<Vec<_>>())
        {
            let word: String = word.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            if name.len() + word.len() < MOST_NAME {
                name = format!("{name}-{word}");
            }
        }
        let form = self.form.slug();
        if self.zipped { format!("{name}-{form}.zip") } else { format!("{name}.{form}") }
    }

    /// Writes the file; `told` hears how many features, or tiles, are done, of how many.
    pub fn write(&self, out: &mut dyn Write, told: &mut dyn FnMut(usize, usize)) -> io::Result<()> {
        if self.form == Form::Tiles {
            let layers: Vec<Layer> = self.tables.iter().map(|table| table.layer()).collect();
            let pyramid = Pyramid::new(self.atlas, &layers, self.inquiry, LAST_ZOOM);
            return pyramid.map_err(io::Error::other)?.write(out, told).map(|_| ());
        }
        let all: Vec<Vec<usize>> = self.tables.iter().map(|table| (0..table.len()).collect()).collect();
        let (of, done, told) = (all.iter().map(Vec::len).sum(), Cell::new(0), std::cell::RefCell::new(told));
        let one_more = || {
            done.set(done.get() + 1);
            if done.get() % STRIDE == 0 {
                told.borrow_mut()(done.get(), of);
            }
        };
        let selection = |(table, features)| Selection {
            told: &one_more,
            ..Selection::new(self.atlas, table, self.inquiry, features)
        };
        let tables = self.tables.iter().map(AsRef::as_ref);
        let selections: Vec<Selection<'_>> =
            tables.zip(all.iter().map(Vec::as_slice)).map(selection).collect();
        let about = about(self.atlas, self.inquiry).map_err(io::Error::other)?;
        match self.form {
            Form::GeoPackage => gpkg::write(&selections, self.metric, out),
            Form::Workbook => workbook::write(&selections, &about, out),
            Form::Project => self.project(&selections, &about, out),
            _ if self.zipped => self.zip(&selections, &about, out),
            _ => selections.iter().try_for_each(|selection| self.one(selection, out)),
        }
    }

    /// A layer in a form that holds one.
    fn one(&self, selection: &Selection<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self.form {
            Form::FlatGeobuf => fgb::write(selection, out),
            Form::Csv(separator) => csv::write(selection, separator, out),
            _ => geojson::write(selection, &Page::default(), out),
        }
    }

    /// The project, its data unless a server has them, and what they are.
    fn project(&self, selections: &[Selection<'_>], about: &About, out: &mut dyn Write) -> io::Result<()> {
        let beside = |file: &str| project::Data::Beside(file.to_owned());
        let (data, opening) = match &self.place {
            Place::Server(server) => (project::Data::Server(server.clone()), OPENING_LIVE),
            Place::Inside => (beside(DATA), OPENING_PROJECT),
            Place::Beside(file) => return self.qgz(selections, about, &beside(file), out),
        };
        let mut zip = Zip::new(out);
        zip.put("LISEZMOI.txt", |out| out.write_all(readme::text(about, selections, opening).as_bytes()))?;
        zip.put("project.qgz", |out| self.qgz(selections, about, &data, out))?;
        if self.place == Place::Inside {
            zip.put(DATA, |out| gpkg::write(selections, self.metric, out))?;
        }
        zip.finish()
    }

    fn qgz(
        &self,
        selections: &[Selection<'_>],
        about: &About,
        data: &project::Data,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let xml = project::project(selections, self.metric, about, data).map_err(io::Error::other)?;
        let mut zip = Zip::new(out);
        zip.put("project.qgs", |out| out.write_all(xml.as_bytes()))?;
        zip.finish()
    }

    fn zip(&self, selections: &[Selection<'_>], about: &About, out: &mut dyn Write) -> io::Result<()> {
        let mut zip = Zip::new(out);
        let opening = match self.form {
            Form::Csv(_) => "Chaque fichier .csv est un tableau d'une couche.",
            _ => OPENING,
        };
        zip.put("LISEZMOI.txt", |out| out.write_all(readme::text(about, selections, opening).as_bytes()))?;
        for selection in selections {
            let layer = selection.table.layer().slug();
            zip.put(&format!("{layer}.{}", self.form.slug()), |out| self.one(selection, out))?;
            if matches!(self.form, Form::Csv(_)) {
                continue;
            }
            let styles = styled::styles(selection, self.metric).map_err(io::Error::other)?;
            if let Some(style) = styles.first() {
                zip.put(&format!("{layer}.qml"), |out| out.write_all(style.qml().as_bytes()))?;
            }
        }
        zip.finish()
    }
}

const ZIP: &str = "application/zip";

/// How long a file name may be, its extension left out.
const MOST_NAME: usize = 120;

/// Features between two words of progress.
const STRIDE: usize = 256;

/// What QGIS does with a layer and its style side by side.
const OPENING: &str = "Décompressez tout le dossier, puis glissez un fichier dans QGIS\u{a0}: le fichier .qml du même nom lui donne ses couleurs\n\
                       et sa légende. Les deux doivent rester côte à côte.";

const OPENING_PROJECT: &str = "Décompressez tout le dossier, puis ouvrez project.qgz dans QGIS (3.22 ou plus récent)\u{a0}: la carte, ses couleurs et sa légende\n\
                               y sont, et une mise en page «\u{a0}Carte A4\u{a0}» dans le menu Projet > Mises en page. data.gpkg doit rester à côté.";

const OPENING_LIVE: &str = "Ouvrez project.qgz dans QGIS (3.22 ou plus récent)\u{a0}: les couches viennent du serveur Maillage à chaque affichage, avec leurs\n\
                            attributs\u{a0}; le groupe «\u{a0}Tuiles vectorielles\u{a0}», décoché, les dessine plus vite. Le serveur doit rester joignable.";

/// The features of a project beside it.
const DATA: &str = "data.gpkg";

/// A zip in the making, written from its beginning to its end.
struct Zip<'a>(ZipWriter<zip::write::StreamWriter<&'a mut dyn Write>>);

impl<'a> Zip<'a> {
    fn new(out: &'a mut dyn Write) -> Self {
        Self(ZipWriter::new_stream(out))
    }

    /// Adds a file; two zips of the same files are the same, whenever they are made.
    fn put(&mut self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.0.start_file(name, options)?;
        let mut buffered = io::BufWriter::with_capacity(1 << 16, &mut self.0);
        write(&mut buffered)?;
        buffered.flush()
    }

    fn finish(self) -> io::Result<()> {
        self.0.finish()?.into_inner().flush()
    }
}
