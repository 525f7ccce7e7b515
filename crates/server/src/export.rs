//! `/api/export`: one file with several layers for an inquiry.

use std::sync::Arc;

use atlas::export::{Bundle, ExportError, Form, Separator};
use atlas::legend::Metric;
use atlas::{InvalidParameter, TileAddress};
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::base::base;
use crate::download::Download;
use crate::problem::Problem;
use crate::query::Query;
use crate::state::State;

/// Where the features of a project are: in the file, or here.
pub(crate) const FILE: &str = "file";
pub(crate) const SERVER: &str = "server";

/// The forms of a file.
pub(crate) fn forms() -> Vec<atlas::parameter::Word> {
    atlas::parameter::words(&Form::ALL.map(Form::slug))
}

/// `/api/export`.
pub(crate) async fn export(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let named = asked.get("layers").unwrap_or_default();
    let layers: TileAddress = named.parse().map_err(|unknown: String| {
        let known: Vec<&str> = atlas::Layer::ALL.iter().map(|layer| layer.slug()).collect();
        InvalidParameter::new("layers", &unknown, format!("expected {}", known.join(", ")))
    })?;
    let separator = asked.get("separator").and_then(Separator::from_slug).unwrap_or_default();
    // The table lets in no other word.
    let form = match asked.get("format").and_then(Form::from_slug).ok_or(Problem::Internal)? {
        Form::Csv(_) => Form::Csv(separator),
        other => other,
    };
    let metric = asked.get("style").and_then(Metric::from_slug).ok_or(Problem::Internal)?;
    let mut slugs: Vec<&str> = layers.layers().iter().map(|layer| layer.slug()).collect();
    slugs.sort_unstable();
    // Only what points at this server depends on its address.
    let live = form == Form::Project && asked.get("source") == Some(SERVER);
    let server = live.then(|| base(&headers));
    let key = format!("{}|{form:?}|{metric:?}|{server:?}|{}", slugs.join(","), asked.inquiry);
    let file = state
        .file(key, move |atlas| {
            let bundle = Bundle::new(atlas, layers.layers(), &asked.inquiry, form).map_err(refused)?;
            let bundle = bundle.drawn_by(metric);
            // A FlatGeobuf alone is at `/api/collections/{layer}/items?f=fgb`: here it comes with its style.
            let bundle = if form == Form::FlatGeobuf { bundle.zipped() } else { bundle };
            let bundle = if let Some(server) = server { bundle.served_by(server) } else { bundle };
            let name = bundle.file_name();
            Download::make(bundle.media_type(), &name, |out| bundle.write(out, &mut |_, _| {}))
        })
        .await?;
    Ok(file.answer(&headers))
}

fn refused(error: ExportError) -> Problem {
    match error {
        ExportError::Atlas(error) => error.into(),
        ExportError::TooManyRows { .. } => InvalidParameter::new("format", "xlsx", error.to_string()).into(),
    }
}
