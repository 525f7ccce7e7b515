//! «Territoires prioritaires» and «zones sous-desservies».

use serde_json::{Map, Value as Json};
use territory::PriorityKind;

use super::Subject;
use super::blocks::{paragraph, section, table};
use super::map::map;
use super::words::{Inscribe, NOT_GIVEN, count, escaped, figure, minutes, promise};
use crate::atlas::AtlasError;
use crate::wording::{inhabitants, number, plural};

/// Zones of the table and numbered on the map.
pub(super) const SHOWN: usize = 20;

pub(super) fn priority(subject: &Subject<'_>) -> String {
    let Some(found) = &subject.told.priority else {
        let body = format!(
            "<p>{NOT_GIVEN}\u{a0}: cet atlas n'a reçu ni quartiers prioritaires (QPV), ni zones France ruralités \
             revitalisation (FRR).</p>\n"
        );
        return section("prioritaires", "Territoires prioritaires", &body);
    };
    let rows: Vec<Vec<String>> = found
        .venues_by_kind
        .iter()
        .map(|(slug, &venues)| {
            let kind = PriorityKind::from_slug(slug).map_or(*slug, PriorityKind::label);
            let people = found.people_by_kind.get(slug);
            vec![
                escaped(kind),
                count(&format!("priority/venues_by_kind/{slug}"), venues),
                people.map_or_else(
                    || NOT_GIVEN.to_owned(),
                    |&people| count(&format!("priority/people_by_kind/{slug}"), people),
                ),
            ]
        })
        .collect();
    let mut body = table(
        "Lieux qui répondent à la question et habitants, par zonage",
        &[("Zonage", false), ("Lieux", true), ("Habitants", true)],
        &rows,
    );
    body.inscribe(format_args!(
        "<p>{} dans au moins un zonage, chacun compté une fois.</p>",
        figure("priority/venues_in_any", Some(plural(found.venues_in_any, "lieu", "lieux")))
    ));
    section("prioritaires", "Territoires prioritaires", &body)
}

pub(super) fn zones(subject: &Subject<'_>) -> Result<String, AtlasError> {
    let (told, all) = (&subject.told, subject.told.zones.len() as u32);
    let drawn = map(subject)?.unwrap_or_else(|| {
        format!("<p>{NOT_GIVEN}\u{a0}: aucune source ne dessine les contours de ce territoire.</p>")
    });
    if told.zones.is_empty() {
        let body =
            paragraph("Personne n'est au-delà du seuil\u{a0}: il n'y a pas de zone sous-desservie.") + &drawn;
        return Ok(section("zones", "Zones sous-desservies", &body));
    }
    let others =
        told.zones.iter().skip(SHOWN).filter_map(|zone| zone.get("population")?.as_u64()).sum::<u64>();
    let rest = if told.zones.len() > SHOWN {
        format!(
            " Les {SHOWN} plus peuplées sont numérotées\u{202f}; {} en comptent {}.",
            plural(all - SHOWN as u32, "autre", "autres"),
            number(others as u32)
        )
    } else {
        String::new()
    };
    let mut body = paragraph(&format!(
        "{} à plus de {}\u{a0}: {} en tout.{rest} Une zone joint les mailles voisines. La raison est le critère qu'il \
         suffirait de lever pour qu'un lieu soit à portée.",
        plural(all, "zone", "zones"),
        promise(subject.inquiry),
        inhabitants(told.answer.beyond)
    ));
    body.push_str(&drawn);
    let rows: Vec<Vec<String>> =
        told.zones.iter().take(SHOWN).enumerate().map(|(i, zone)| row(i, zone)).collect();
    body.push_str(&table(
        &format!(
            "Zones, les plus peuplées d'abord\u{202f}; fragiles\u{a0}: habitants des communes d'indice {} et plus",
            subject.inquiry.fragile_from()
        ),
        &[
            ("Rang", true),
            ("Zone", false),
            ("Habitants", true),
            ("Fragiles", true),
            ("Temps médian", true),
            ("Le plus long", true),
            ("Lieu le plus proche", false),
            ("Raison", false),
        ],
        &rows,
    ));
    Ok(section("zones", "Zones sous-desservies", &body))
}

fn row(i: usize, zone: &Map<String, Json>) -> Vec<String> {
    let path = |name: &str| format!("zones/{i}/{name}");
    let text = |name: &str| zone.get(name).and_then(Json::as_str);
    let people = |name: &str| {
        let n = zone.get(name).and_then(Json::as_u64);
        n.map_or_else(|| NOT_GIVEN.to_owned(), |n| count(&path(name), n as u32))
    };
    let time = |name: &str| figure(&path(name), zone.get(name).and_then(Json::as_f64).map(minutes));
    vec![
        (i + 1).to_string(),
        escaped(text("name").unwrap_or_default()),
        people("population"),
        people("fragile_population"),
        time("access_min"),
        time("access_min_max"),
        text("nearest_venue").map_or_else(|| "aucun".to_owned(), escaped),
        escaped(text("reason_label").unwrap_or_default()),
    ]
}
