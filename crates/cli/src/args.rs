//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use atlas::export::{Form, Separator};
use atlas::legend::Metric;
use atlas::{Inquiry, Layer};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use territory::{Perimeter, Territory};

/// Who lives too far from digital help, and what would mend it.
#[derive(Debug, Parser)]
#[command(name = "maillage", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the map, the API and the tiles of an atlas
    Serve(Serve),
    /// Build an atlas from a configuration
    Build(Build),
    /// Download the tables of a configuration that are published at an address
    Fetch(Fetch),
    /// Tell what changed from one atlas to another: venues, and minutes
    Compare(Compare),
    /// Examine venue files: what is wrong, row by row, and the files they should have been
    Check(Check),
    /// Export layers for a question
    Export(Export),
    /// Write a folder that any file host can serve: the map and the answers of one question
    ExportSite(ExportSite),
    /// Write the diagnosis of a territory: a page to print, or JSON
    Diagnose(Diagnose),
    /// Prove an atlas: checksums, people, shortest times
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The atlas' directory; without it, the sample
    pub(crate) atlas: Option<PathBuf>,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The TOML file that names the sources
    pub(crate) config: PathBuf,
    /// The directory of the atlas
    #[arg(long, value_name = "ATLAS")]
    pub(crate) out: PathBuf,
    /// Exit with 3 when a row was refused
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Fetch {
    /// The TOML file that names the sources
    pub(crate) config: PathBuf,
    /// Put all files in this folder, not where the configuration reads them
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,
    /// Download again what is here without a declared sha256
    #[arg(long)]
    pub(crate) again: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The directory of the atlas before
    pub(crate) before: PathBuf,
    /// The directory of the atlas after
    pub(crate) after: PathBuf,
    /// As in a URL: territory=departement:63&minutes=20&mode=bike
    #[arg(long, default_value = "", value_parser = question)]
    pub(crate) question: Box<Inquiry>,
    /// text, json or csv
    #[arg(long, default_value = "text", value_enum)]
    pub(crate) format: Report,
    /// The file to write; - for the standard output
    #[arg(short, default_value = "-", value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Report {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Venue files, examined together
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the columns mean, when the files are a producer's own: data/mappings/gironde.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// html, json or csv; without it, a summary
    #[arg(long, value_enum)]
    pub(crate) format: Option<CheckFormat>,
    /// The file to write instead of the standard output
    #[arg(short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// A folder for report.html, findings.csv, repaired.csv and refused.csv
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The configuration of a build: its communes judge the places, its people the gap
    #[arg(long, value_name = "CONFIG")]
    pub(crate) against: Option<PathBuf>,
    /// The gap whose dependence on doubtful rows is told: territory=departement:63&minutes=20
    #[arg(long, default_value = "", value_parser = question)]
    pub(crate) question: Box<Inquiry>,
    /// The day from which the age of records is counted, such as 2026-11-22; without it, today
    #[arg(long, value_name = "DAY")]
    pub(crate) today: Option<NaiveDate>,
    /// Exit with 3 when a row was refused
    #[arg(long)]
    pub(crate) strict: bool,
}

