//! Parameters as `OpenAPI` describes them.

use atlas::parameter::{PARAMETERS, Word};
use atlas::{Parameter, Values};
use serde_json::{Map, Value as Json, json};

use crate::operation::Operation;

/// The parameters of an inquiry, referred to by the operations that take one.
pub(super) fn components() -> Json {
    let one = |parameter: &Parameter| (parameter.name.to_owned(), described(parameter, "query", false, None));
    Json::Object(PARAMETERS.iter().map(one).collect())
}

/// The parameters of an operation: of its path, its own, then an inquiry's.
pub(super) fn of(operation: &Operation) -> Json {
    let (path, query) = operation.example.split_once('?').unwrap_or((operation.example, ""));
    let segment = |name: &str| {
        let braced = format!("{{{name}}}");
        let rank = operation.path.split('/').position(|segment| segment == braced)?;
        path.split('/').nth(rank).map(str::to_owned)
    };
    let given = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let segments = operation
        .segments
        .iter()
        .map(|parameter| described(parameter, "path", true, segment(parameter.name).as_deref()));
    let query = operation.query().map(|parameter| {
        let example = given(parameter.name);
        let of_inquiry = !operation.parameters.iter().any(|own| own.name == parameter.name);
        if of_inquiry && example.is_none() {
            json!({"$ref": format!("#/components/parameters/{}", parameter.name)})
        } else {
            let required = operation.required.contains(&parameter.name);
            described(parameter, "query", required, example.as_deref())
        }
    });
    segments.chain(query).collect()
}

fn described(parameter: &Parameter, place: &str, required: bool, example: Option<&str>) -> Json {
    let mut described = json!({
        "name": parameter.name,
        "in": place,
        "description": parameter.description,
        "required": required,
    });
    let mut schema = schema(parameter.values);
    if schema["type"] == "array" {
        described["style"] = if place == "path" { "simple" } else { "form" }.into();
        described["explode"] = false.into();
    }
    if let Some(default) = parameter.default {
        schema["default"] = value(parameter.values, default);
    }
    described["schema"] = schema;
    if let Some(example) = example {
        described["example"] = value(parameter.values, example);
    }
    described
}

/// The JSON Schema of a value.
fn schema(values: Values) -> Json {
    let list = |items: Json| json!({"type": "array", "items": items, "minItems": 1, "maxItems": 500});
    match values {
        Values::Whole { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Values::Wholes { least, most, count } => json!({
            "type": "array",
            "items": {"type": "integer", "minimum": least, "maximum": most},
            "minItems": 1,
            "maxItems": count,
        }),
        Values::Degrees(most) => {
            json!({"type": "number", "minimum": -i32::from(most), "maximum": most})
        }
        Values::Box => json!({
            "type": "array",
            "items": {"type": "number", "minimum": -180, "maximum": 180},
            "minItems": 4,
            "maxItems": 4,
        }),
        Values::One(words) => one_of(&words()),
        Values::Any(words) => list(one_of(&words())),
        Values::Form(pattern) => json!({"type": "string", "pattern": pattern}),
        Values::Forms(pattern) => list(json!({"type": "string", "pattern": pattern})),
        // A text of blanks asks nothing.
        Values::Text { most } => json!({"type": "string", "maxLength": most, "pattern": "\\S"}),
    }
}

/// One of some words; their labels are told beside them, for a person who chooses.
fn one_of(words: &[Word]) -> Json {
    let slugs: Vec<&str> = words.iter().map(|word| word.slug.as_str()).collect();
    let labels: Map<String, Json> =
        words.iter().filter_map(|word| Some((word.slug.clone(), word.label?.into()))).collect();
    let mut schema = json!({"type": "string", "enum": slugs});
    if !labels.is_empty() {
        schema["x-enumDescriptions"] = labels.into();
    }
    schema
}

/// A value as JSON, from how it is written in an address.
fn value(values: Values, text: &str) -> Json {
    let number = |text: &str| text.parse::<serde_json::Number>().map_or(Json::Null, Json::Number);
    match values {
        Values::Whole { .. } | Values::Degrees(_) => number(text),
        Values::Wholes { .. } | Values::Box => text.split(',').map(number).collect(),
        Values::Any(_) | Values::Forms(_) => text.split(',').collect(),
        Values::One(_) | Values::Form(_) | Values::Text { .. } => text.into(),
    }
}
