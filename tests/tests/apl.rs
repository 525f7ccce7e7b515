//! The potential access of the sample's communes, beside a computation that shares no code with ours.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;
use std::io::Write;
use std::path::Path;

use h3o::{CellIndex, LatLng};
use maillage_tests::{Server, folder, judgement, repository};
use serde_json::json;
use territory::{Decay, Grid};

/// What the files say, as `apl.py` reads it.
fn world(imputed: usize) -> serde_json::Value {
    let inputs = ingest::read(&repository().join("data/sample/sample.toml")).expect("the sample").value;
    let grid = Grid::settle(&inputs.gazetteer, None).grid;
    let centre = |cell: territory::Cell| -> LatLng {
        cell.to_string().parse::<CellIndex>().expect("an H3 index").into()
    };
    let places = grid.places();
    let column = |value: &dyn Fn(&territory::Place) -> serde_json::Value| -> serde_json::Value {
        places.iter().map(value).collect()
    };
    let venue = |venue: &territory::Venue| {
        json!({
            "lat": venue.position.lat(),
            "lon": venue.position.lon(),
            "hours": venue.hours_text,
        })
    };
    json!({
        "places": {
            "lat": column(&|place| centre(place.cell).lat().into()),
            "lon": column(&|place| centre(place.cell).lng().into()),
            "people": column(&|place| place.population.0.into()),
            "commune": column(&|place| inputs.gazetteer.commune(place.commune).code.to_string().into()),
        },
        "venues": inputs.venues.iter().map(venue).collect::<Vec<_>>(),
        "decay": Vec::from(Decay::default()),
        "imputed": imputed,
    })
}

fn write(path: &Path, bytes: &[u8]) {
    File::create(path).and_then(|mut file| file.write_all(bytes)).expect("written");
}

#[test]
fn the_apl_of_every_commune_of_the_sample_is_that_of_numpy_and_of_pysal() {
    let server = Server::of_the_sample();
    let page = server.get("/api/collections/communes/items?f=csv&limit=10000&properties=code,apl");
    assert_eq!(page.status, 200);
    let diagnosis = server.json("/api/territories/france");
    let imputed = diagnosis["apl"]["imputed"].as_u64().expect("a number") as usize;
    let folder = folder();
    let (world_path, communes) = (folder.path().join("world.json"), folder.path().join("communes.csv"));
    write(&world_path, world(imputed).to_string().as_bytes());
    write(&communes, &page.body);
    let paths = [&world_path, &communes].map(|path| path.to_str().expect("UTF-8"));
    let Some(said) = judgement("apl.py", &paths) else { return };
    assert!(said.contains("communes have the APL of numpy and PySAL"), "{said}");
}
