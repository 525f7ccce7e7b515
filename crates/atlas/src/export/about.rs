//! What a file says of itself, whatever its format: the question, how it was answered, from what.

use network::Method;

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::sentence::{beyond, floor};

/// What stands in the metadata of a file, in its `LISEZMOI.txt` or on its sheet «À propos».
pub(crate) struct About {
    /// `Accès à la médiation numérique – Loire`.
    pub(crate) title: String,
    /// What its figures count, in plain words.
    pub(crate) counted: String,
    /// How the times were found.
    pub(crate) method: &'static str,
    /// What to know before quoting a figure.
    pub(crate) warnings: Vec<String>,
    /// The question in canonical form, none when it is the usual one.
    pub(crate) question: String,
    /// The identity of the atlas.
    pub(crate) atlas: String,
    /// Each source: its name, its vintage, its licence.
    pub(crate) sources: Vec<[String; 3]>,
}

/// What is told of the answers of an atlas to an inquiry.
pub(crate) fn about(atlas: &Atlas, inquiry: &Inquiry) -> Result<About, AtlasError> {
    let territory = atlas.perimeter_name(inquiry)?;
    let floor = floor(inquiry).map(|floor| format!(" {floor}")).unwrap_or_default();
    let source = |source: &territory::Source| {
        [source.name.clone(), source.vintage.to_string(), source.licence.clone()]
    };
    Ok(About {
        title: format!("Accès à la médiation numérique – {territory}"),
        counted: format!("{}.{floor}", beyond(inquiry)),
        method: match atlas.method(inquiry)? {
            Method::Routed => "Temps calculés sur le réseau routier.",
            Method::Estimated => "Temps estimés, au moins en partie.",
        },
        warnings: atlas.warnings(inquiry)?.into_iter().map(|warning| warning.message).collect(),
        question: inquiry.to_string(),
        atlas: atlas.id().to_owned(),
        sources: atlas.sources().iter().map(source).collect(),
    })
}
