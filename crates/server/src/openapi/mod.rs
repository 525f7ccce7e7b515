//! `/api/openapi.json`: what the API answers, as `OpenAPI` 3.1, made from the table of operations.

use std::sync::Arc;

use axum::extract;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use crate::base::base;
use crate::operation::{Content, Method, Operation, Tag};
use crate::operations::OPERATIONS;
use crate::problem::{self, Problem};
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::state::State;

mod parameters;
pub(crate) mod schemas;

pub(crate) use schemas::Schemas;

pub(crate) const PATH: &str = "/api/openapi.json";

pub(crate) const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";

const INTRODUCTION: &str = "\
Who lives too far from digital help, for any question about the help, in any perimeter of the atlas.

Every figure says how many inhabitants it concerns. An answer is a function of the atlas and of the address \
alone: it has a strong `ETag`, and `If-None-Match` is answered 304 while the atlas is the same. HEAD is \
answered wherever GET is; answers are compressed with gzip or br; any origin may read.

A parameter that an address does not know, a word that is in no list and a number out of its range are \
refused, never ignored: 400, with the parameter, the value and what is allowed (RFC 9457). Lists are joined by \
commas, or their parameter is repeated; 500 values at most in one request.";

/// `/api/openapi.json`.
pub(crate) async fn definition(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&headers);
    let media_type = media_type(&headers);
    state
        .answer(format!("openapi|{base}|{media_type}"), headers, Freshness::Revalidate, move |atlas| {
            let document = document(atlas.name(), &base).to_string();
            Ok(Representation::new(media_type, document).negotiated())
        })
        .await
}

/// GDAL 3.6 asks for version 3.0 or plain JSON, and complains of anything else.
fn media_type(headers: &HeaderMap) -> &'static str {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_plain = accepted.contains("application/json") && !accepted.contains("version=3.1");
    if is_plain { "application/json" } else { MEDIA_TYPE }
}

/// The document, for a server of an atlas of some name reached at `base`.
pub(crate) fn document(name: &str, base: &str) -> Json {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Json> = Map::new();
    for operation in OPERATIONS {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        item[operation.method.slug()] = described(operation, base, &mut schemas);
    }
    let tag = |tag: Tag| json!({"name": tag.name(), "description": tag.description(), "x-displayName": tag.title()});
    let responses = problem::REFUSALS.iter().map(|refusal| {
        let response = json!({
            "description": refusal.description,
            "headers": header_objects(refusal.headers),
            "content": {"application/problem+json": {
                "schema": schemas.problem(),
                "example": refusal.example(),
            }},
        });
        (refusal.name.to_owned(), response)
    });
    let responses: Map<String, Json> = responses.collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Maillage – {name}"),
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Access to digital help: times, coverage, underserved zones",
            "description": INTRODUCTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": base}],
        "tags": Tag::ALL.map(tag),
        "paths": paths,
        "components": {
            "parameters": parameters::components(),
            "responses": responses,
            "schemas": schemas.finish(),
        },
    })
}

fn described(operation: &Operation, base: &str, schemas: &mut Schemas) -> Json {
    let posted = if operation.body.is_some() { "--data-binary @perimetre.geojson " } else { "" };
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag.name()],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": parameters::of(operation),
        "responses": responses(operation, schemas),
        "x-codeSamples": [{
            "lang": "Shell",
            "label": "curl",
            "source": format!("curl {posted}'{base}{}'", operation.example),
        }],
    });
    if let Some(body) = operation.body {
        described["requestBody"] = json!({"required": true, "content": content(&[body], schemas)});
    }
    described
}

/// What an operation answers, by status.
fn responses(operation: &Operation, schemas: &mut Schemas) -> Json {
    let tag = [("ETag", "The tag of this representation")].into_iter().filter(|_| operation.tagged);
    let headers: Vec<(&str, &str)> = tag.chain(operation.headers.iter().copied()).collect();
    let mut bodies = content(operation.answers, schemas);
    if let (Some(answer), Some(usual)) = (operation.example_answer, operation.answers.first()) {
        bodies[usual.media_type]["example"] = answer.into();
    }
    let mut responses = json!({"200": {
        "description": operation.summary,
        "headers": header_objects(&headers),
        "content": bodies,
    }});
    if let Some(meaning) = operation.nothing {
        responses["204"] = json!({"description": meaning});
    }
    if operation.tagged && operation.method == Method::Get {
        responses["304"] = json!({"description": "The client holds it already, by its `If-None-Match`"});
    }
    for refusal in problem::REFUSALS.iter().filter(|refusal| (refusal.of)(operation)) {
        responses[refusal.status().to_string()] =
            json!({"$ref": format!("#/components/responses/{}", refusal.name)});
    }
    responses
}

fn content(contents: &[Content], schemas: &mut Schemas) -> Json {
    let one = |content: &Content| {
        // Bytes have no schema in OpenAPI 3.1.
        let body = content.schema.map_or_else(|| json!({}), |schema| json!({"schema": schema(schemas)}));
        (content.media_type.to_owned(), body)
    };
    Json::Object(contents.iter().map(one).collect())
}

fn header_objects(headers: &[(&str, &str)]) -> Json {
    let one = |(name, description): &(&str, &str)| {
        let schema = if name.starts_with("OGC-") || *name == "Retry-After" {
            json!({"type": "integer", "minimum": 0})
        } else {
            json!({"type": "string"})
        };
        let header = json!({"description": description, "required": true, "schema": schema});
        ((*name).to_owned(), header)
    };
    Json::Object(headers.iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_row_of_the_table_and_no_other() {
        let document = document("Test", "http://localhost");
        let paths = document["paths"].as_object().expect("paths");
        let listed: usize = paths.values().map(|item| item.as_object().expect("an item").len()).sum();
        assert_eq!(listed, OPERATIONS.len());
        for operation in OPERATIONS {
            let found = &paths[operation.path][operation.method.slug()];
            assert_eq!(found["operationId"], operation.id);
            let names = |place: &str| -> Vec<String> {
                let all = found["parameters"].as_array().expect("parameters").iter();
                let resolved = all.map(|one| resolve(&document, one));
                let there = resolved.filter(|parameter| parameter["in"] == place);
                there.map(|parameter| parameter["name"].as_str().expect("a name").to_owned()).collect()
            };
            let query: Vec<&str> = operation.query().map(|parameter| parameter.name).collect();
            let segments: Vec<&str> = operation.segments.iter().map(|parameter| parameter.name).collect();
            assert_eq!((names("query"), names("path")), (strings(&query), strings(&segments)));
        }
    }

    #[test]
    fn no_reference_of_the_document_leads_nowhere() {
        let document = document("Test", "http://localhost");
        let mut pending = vec![&document];
        let mut n_references = 0;
        while let Some(json) = pending.pop() {
            if let Some(reference) = json["$ref"].as_str() {
                let pointer = reference.strip_prefix('#').expect("of this document");
                assert!(document.pointer(pointer).is_some(), "{reference}");
                n_references += 1;
            }
            match json {
                Json::Array(items) => pending.extend(items),
                Json::Object(members) => pending.extend(members.values()),
                _ => {}
            }
        }
        assert!(n_references > 100, "{n_references}");
    }

    fn resolve<'a>(document: &'a Json, json: &'a Json) -> &'a Json {
        match json["$ref"].as_str() {
            Some(reference) => document.pointer(&reference[1..]).expect("resolved"),
            None => json,
        }
    }

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }
}
