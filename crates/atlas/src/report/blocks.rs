//! What blocks of a page are made of: titles, tables, tiles.

use super::words::{NOT_GIVEN, escaped};

/// A block under its title.
pub(super) fn section(id: &str, title: &str, body: &str) -> String {
    format!("<section id=\"{id}\">\n<h2>{}</h2>\n{body}\n</section>\n", escaped(title))
}

/// A part of a block under its title, never cut in two.
pub(super) fn part(title: &str, body: &str) -> String {
    format!("<div class=\"part\"><h3>{}</h3>\n{body}</div>\n", escaped(title))
}

/// A paragraph of plain text.
pub(super) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escaped(text))
}

/// A remark under a figure.
pub(super) fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escaped(text))
}

/// What a block says of what was not given.
pub(super) fn not_given() -> String {
    format!("<p>{NOT_GIVEN}</p>\n")
}

/// A column: its title, and whether it holds numbers.
pub(super) type Column<'a> = (&'a str, bool);

/// A table; cells are HTML, the first of a row its heading.
pub(super) fn table(caption: &str, columns: &[Column<'_>], rows: &[Vec<String>]) -> String {
    let class = |number: bool| if number { " class=\"n\"" } else { "" };
    let head = columns
        .iter()
        .map(|(title, number)| format!("<th scope=\"col\"{}>{}</th>", class(*number), escaped(title)))
        .collect::<Vec<String>>()
        .concat();
    let cell = |(i, (cell, (_, number))): (usize, (&String, &Column<'_>))| match i {
        0 => format!("<th scope=\"row\"{}>{cell}</th>", class(*number)),
        _ => format!("<td{}>{cell}</td>", class(*number)),
    };
    let body = rows
        .iter()
        .map(|row| {
            let cells: String = row.iter().zip(columns).enumerate().map(cell).collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect::<Vec<String>>()
        .concat();
    let caption = escaped(caption);
    format!(
        "<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>\n"
    )
}

/// A key figure (HTML) and what it is.
pub(super) fn tile(label: &str, figure: &str, remark: &str) -> String {
    let remark =
        if remark.is_empty() { String::new() } else { format!("<dd class=\"remark\">{remark}</dd>") };
    format!("<div><dt>{}</dt><dd>{figure}</dd>{remark}</div>\n", escaped(label))
}

/// Key figures side by side.
pub(super) fn tiles(tiles: &[String]) -> String {
    format!("<dl class=\"tiles\">\n{}</dl>\n", tiles.concat())
}

/// A bar as long as a share of 0 to 1, beside a number that says the same.
pub(super) fn bar(share: f64) -> String {
    let width = (share.clamp(0.0, 1.0) * 1000.0).round() / 10.0;
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rail\" width=\"100\" height=\"8\"/><rect class=\"fill\" width=\"{width}\" height=\"8\"/></svg>"
    )
}
