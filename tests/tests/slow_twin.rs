//! Access and people beyond, computed again from the published files in the slowest obvious way.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;

use flate2::read::GzDecoder;
use h3o::{CellIndex, LatLng};
use maillage_tests::twin::{Draw, cells, kilometres, minutes};
use maillage_tests::{Server, repository};
use serde_json::Value as Json;

struct Venue {
    name: String,
    lat: f64,
    lon: f64,
    services: Vec<String>,
    fees: Vec<String>,
    hours: Option<String>,
}

fn venues() -> Vec<Venue> {
    let file = File::open(repository().join("data/sample/venues-2021.json.gz")).expect("venues");
    let rows: Vec<Json> = serde_json::from_reader(GzDecoder::new(file)).expect("an array");
    let list = |row: &Json, key: &str| -> Vec<String> {
        let text = row[key].as_str().unwrap_or_default();
        text.split(';').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    };
    rows.iter()
        .map(|row| Venue {
            // The file has the names as a web form escaped them; no other character of the sample is.
            name: row["nom"].as_str().expect("a name").trim().replace("&amp;", "&"),
            lat: row["latitude"].as_f64().expect("a number"),
            lon: row["longitude"].as_f64().expect("a number"),
            services: list(row, "services"),
            fees: list(row, "conditions_acces"),
            hours: row["horaires"].as_str().map(str::to_owned),
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Nothing,
    Free,
    Procedures,
    Saturday,
}

impl Asked {
    fn parameter(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Free => "&fee=free",
            Self::Procedures => "&service=aide-aux-demarches-administratives",
            Self::Saturday => "&open=saturday",
        }
    }

    fn fits(self, venue: &Venue) -> bool {
        match self {
            Self::Nothing => true,
            Self::Free => venue.fees.len() == 1 && venue.fees[0].starts_with("Gratuit :"),
            Self::Procedures => venue.services.iter().any(|service| {
                service.contains("démarches administratives") || service.contains("démarches de santé")
            }),
            Self::Saturday => venue.hours.as_deref().is_some_and(open_on_saturday),
        }
    }
}

/// Of `Tu-Fr 09:00-12:00; Sa 10:00-12:00`: whether a rule is about Saturday. The sample says no more.
fn open_on_saturday(hours: &str) -> bool {
    const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
    let rank = |day: &str| DAYS.iter().position(|d| *d == day);
    let days = |rule: &str| {
        // Without days a rule is about all of them.
        let (days, _times) = rule.trim().split_once(' ').unwrap_or(("Mo-Su", rule));
        days.split(',').any(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let range = rank(first).zip(rank(last)).unwrap_or_else(|| panic!("{hours}"));
            (range.0..=range.1).contains(&5)
        })
    };
    hours.split(';').any(days)
}

#[test]
fn twenty_random_questions_have_the_answers_of_the_slow_twin() {
    let server = Server::of_the_sample();
    let venues = venues();
    let communes = server.features("/api/collections/communes/items?limit=10000&properties=code");
    let epcis = server.features("/api/collections/epcis/items?limit=1000&properties=code");
    let mut draw = Draw(20_251_122);
    let (mut seen, mut broken) = (0, 0);
    for round in 0..20 {
        let territory = match round % 3 {
            0 => format!("commune:{}", communes[draw.below(communes.len())]["properties"]["code"]),
            1 => format!("epci:{}", epcis[draw.below(epcis.len())]["properties"]["code"]),
            _ => format!("departement:{}", draw.one(&["03", "15", "26", "43", "74"])),
        }
        .replace('"', "");
        let mode = draw.one(&["car", "bike", "walk"]);
        let asked = [Asked::Nothing, Asked::Free, Asked::Procedures, Asked::Saturday][draw.below(4)];
        let promise = 1 + draw.below(if mode == "car" { 30 } else { 90 }) as u64;
        let filter = asked.parameter();
        let inquiry = format!("territory={territory}&mode={mode}&minutes={promise}{filter}");

        let fitting: Vec<&Venue> = venues.iter().filter(|venue| asked.fits(venue)).collect();
        let mut beyond = 0;
        let cells = cells(&server, &inquiry);
        for cell in &cells {
            let index: CellIndex = cell.code.parse().expect("an H3 index");
            let centre = LatLng::from(index);
            let from = (centre.lat(), centre.lng());
            let nearest = fitting.iter().map(|v| kilometres(from, (v.lat, v.lon)));
            let nearest = nearest.fold(f64::INFINITY, f64::min);
            // Deciseconds, as the house quantises once.
            let deciseconds = (minutes(mode, nearest) * 600.0).round();
            let found = deciseconds / 600.0;
            assert!(
                cell.minutes.is_some_and(|told| (told - found).abs() <= 0.05 + 1e-9),
                "{inquiry}: cell {} has {:?} min, by hand {found:.3}",
                cell.code,
                cell.minutes
            );
            let left = if deciseconds > promise as f64 * 600.0 { cell.people } else { 0 };
            assert_eq!(cell.beyond, left, "{inquiry}: cell {}", cell.code);
            let named = fitting
                .iter()
                .any(|v| v.name == cell.nearest && kilometres(from, (v.lat, v.lon)) - nearest < 1e-6);
            assert!(named, "{inquiry}: {:?} is not at {nearest} km of {}", cell.nearest, cell.code);
            beyond += left;
        }
        let diagnosis =
            server.json(&format!("/api/territories/{territory}?mode={mode}&minutes={promise}{filter}"));
        assert_eq!(diagnosis["answer"]["beyond"], beyond, "{inquiry}");
        let people: u64 = cells.iter().map(|cell| cell.people).sum();
        assert_eq!(diagnosis["territory"]["population"], people, "{inquiry}");
        (seen, broken) = (seen + cells.len(), broken + u64::from(beyond > 0));
    }
    assert!(seen > 10_000 && broken > 5, "{seen} cells, {broken} broken promises: too easy");
}