/// How an examination is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CheckFormat {
    Html,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Diagnose {
    /// The atlas' directory; without it, the sample
    pub(crate) atlas: Option<PathBuf>,
    /// Whom it is about: departement:63, several joined by commas make a union
    #[arg(long, required = true, value_name = "TERRITORY", value_parser = perimeter)]
    pub(crate) territory: Perimeter,
    /// As in a URL, without its territory: minutes=20&mode=bike&fee=free
    #[arg(long, default_value = "", value_parser = question_alone)]
    pub(crate) question: Box<Inquiry>,
    /// A second territory, beside the one around the first
    #[arg(long, value_name = "TERRITORY", value_parser = perimeter)]
    pub(crate) compare: Option<Perimeter>,
    /// html or json
    #[arg(long, default_value = "html", value_enum)]
    pub(crate) format: DiagnosisFormat,
    /// The file to write; - for the standard output
    #[arg(short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// How a diagnosis is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DiagnosisFormat {
    Html,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The atlas' directory
    pub(crate) atlas: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// regions, departements, epcis, communes, cells, zones, venues, priority-areas or labels
    #[arg(required = true, value_name = "LAYER", value_parser = layer)]
    pub(crate) layers: Vec<Layer>,
    /// As in a URL: territory=departement:63&minutes=20&mode=bike
    #[arg(long, default_value = "", value_parser = question)]
    pub(crate) question: Box<Inquiry>,
    /// geojson, fgb, gpkg, qgz, csv, xlsx or pmtiles; several layers as geojson, fgb or csv are a zip, as is a qgz that is not named .qgz
    #[arg(long, default_value = "geojson", value_parser = form)]
    pub(crate) format: Form,
    /// What stands between the cells of a csv: comma, or semicolon as a French Excel wants it
    #[arg(long, default_value = "comma", value_parser = separator)]
    pub(crate) separator: Separator,
    /// The server that a qgz points at, instead of holding its data: <http://127.0.0.1:8080>
    #[arg(long, value_name = "URL", value_parser = server)]
    pub(crate) server: Option<String>,
    /// The attribute the styles draw: `access_min`, `beyond`, `beyond_share`, `fragility`, `apl` or `need`
    #[arg(long, default_value = "access_min", value_parser = metric)]
    pub(crate) style: Metric,
    /// The file to write, named .zip for geojson, fgb or csv with styles beside it; - for the standard output
    #[arg(short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The atlas' directory; without it, the sample
    #[arg(long)]
    pub(crate) atlas: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportSite {
    /// The folder to write; one that exists must be empty or a site, which is replaced
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// As in a URL: territory=departement:63&minutes=20&mode=bike
    #[arg(long, default_value = "", value_parser = question)]
    pub(crate) question: Box<Inquiry>,
    /// The atlas' directory; without it, the sample
    #[arg(long)]
    pub(crate) atlas: Option<PathBuf>,
}

impl Export {
    /// What is written.
    pub(crate) fn form(&self) -> Form {
        match self.format {
            Form::Csv(_) => Form::Csv(self.separator),
            other => other,
        }
    }
}

fn layer(name: &str) -> Result<Layer, String> {
    Layer::from_slug(name).ok_or_else(|| {
        let known: Vec<&str> = Layer::ALL.iter().map(|layer| layer.slug()).collect();
        format!("there is no such layer; layers: {}", known.join(", "))
    })
}

fn form(name: &str) -> Result<Form, String> {
    let known = || Form::ALL.map(Form::slug).join(", ");
    Form::from_slug(name).ok_or_else(|| format!("there is no such format; formats: {}", known()))
}

fn separator(name: &str) -> Result<Separator, String> {
    let known = || Separator::ALL.map(Separator::slug).join(", ");
    Separator::from_slug(name).ok_or_else(|| format!("there is no such separator; separators: {}", known()))
}

fn server(url: &str) -> Result<String, String> {
    let known = url.starts_with("http://") || url.starts_with("https://");
    let plain = url.chars().all(|c| c.is_ascii_graphic() && !"\"'<>?&#".contains(c));
    if known && plain {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    Err("expected an address such as http://127.0.0.1:8080, without a query".to_owned())
}

fn metric(name: &str) -> Result<Metric, String> {
    let known = || Metric::ALL.map(Metric::slug).join(", ");
    Metric::from_slug(name).ok_or_else(|| format!("there is no such style; styles: {}", known()))
}

fn question(text: &str) -> Result<Box<Inquiry>, String> {
    Inquiry::parse(text).map(Box::new).map_err(|refused| refused.to_string())
}

/// A question that names no territory: another argument does.
fn question_alone(text: &str) -> Result<Box<Inquiry>, String> {
    let inquiry = question(text)?;
    if inquiry.perimeter.is_everyone() {
        return Ok(inquiry);
    }
    Err(format!("territory={}: name it with --territory, not in the question", inquiry.perimeter))
}

fn perimeter(text: &str) -> Result<Perimeter, String> {
    let territories: Result<Vec<Territory>, _> = text.split(',').map(str::parse).collect();
    territories.map(Perimeter::new).map_err(|e| e.to_string())
}
