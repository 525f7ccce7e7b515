//! What an address answers: one row of the table from which both the router and its document are made.

use std::sync::Arc;

use atlas::{Parameter, Values, parameter};
use axum::routing::MethodRouter;

use crate::openapi::Schemas;
use crate::state::State;

/// A method at a path: how it is answered, and all that a client must know to ask.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// With its variable segments in braces.
    pub(crate) path: &'static str,
    /// Its name for programs made from the document: never changes.
    pub(crate) id: &'static str,
    pub(crate) handler: fn() -> MethodRouter<Arc<State>>,
    pub(crate) tag: Tag,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    /// The variable segments, in their order.
    pub(crate) segments: &'static [Parameter],
    /// What of an inquiry it understands.
    pub(crate) takes: Takes,
    /// The parameters it understands besides.
    pub(crate) parameters: &'static [Parameter],
    /// Those among them that must be given.
    pub(crate) required: &'static [&'static str],
    /// What a request carries, for the methods that carry something.
    pub(crate) body: Option<Content>,
    /// What it answers, the usual one first.
    pub(crate) answers: &'static [Content],
    /// What it means that nothing is the answer, where that may be.
    pub(crate) nothing: Option<&'static str>,
    /// Whether an address it knows may lead to nothing.
    pub(crate) may_be_nowhere: bool,
    /// Whether the answer has a tag, by which a client asks whether it changed.
    pub(crate) tagged: bool,
    /// Headers of the answer besides those of every answer: a name and what it says.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// Whether it answers however busy the server is.
    pub(crate) unlimited: bool,
    /// A request that is answered on the sample: path and query.
    pub(crate) example: &'static str,
    /// The answer to it on the sample, where that is short.
    pub(crate) example_answer: Option<&'static str>,
}

/// A method that an operation answers; HEAD comes with GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
}

/// A chapter of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Discovery,
    Features,
    Territories,
    Points,
    Tiles,
    Service,
}

/// What of an inquiry an operation understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing.
    Nothing,
    /// Every parameter.
    Inquiry,
    /// Every parameter but the territory, which the path names.
    InPath,
}

/// A representation, of a request or an answer.
#[derive(Clone, Copy)]
pub(crate) struct Content {
    pub(crate) media_type: &'static str,
    /// None for bytes that are no JSON and no text.
    pub(crate) schema: Option<fn(&mut Schemas) -> serde_json::Value>,
}

/// A row of the table: `GET path`, called `id`.
pub(crate) const fn get(
    path: &'static str,
    id: &'static str,
    handler: fn() -> MethodRouter<Arc<State>>,
) -> Operation {
    Operation {
        method: Method::Get,
        path,
        id,
        handler,
        tag: Tag::Service,
        summary: "",
        description: "",
        segments: &[],
        takes: Takes::Nothing,
        parameters: &[],
        required: &[],
        body: None,
        answers: &[],
        nothing: None,
        may_be_nowhere: false,
        tagged: true,
        headers: &[],
        unlimited: false,
        example: path,
        example_answer: None,
    }
}

impl Operation {
    pub(crate) const fn says(self, tag: Tag, summary: &'static str, description: &'static str) -> Self {
        Self { tag, summary, description, ..self }
    }

    /// Posted, with a body.
    pub(crate) const fn posting(self, body: Content) -> Self {
        Self { method: Method::Post, body: Some(body), ..self }
    }

    pub(crate) const fn at(self, segments: &'static [Parameter]) -> Self {
        Self { segments, may_be_nowhere: true, ..self }
    }

    pub(crate) const fn takes(self, takes: Takes) -> Self {
        Self { takes, ..self }
    }

    pub(crate) const fn with(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }

    pub(crate) const fn required(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    pub(crate) const fn answers(self, answers: &'static [Content]) -> Self {
        Self { answers, ..self }
    }

    pub(crate) const fn or_nothing(self, meaning: &'static str) -> Self {
        Self { nothing: Some(meaning), ..self }
    }

    pub(crate) const fn or_nowhere(self) -> Self {
        Self { may_be_nowhere: true, ..self }
    }

    pub(crate) const fn untagged(self) -> Self {
        Self { tagged: false, ..self }
    }

    pub(crate) const fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    pub(crate) const fn unlimited(self) -> Self {
        Self { unlimited: true, ..self }
    }

    pub(crate) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    pub(crate) const fn example_answer(self, answer: &'static str) -> Self {
        Self { example_answer: Some(answer), ..self }
    }

    /// Its parameter of a name, among those of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.query().find(|parameter| parameter.name == name)
    }

    /// The parameters of the query: its own, then those of an inquiry.
    pub(crate) fn query(&self) -> impl Iterator<Item = &'static Parameter> {
        let inquiry = match self.takes {
            Takes::Nothing => &[],
            Takes::Inquiry | Takes::InPath => &parameter::PARAMETERS[..],
        };
        let in_path = self.takes == Takes::InPath;
        let asked = inquiry.iter().filter(move |parameter| !(in_path && parameter.name == "territory"));
        self.parameters.iter().chain(asked)
    }
}

impl Content {
    pub(crate) const fn json(schema: fn(&mut Schemas) -> serde_json::Value) -> Self {
        Self { media_type: "application/json", schema: Some(schema) }
    }

    pub(crate) const fn geojson(schema: fn(&mut Schemas) -> serde_json::Value) -> Self {
        Self { media_type: "application/geo+json", schema: Some(schema) }
    }

    pub(crate) const fn text(media_type: &'static str) -> Self {
        Self { media_type, schema: Some(|_| serde_json::json!({"type": "string"})) }
    }

    pub(crate) const fn bytes(media_type: &'static str) -> Self {
        Self { media_type, schema: None }
    }
}

impl Method {
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
        }
    }

    /// As it is listed in `Allow`.
    pub(crate) fn allowed(self) -> &'static str {
        match self {
            Self::Get => "GET, HEAD",
            Self::Post => "POST",
        }
    }
}

impl Tag {
    pub(crate) const ALL: [Self; 6] =
        [Self::Discovery, Self::Features, Self::Territories, Self::Points, Self::Tiles, Self::Service];

    /// Its name in the document.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery",
            Self::Features => "Features",
            Self::Territories => "Territories",
            Self::Points => "Points",
            Self::Tiles => "Tiles",
            Self::Service => "Service",
        }
    }

    /// Its name for people, in French.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Discovery => "Découvrir",
            Self::Features => "Couches et zones",
            Self::Territories => "Territoires",
            Self::Points => "Autour d’un point",
            Self::Tiles => "Tuiles et styles",
            Self::Service => "Service",
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Discovery => "Where the rest is.",
            Self::Features => "The features of each layer, for an inquiry, after OGC API Features.",
            Self::Territories => "Find a territory, and what an inquiry comes to there.",
            Self::Points => "From a position to venues, and from a venue to people.",
            Self::Tiles => "Vector tiles, and styles that draw them.",
            Self::Service => "Whether the server lives and answers.",
        }
    }
}

/// A parameter of an address.
pub(crate) const fn parameter(
    name: &'static str,
    values: Values,
    default: Option<&'static str>,
    description: &'static str,
) -> Parameter {
    Parameter { name, description, values, default }
}
