//! The report a person reads: one page of HTML in French that needs nothing else, and prints.

use std::io::{self, Write};

use super::report::by_kind;
use super::wording;
use super::{Examination, Sensitivity};
use crate::refusal::{Outcome, Refusal};

/// Rows shown of each kind; the table of findings has all.
const SHOWN: usize = 200;

const STYLE: &str = "\
:root{--ink:#14202b;--quiet:#51606e;--line:#d5dbe0;--paper:#fbfaf6;--mark:#0b6e4f}\
*{box-sizing:border-box}\
body{margin:0 auto;max-width:62rem;padding:2rem 1.5rem 4rem;background:var(--paper);color:var(--ink);\
font:1rem/1.5 'Noto Sans',system-ui,sans-serif}\
h1{margin:0 0 .25rem;font-size:1.75rem;line-height:1.2}h2{margin:2.5rem 0 .5rem;font-size:1.25rem}\
h3{margin:1.75rem 0 .25rem;font-size:1.05rem}p{margin:.25rem 0 .75rem}.quiet{color:var(--quiet)}\
dl{display:flex;flex-wrap:wrap;gap:1.25rem 2.25rem;margin:1.5rem 0}dl div{min-width:7rem}\
dt{color:var(--quiet);font-size:.875rem}dd{margin:0;font-size:1.6rem;font-weight:600;font-variant-numeric:tabular-nums}\
table{width:100%;border-collapse:collapse;font-size:.875rem}\
th,td{padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}\
th{color:var(--quiet);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
td.v{overflow-wrap:anywhere}ins{color:var(--mark);text-decoration:none}\
.tag{display:inline-block;padding:0 .5rem;border:1px solid var(--line);border-radius:1rem;font-size:.8125rem;white-space:nowrap}\
details summary{cursor:pointer;color:var(--quiet);margin:.25rem 0 .5rem}\
@media print{body{max-width:none;padding:0;background:#fff;font-size:10pt}h2,h3{break-after:avoid}tr{break-inside:avoid}\
thead{display:table-header-group}}\
@page{size:A4;margin:16mm}";

/// Writes the report. `sensitivity` says how a gap depends on the doubtful rows, where a territory was
/// given; `day` is the day of the examination, as shown.
pub fn write_page(
    found: &Examination,
    sensitivity: Option<&Sensitivity>,
    day: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let files = found.files.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(", ");
    write!(
        out,
        "<!doctype html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Contrôle des données · {files}</title><style>{STYLE}</style></head><body>\n\
         <h1>Contrôle des données</h1>\n<p class=\"quiet\">{files}, contrôlé le {day}.</p>\n"
    )?;
    figures(found, out)?;
    if let Some(sensitivity) = sensitivity {
        sensitivity_table(sensitivity, out)?;
    }
    let kinds = by_kind(&found.findings);
    writeln!(out, "<h2>Constats</h2>")?;
    if kinds.is_empty() {
        writeln!(out, "<p>Aucun\u{a0}: chaque ligne est conforme au schéma national et à sa place.</p>")?;
    } else {
        summary(
            &kinds.iter().map(|(kind, list)| (wording::title(*kind), list.len())).collect::<Vec<_>>(),
            out,
        )?;
    }
    for (kind, list) in &kinds {
        writeln!(
            out,
            "<h3 id=\"{}\">{} <span class=\"tag\">{}</span></h3>\n<p>{}</p>",
            kind.slug(),
            wording::title(*kind),
            wording::rows(list.len()),
            wording::advice(*kind),
        )?;
        rows(list, found.files.len() > 1, out)?;
    }
    writeln!(out, "</body></html>")
}

fn figures(found: &Examination, out: &mut dyn Write) -> io::Result<()> {
    let figures = [
        ("lignes lues", found.rows),
        ("lieux distincts", found.venues.len()),
        ("lignes réparées", found.repaired),
        ("lignes refusées", found.refused),
        ("doublons fusionnés", found.merged),
        ("lieux sans mise à jour depuis dix-huit mois", found.stale.len()),
        ("conformes au schéma national", found.sheet.len()),
    ];
    writeln!(out, "<dl>")?;
    for (label, n) in figures {
        writeln!(out, "<div><dt>{label}</dt><dd>{}</dd></div>", wording::number(n))?;
    }
    writeln!(out, "</dl>")
}

fn sensitivity_table(sensitivity: &Sensitivity, out: &mut dyn Write) -> io::Result<()> {
    let Sensitivity { territory, promise, variants } = sensitivity;
    writeln!(
        out,
        "<h2>Ce que valent ces données</h2>\n<p>Habitants {promise} d’un lieu ({}), selon les lieux que \
         l’on retient. Les temps sont estimés d’après la distance.</p>\n<table><thead><tr><th>Lieux retenus</th>\
         <th class=\"n\">Lieux</th><th class=\"n\">Habitants au-delà</th><th class=\"n\">Part</th></tr></thead><tbody>",
        escaped(territory)
    )?;
    for variant in variants {
        writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escaped(&variant.label),
            wording::number(variant.venues),
            wording::number(variant.beyond as usize),
            wording::percent(variant.share),
        )?;
    }
    writeln!(out, "</tbody></table>")
}

fn summary(kinds: &[(&str, usize)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table><thead><tr><th>Constat</th><th class=\"n\">Lignes</th></tr></thead><tbody>")?;
    for (title, n) in kinds {
        writeln!(out, "<tr><td>{title}</td><td class=\"n\">{}</td></tr>", wording::number(*n))?;
    }
    writeln!(out, "</tbody></table>")
}

fn rows(list: &[&Refusal], named: bool, out: &mut dyn Write) -> io::Result<()> {
    let file = if named { "<th>Fichier</th>" } else { "" };
    writeln!(
        out,
        "<details{}><summary>Voir les lignes</summary><table><thead><tr>{file}<th class=\"n\">Ligne</th>\
         <th>Colonne</th><th>Valeur</th><th>Réparation</th><th>Motif</th></tr></thead><tbody>",
        if list.len() <= 20 { " open" } else { "" },
    )?;
    for finding in list.iter().take(SHOWN) {
        let file = if named { format!("<td>{}</td>", escaped(&finding.source)) } else { String::new() };
        let line = finding.line.map(|line| line.to_string()).unwrap_or_default();
        let repair = match &finding.repair {
            Some(repair) => format!("<ins>{}</ins>", escaped(repair)),
            None => String::new(),
        };
        writeln!(
            out,
            "<tr>{file}<td class=\"n\">{line}</td><td>{}</td><td class=\"v\">{}</td><td class=\"v\">{repair}</td>\
             <td>{}{}</td></tr>",
            escaped(finding.column.as_deref().unwrap_or_default()),
            escaped(&finding.value),
            escaped(&wording::reason(&finding.reason)),
            if finding.outcome == Outcome::Refused {
                " <span class=\"tag\">ligne refusée</span>"
            } else {
                ""
            },
        )?;
    }
    writeln!(out, "</tbody></table>")?;
    if list.len() > SHOWN {
        let more = wording::rows(list.len() - SHOWN);
        writeln!(out, "<p class=\"quiet\">Et {more} de plus, dans la table des constats.</p>")?;
    }
    writeln!(out, "</details>")
}

/// A text that no browser takes for markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
