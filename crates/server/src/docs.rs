//! `/api/docs`: the document as a page, which asks nothing of any other server.

use std::fmt::Write as _;
use std::sync::Arc;

use atlas::escaped;
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value as Json;

use crate::base::base;
use crate::openapi;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::state::State;

pub(crate) const PATH: &str = "/api/docs";

/// Words of a list shown at once; more are folded.
const FEW_WORDS: usize = 6;

/// `/api/docs`.
pub(crate) async fn page(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&headers);
    state
        .answer(format!("docs|{base}"), headers, Freshness::Revalidate, move |atlas| {
            let page = Page { document: openapi::document(atlas.name(), &base) }.html();
            Ok(Representation::new("text/html; charset=utf-8", page.ok_or(Problem::Internal)?))
        })
        .await
}

/// An operation of the document: path, method, description.
type Listed<'a> = (&'a str, &'a str, &'a Json);

/// The document being written as a page.
struct Page {
    document: Json,
}

impl Page {
    fn html(&self) -> Option<String> {
        let mut out = String::new();
        self.write(&mut out).ok()?;
        Some(out)
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let info = &self.document["info"];
        let title = escaped(text(&info["title"]));
        write!(
            out,
            "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>API – {title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{}</style>\n</head>\n\
             <body>\n<header class=\"top\"><h1>{title}</h1>\n<p class=\"summary\">{}</p></header>\n\
             <div class=\"page\">\n",
            include_str!("docs.css"),
            escaped(text(&info["summary"])),
        )?;
        self.navigation(out)?;
        write!(
            out,
            "<main>\n{}<p>La même définition pour les programmes\u{a0}: \
             <a href=\"{path}\"><code>{path}</code></a> (OpenAPI 3.1).</p>\n",
            prose(text(&info["description"])),
            path = openapi::PATH,
        )?;
        self.question(out)?;
        for (tag, operations) in self.chapters() {
            writeln!(
                out,
                "<section><h2 id=\"{0}\">{1}</h2>\n<p class=\"meta\">{2}</p>",
                escaped(text(&tag["name"])),
                escaped(text(&tag["x-displayName"])),
                prose_inline(text(&tag["description"])),
            )?;
            for (path, method, operation) in operations {
                self.operation(out, path, method, operation)?;
            }
            out.push_str("</section>\n");
        }
        out.push_str("</main>\n</div>\n</body>\n</html>\n");
        Ok(())
    }

    /// The tags, each with its operations: path, method, description.
    fn chapters(&self) -> Vec<(&Json, Vec<Listed<'_>>)> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let all: Vec<Listed<'_>> = paths
            .flat_map(|(path, item)| {
                let methods = item.as_object().into_iter().flatten();
                methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
            })
            .collect();
        let tags = self.document["tags"].as_array().into_iter().flatten();
        let of = |tag: &Json| all.iter().copied().filter(|(_, _, o)| o["tags"][0] == tag["name"]).collect();
        tags.map(|tag| (tag, of(tag))).collect()
    }

    fn navigation(&self, out: &mut String) -> std::fmt::Result {
        out.push_str("<nav aria-label=\"Opérations\">\n<section><ul><li><a href=\"#question\">Paramètres d’une question</a></li></ul></section>\n");
        for (tag, operations) in self.chapters() {
            write!(out, "<section><h2>{}</h2>\n<ul>", escaped(text(&tag["x-displayName"])))?;
            for (_, _, operation) in operations {
                let (id, summary) = (text(&operation["operationId"]), text(&operation["summary"]));
                write!(out, "<li><a href=\"#{}\">{}</a></li>", escaped(id), escaped(summary))?;
            }
            out.push_str("</ul></section>\n");
        }
        out.push_str("</nav>\n");
        Ok(())
    }

    /// The parameters that many operations take, once.
    fn question(&self, out: &mut String) -> std::fmt::Result {
        out.push_str("<section><h2 id=\"question\">Paramètres d’une question</h2>\n<article><dl>\n");
        for parameter in self.document["components"]["parameters"].as_object().into_iter().flatten() {
            self.parameter(out, parameter.1, Some(&format!("question-{}", parameter.0)))?;
        }
        out.push_str("</dl></article></section>\n");
        Ok(())
    }

