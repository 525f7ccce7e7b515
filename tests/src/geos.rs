//! Tiles of polygons before GEOS, which shares no code with ours.

use std::path::Path;

use crate::python::python;
use crate::{Pyramid, folder, run};

/// The layers that cover the ground, and the one whose outline theirs must be.
const COVERAGES: [(&str, &str); 4] =
    [("regions", "regions"), ("departements", "regions"), ("communes", "regions"), ("epcis", "epcis")];

/// What GEOS says of tiles, none without it: how many polygons it found valid and coverages without gap nor
/// overlap, or its complaints. Those of `layers` alone are held against the ground they cover in an atlas.
/// With `harm` (`gap`, `overlap`, `crossing`) one polygon is harmed before.
pub fn geos(
    pyramid: &Pyramid,
    atlas: &Path,
    layers: &[&str],
    harm: Option<&str>,
) -> Option<Result<String, String>> {
    let (tiles, ground) = (folder(), folder());
    pyramid.save(tiles.path());
    let file =
        |layer: &str| ground.path().join(format!("{layer}.geojson")).to_str().expect("UTF-8").to_owned();
    let atlas = atlas.to_str().expect("UTF-8");
    let mut arguments = vec![tiles.path().to_str().expect("UTF-8").to_owned()];
    for (layer, outline) in COVERAGES.into_iter().filter(|(layer, _)| layers.contains(layer)) {
        let path = file(outline);
        if !Path::new(&path).exists() {
            run(&["export", outline, "--atlas", atlas, "-o", &path]).succeeded();
        }
        arguments.push(format!("{layer}={path}"));
    }
    if let Some(harm) = harm {
        arguments.extend(["--damage".to_owned(), harm.to_owned()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = python("tiles.py", &arguments)?;
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Some(if output.status.success() { Ok(said(output.stdout)) } else { Err(said(output.stderr)) })
}
