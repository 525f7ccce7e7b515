//! `LISEZMOI.txt`: what stands in a zip beside its files.

use std::fmt::Write;

use super::Selection;
use super::about::About;

/// What a zip of selections holds and how QGIS opens it; `opening` says what to open.
pub(super) fn text(about: &About, selections: &[Selection<'_>], opening: &str) -> String {
    let mut text = format!("{}\n\n{}\n{}\n", about.title, about.counted, about.method);
    for warning in &about.warnings {
        let _ = writeln!(text, "Attention\u{a0}: {warning}");
    }
    let _ = write!(text, "\n{opening}\n\nCouches\n");
    for selection in selections {
        let layer = selection.table.layer();
        let count = crate::french_number(selection.features.len());
        let _ =
            writeln!(text, "\n{}\u{a0}: {} ({count}). {}.", layer.slug(), layer.title(), layer.description());
        for field in selection.columns() {
            let _ = writeln!(text, "- {}\u{a0}: {}", field.name, field.label);
        }
    }
    text.push_str("\nSources et licences\n\n");
    for [name, vintage, licence] in &about.sources {
        let _ = writeln!(text, "- {name} ({vintage}), {licence}");
    }
    let question = if about.question.is_empty() { "par défaut" } else { &about.question };
    let _ = write!(text, "\nQuestion\u{a0}: {question}\nAtlas\u{a0}: {}\n", about.atlas);
    text
}