    fn operation(&self, out: &mut String, path: &str, method: &str, operation: &Json) -> std::fmt::Result {
        let name = method.to_uppercase();
        write!(
            out,
            "<article id=\"{}\">\n<header><h3>{}</h3><div class=\"path\"><span class=\"method {method}\">{name}</span> \
             <code>{}</code></div></header>\n{}",
            escaped(text(&operation["operationId"])),
            escaped(text(&operation["summary"])),
            escaped(path),
            prose(text(&operation["description"])),
        )?;
        let parameters: Vec<&Json> = operation["parameters"].as_array().into_iter().flatten().collect();
        let shared = &self.document["components"]["parameters"];
        // An inquiry's parameter is told in its own chapter, the route's where they are taken.
        let of_question = |parameter: &&&Json| {
            let of_query = parameter["in"] == "query";
            let known = &shared[text(&parameter["name"])]["description"];
            parameter.get("$ref").is_some() || (of_query && parameter["description"] == *known)
        };
        if !parameters.is_empty() {
            out.push_str("<h4>Paramètres</h4>\n<dl>\n");
            for parameter in parameters.iter().filter(|parameter| !of_question(parameter)) {
                self.parameter(out, parameter, None)?;
            }
            let names: Vec<String> = parameters
                .iter()
                .filter(of_question)
                .map(|p| text(&self.resolve(p)["name"]).to_owned())
                .collect();
            if !names.is_empty() {
                let links: Vec<String> = names
                    .iter()
                    .map(|name| format!("<a href=\"#question-{name}\"><code>{name}</code></a>"))
                    .collect();
                writeln!(
                    out,
                    "<div><dt>question</dt><dd><p>Ceux d’une question\u{a0}:</p><p>{}</p></dd></div>",
                    links.join(", ")
                )?;
            }
            out.push_str("</dl>\n");
        }
        if let Some(content) = operation["requestBody"]["content"].as_object() {
            let types: Vec<String> =
                content.keys().map(|name| format!("<code>{}</code>", escaped(name))).collect();
            write!(out, "<h4>Corps de la requête</h4>\n<p>{}</p>\n", types.join(", "))?;
        }
        Self::example(out, operation)?;
        self.responses(out, operation)?;
        out.push_str("</article>\n");
        Ok(())
    }

    fn example(out: &mut String, operation: &Json) -> std::fmt::Result {
        let curl = text(&operation["x-codeSamples"][0]["source"]);
        write!(out, "<h4>Exemple</h4>\n<pre><code>{}</code></pre>\n", escaped(curl))?;
        let answers = operation["responses"]["200"]["content"].as_object().into_iter().flatten();
        for answer in answers.filter_map(|(_, body)| body.get("example")) {
            let shown = answer.as_str().map_or_else(|| format!("{answer:#}"), str::to_owned);
            write!(out, "<p class=\"meta\">répond</p>\n<pre><code>{}</code></pre>\n", escaped(&shown))?;
        }
        Ok(())
    }

    fn responses(&self, out: &mut String, operation: &Json) -> std::fmt::Result {
        out.push_str("<h4>Réponses</h4>\n<dl>\n");
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let response = self.resolve(response);
            let bodies = response["content"].as_object().into_iter().flatten();
            let types: Vec<String> = bodies
                .map(|(media_type, body)| {
                    let named = text(&body["schema"]["$ref"]).rsplit('/').next().unwrap_or_default();
                    let named =
                        if named.is_empty() { String::new() } else { format!(" · {}", escaped(named)) };
                    format!("<code>{}</code>{named}", escaped(media_type))
                })
                .collect();
            let bad = if status.starts_with(['4', '5']) { " bad" } else { "" };
            writeln!(
                out,
                "<div><dt><span class=\"status{bad}\">{}</span></dt><dd><p>{}</p><p class=\"meta\">{}</p></dd></div>",
                escaped(status),
                prose_inline(text(&response["description"])),
                types.join("<br>"),
            )?;
        }
        out.push_str("</dl>\n");
        Ok(())
    }

    fn parameter(&self, out: &mut String, parameter: &Json, anchor: Option<&str>) -> std::fmt::Result {
        let parameter = self.resolve(parameter);
        let anchor = anchor.map(|id| format!(" id=\"{}\"", escaped(id))).unwrap_or_default();
        let must =
            if parameter["required"] == true { " <span class=\"must\">obligatoire</span>" } else { "" };
        write!(
            out,
            "<div{anchor}><dt><code>{}</code>{must}</dt><dd><p>{}</p>",
            escaped(text(&parameter["name"])),
            prose_inline(text(&parameter["description"])),
        )?;
        values(out, &parameter["schema"])?;
        let default = &parameter["schema"]["default"];
        if !default.is_null() {
            write!(out, "<p class=\"meta\">Par défaut\u{a0}: <code>{}</code></p>", escaped(&plain(default)))?;
        }
        out.push_str("</dd></div>\n");
        Ok(())
    }

    /// What a reference leads to; anything else is itself.
    fn resolve<'a>(&'a self, json: &'a Json) -> &'a Json {
        let pointer = json["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(json)
    }
}

