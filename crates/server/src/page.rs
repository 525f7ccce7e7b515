//! Pages for people who open the API in a browser: one template, no script, nothing from elsewhere.

use std::fmt::Display;

use atlas::escaped;
use axum::http::{HeaderMap, header};

use crate::query::Query;
use crate::representation::Representation;

const TEMPLATE: &str = include_str!("page.html");

/// A page may run and load nothing, whatever stands in the names it shows.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// What an address is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// For programs.
    Json,
    /// For people.
    Page,
}

impl Face {
    /// The one named by `f`, else the one the client would rather have: JSON unless it says otherwise.
    pub(crate) fn asked(query: &Query, headers: &HeaderMap) -> Self {
        match query.given("f") {
            Some("html") => Self::Page,
            Some(_) => Self::Json,
            None => Self::accepted(headers),
        }
    }

    /// A page if `Accept` prefers `text/html` to any JSON, as browsers do and as programs do not.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // What most requests are.
        if !accept.contains("text/") {
            return Self::Json;
        }
        let quality = |media: &str| {
            let (kind, _) = media.split_once('/').unwrap_or((media, ""));
            let any_of_kind = format!("{kind}/*");
            let of = |wanted: &str| {
                accept.split(',').find_map(|item| {
                    let mut parts = item.split(';').map(str::trim);
                    let named = parts.next()?.eq_ignore_ascii_case(wanted);
                    let q =
                        parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
                    named.then_some(q.unwrap_or(0.0f32))
                })
            };
            of(media).or_else(|| of(&any_of_kind)).or_else(|| of("*/*")).unwrap_or(0.0)
        };
        let json = quality("application/json").max(quality("application/geo+json"));
        if quality("text/html") > json { Self::Page } else { Self::Json }
    }

    /// What tells its representations apart in the cache.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Page => "html",
        }
    }
}

/// A page in the making; titles and labels are texts, its content is HTML.
pub(crate) struct Page {
    title: String,
    crumbs: Vec<(String, String)>,
    content: String,
}

impl Page {
    /// A page under the landing page of the API at `base`.
    pub(crate) fn new(base: &str, title: &str) -> Self {
        let home = [("Carte", "/"), ("API", "/api")];
        let crumbs = home.map(|(label, path)| (label.to_owned(), format!("{base}{path}")));
        Self { title: title.to_owned(), crumbs: crumbs.to_vec(), content: String::new() }
    }

    /// The same below one more page.
    pub(crate) fn under(mut self, label: &str, href: String) -> Self {
        self.crumbs.push((label.to_owned(), href));
        self
    }

    /// Adds a paragraph of text.
    pub(crate) fn say(&mut self, text: &str) {
        self.raw(&format!("<p>{}</p>\n", escaped(text)));
    }

    /// Adds a subtitle.
    pub(crate) fn section(&mut self, title: &str) {
        self.raw(&format!("<h2>{}</h2>\n", escaped(title)));
    }

    /// Adds a row of links.
    pub(crate) fn links(&mut self, links: &[(&str, String)]) {
        let items = links.iter().map(|(label, href)| format!("<li>{}</li>", anchor(label, href)));
        let items = items.collect::<Vec<_>>().concat();
        self.raw(&format!("<ul class=\"links\">{items}</ul>\n"));
    }

    /// Adds a table; a column of numbers is set right.
    pub(crate) fn table(&mut self, columns: &[Column<'_>], rows: impl Iterator<Item = Vec<Cell>>) {
        let class = |column: &Column<'_>| if column.is_number { " class=\"number\"" } else { "" };
        let heads = columns.iter().map(|column| {
            let (name, label) = (escaped(column.name), escaped(column.label));
            format!("<th scope=\"col\" title=\"{name}\"{}>{label}</th>", class(column))
        });
        let mut table = format!("<thead><tr>{}</tr></thead>\n<tbody>\n", heads.collect::<Vec<_>>().concat());
        for row in rows {
            let cells =
                columns.iter().zip(row).map(|(column, cell)| format!("<td{}>{}</td>", class(column), cell.0));
            table.extend(["<tr>", &cells.collect::<Vec<_>>().concat(), "</tr>\n"]);
        }
        self.raw(&format!("<div class=\"table\"><table>{table}</tbody></table></div>\n"));
    }

    /// Adds a table of two columns: names, then values.
    pub(crate) fn pairs(&mut self, rows: impl Iterator<Item = (String, Cell)>) {
        let rows = rows.map(|(label, cell)| {
            format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(&label), cell.0)
        });
        let rows = rows.collect::<Vec<_>>().concat();
        self.raw(&format!("<div class=\"table\"><table><tbody>{rows}</tbody></table></div>\n"));
    }

    fn raw(&mut self, html: &str) {
        self.content.push_str(html);
    }

    /// The page with its footer, at an address that a program reads as JSON.
    pub(crate) fn finish(self, footer: &str) -> Representation {
        let crumbs = self.crumbs.iter().map(|(label, href)| format!("<li>{}</li>", anchor(label, href)));
        let title = escaped(&self.title);
        let crumbs = format!("{}<li aria-current=\"page\">{title}</li>", crumbs.collect::<Vec<_>>().concat());
        let filled =
            [("title", title), ("crumbs", crumbs), ("content", self.content), ("footer", escaped(footer))];
        // One pass: what is filled in is never read as a template.
        let mut html = String::with_capacity(TEMPLATE.len() + filled[2].1.len());
        let mut parts = TEMPLATE.split("{{");
        html.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once("}}").unwrap_or(("", part));
            if let Some((_, text)) = filled.iter().find(|(key, _)| *key == name) {
                html.push_str(text);
            }
            html.push_str(rest);
        }
        Representation::new("text/html; charset=utf-8", html).with(header::CONTENT_SECURITY_POLICY, POLICY)
    }
}

/// A column of a table.
pub(crate) struct Column<'a> {
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    pub(crate) is_number: bool,
}

/// What stands in a cell, as HTML.
pub(crate) struct Cell(String);

impl Cell {
    /// A text; a dash for none.
    pub(crate) fn text(text: &str) -> Self {
        Self(if text.is_empty() { "–".to_owned() } else { escaped(text) })
    }

    /// A link.
    pub(crate) fn link(label: &str, href: &str) -> Self {
        Self(anchor(label, href))
    }

    /// A piece of an address or of a document.
    pub(crate) fn code(text: impl Display) -> Self {
        Self(format!("<code>{}</code>", escaped(&text.to_string())))
    }
}

fn anchor(label: &str, href: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(href), escaped(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_browser_gets_a_page_and_a_program_json() {
        for (accept, face) in [
            ("", Face::Json),
            ("*/*", Face::Json),
            ("application/json", Face::Json),
            ("application/geo+json, application/json", Face::Json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Face::Page),
            ("text/html", Face::Page),
            ("text/*;q=0.5", Face::Page),
            ("text/html, application/json", Face::Json),
            ("application/json;q=0.5, text/html;q=0.4", Face::Json),
            ("text/html;q=0, */*", Face::Json),
            ("text/plain, */*;q=0.5", Face::Json),
            ("text/html;q=x, */*;q=0.5", Face::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(Face::accepted(&headers), face, "{accept}");
        }
        assert_eq!(Face::accepted(&HeaderMap::new()), Face::Json);
    }

    #[test]
    fn what_stands_in_a_text_is_neither_markup_nor_template() {
        assert_eq!(Cell::text("").0, "–");
        assert!(TEMPLATE.matches("{{").count() == 5 && TEMPLATE.matches("}}").count() == 5);
    }
}