/// What a parameter may be, in French.
fn values(out: &mut String, schema: &Json) -> std::fmt::Result {
    let list = schema["type"] == "array";
    let one = if list { &schema["items"] } else { schema };
    let many = if list { " (plusieurs, séparés par des virgules)" } else { "" };
    if let Some(words) = one["enum"].as_array() {
        let item = |word: &Json| {
            let slug = text(word);
            let label = text(&one["x-enumDescriptions"][slug]);
            let label = if label.is_empty() { String::new() } else { format!(" – {}", escaped(label)) };
            format!("<li><code>{}</code>{label}</li>", escaped(slug))
        };
        let n = words.len();
        let items: String = words.iter().map(item).collect();
        if n <= FEW_WORDS {
            return write!(out, "<ul class=\"few\">{items}</ul>");
        }
        return write!(out, "<details><summary>{n} valeurs{many}</summary><ul>{items}</ul></details>");
    }
    let bounds = (&one["minimum"], &one["maximum"]);
    let said = match (text(&one["type"]), bounds) {
        ("integer", (least, most)) if !least.is_null() => format!("nombre entier de {least} à {most}"),
        ("number", (least, most)) if !least.is_null() => format!("nombre de {least} à {most}"),
        (_, _) => match (one["pattern"].as_str(), one["maxLength"].as_u64()) {
            (_, Some(most)) => format!("texte de {most} caractères au plus"),
            (Some(pattern), _) => {
                let pattern = escaped(pattern);
                return write!(
                    out,
                    "<details><summary>texte{many}</summary><code>{pattern}</code></details>"
                );
            }
            _ => return Ok(()),
        },
    };
    write!(out, "<p class=\"meta\">{said}{many}</p>")
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// A default as it is written in an address.
fn plain(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Paragraphs of the document's prose.
fn prose(text: &str) -> String {
    let paragraph = |text: &str| format!("<p>{}</p>\n", prose_inline(text));
    text.split("\n\n").filter(|text| !text.is_empty()).map(paragraph).collect()
}

/// Prose whose words between backticks are code.
fn prose_inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let part = |(rank, text): (usize, &str)| {
        if rank % 2 == 1 { format!("<code>{}</code>", escaped(text)) } else { escaped(text) }
    };
    parts.map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::OPERATIONS;

    #[test]
    fn the_page_tells_every_operation_and_asks_no_other_server() {
        let page = Page { document: openapi::document("<script>", "http://localhost:8080") };
        let html = page.html().expect("a page");
        for operation in OPERATIONS {
            assert!(html.contains(&format!("<article id=\"{}\">", operation.id)), "{}", operation.id);
            let curl = escaped(&format!("'http://localhost:8080{}'", operation.example));
            assert!(html.contains(&curl), "{curl}");
        }
        assert!(!html.contains("<script"), "a name is no markup");
        for loads in [" src=", "@import", "url(", "stylesheet"] {
            assert!(!html.contains(loads), "{loads}");
        }
    }

    #[test]
    fn every_anchor_has_its_place() {
        let html = Page { document: openapi::document("Test", "http://localhost") }.html().expect("a page");
        let links: Vec<&str> =
            html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.len() > 50);
        for link in links {
            assert!(html.contains(&format!("id=\"{link}\"")), "{link}");
        }
    }
}
