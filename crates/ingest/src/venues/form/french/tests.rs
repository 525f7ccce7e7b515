use super::*;
use proptest::prelude::*;

fn osm(text: &str) -> Option<String> {
    week(text).and_then(|week| week.osm())
}

fn day(text: &str) -> Option<Vec<Slot>> {
    slots(text)
}

#[test]
fn usual_sentences_are_understood() {
    let full = "Mo-Fr 09:00-12:00,14:00-17:00";
    for (text, expected) in [
        ("du lundi au vendredi 9h-12h / 14h à 17h", full),
        ("Du lundi au vendredi de 9h00 à 12h00 et de 14h00 à 17h00.", full),
        ("9h-12h et 14h-17h du lundi au vendredi", full),
        ("Horaires d’ouverture : du lundi au vendredi de 9h à 12h et de 14h à 17h.", full),
        ("Lundi au vendredi : 9 h – 12 h / 14 h 00 – 17 h", full),
        ("lundi-vendredi 9.00-12:00, 14:00-17:00", full),
        ("Les lundi, mardi, jeudi et vendredi de 09h00 à 17h00", "Mo-Tu 09:00-17:00; Th-Fr 09:00-17:00"),
        ("Lundi, Mardi : 9 à 12h et de 14 à 18h30", "Mo-Tu 09:00-12:00,14:00-18:30"),
        ("Tous les mardis de 13h30 à 16h30", "Tu 13:30-16:30"),
        (
            "Mardi et jeudi : 14h - 22h et Mercredi, vendredi et samedi : 14h - 20h",
            "Tu 14:00-22:00; We 14:00-20:00; Th 14:00-22:00; Fr-Sa 14:00-20:00",
        ),
        ("lundi\t08:30–12:00, 13:30–17:30\nmardi\tFermé\nsamedi\tFermé", "Mo 08:30-12:00,13:30-17:30"),
        (
            "Lundi\n13h30 – 17h30\n\nMercredi\n10h – 12h  13h30 – 17h30\n\nSamedi\nFermé",
            "Mo 13:30-17:30; We 10:00-12:00,13:30-17:30",
        ),
        ("lundi, mardi et vendredi matin de 9h15 à 12h30", "Mo-Tu 09:15-12:30; Fr 09:15-12:30"),
        (
            "lundi 09:00 - 12:00 / 14:00 - 17:00; mardi 09:00 - 12:00",
            "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00",
        ),
        ("Lundi-Vendredi 08:30-12:30\nLundi-Vendredi 13:30-17:00", "Mo-Fr 08:30-12:30,13:30-17:00"),
        ("mar-mer-jeu-ven 10h-12h et le sam 10h-12h30", "Tu-Fr 10:00-12:00; Sa 10:00-12:30"),
        ("vendredi 20h-0h", "Fr 20:00-24:00"),
        ("lundi 00:00 - 00:00 / 08:00 - 13:00; mardi 08:00 - 13:00", "Mo-Tu 08:00-13:00"),
    ] {
        assert_eq!(osm(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_not_understood_whole_is_not_understood() {
    for text in [
        "",
        "Lundi - samedi",
        "Du lundi au vendredi",
        "9h-12h / 14h-17h",
        "9h 12h 14h 17h",
        "Du lundi au vendredi sur rendez-vous",
        "Du lundi au vendredi de 9h à 12h, sauf le mercredi",
        "Le premier mercredi du mois de 14h00 à 17h00",
        "Les mardis toutes les trois semaines de 13h00 à 16h00",
        "Lundi au vendredi : 9h à 12h30 et 13h30 à 17h30 (17h pendant les vacances scolaires)",
        "Vendredi 21/04\n10:00 - 12:30",
        "Lundi : 15h18h",
        "13h030 à 15h00",
        "du lundi au vendredi de h30 à 12h30",
        "Lundi 9h-12h à 14h à 16h30",
        "lundi 17h-9h",
        "Mercredi semaine paire 14h-16h",
        "lundi 9h",
        "1er lundi 9h-12h",
        "Mardi-Lundi 9h-12h",
        "Lundi 9h-12h et",
        "Du lundi 9h au vendredi 17h",
        "lundi fermé",
        "lundi 9h-12h et lundi 10h-14h",
        "vendredi après-midi 9h-12h",
        "lundi 25h-26h",
        "mardi 9-12",
        "Mo-Fr 09:00-12:00",
        "lundi 9h-12h vacances",
        "lundi 00:00-00:00",
    ] {
        assert_eq!(osm(text), None, "{text}");
    }
}

#[test]
fn the_shapes_of_the_france_services_lists_are_understood() {
    let two = Some(vec![(540, 720), (810, 1020)]);
    for text in [
        "09:00 - 12:00 / 13:30 - 17:00",
        "09:00-12:00/13:30-17:00",
        "09:00-12:00,13:30-17:00",
        "09:00-12:00 13:30-17:00",
        "09:00-12:00-13:30-17:00",
        "09:00-12:00/13 :30-17:00",
        "09 :00-12h00/13:30-17:00",
        "09:00-12:00/\n\n 13:30-17:00",
        "9h-12h / 13h30-17h",
    ] {
        assert_eq!(day(text), two, "{text}");
    }
    assert_eq!(
        day("09:00 - 12:00 / 09:00 - 16:30"),
        Some(vec![(540, 720), (540, 990)]),
        "rounds may overlap"
    );
    assert_eq!(day("00:00 - 00:00 / 09:00 - 12:00"), Some(vec![(0, 0), (540, 720)]), "a blank slot is seen");
    for text in ["", "-", "00:00:00:00", "07:30:12:30", "09:00-13:00-/3:00-16:00", "sur RDV", "12:00-09:00"] {
        assert_eq!(day(text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn any_text_never_panics_and_what_is_understood_is_in_the_syntax_of_osm(
        text in "\\PC{0,60}",
        made in "(lundi|mar|au|à|et|de|9|12h|9h30|14:00|24h|0h| |-|/|,|;|:|\n|fermé|matin|tous les|\\(|h){0,14}",
    ) {
        for text in [text, made] {
            let _ = slots(&text);
            if let Some(osm) = osm(&text) {
                prop_assert!(osm.parse::<opening_hours::OpeningHours>().is_ok(), "{} -> {}", text, osm);
            }
        }
    }

    #[test]
    fn a_sentence_made_from_a_week_says_that_week(
        from in 6_u16..11, lunch in 1_u16..3, back in 1_u16..3, last in 1_u16..5, days in prop::collection::btree_set(0_usize..7, 1..7)
    ) {
        const NAMES: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
        let (a, b) = (from, from + lunch);
        let (c, d) = (b + back, b + back + last);
        let list: Vec<&str> = days.iter().map(|day| NAMES[*day]).collect();
        let text = format!("Les {} de {a}h à {b}h et de {c}h00 à {d}h", list.join(", "));
        let mut expected = Week::default();
        for day in days {
            expected.add(day, &[(a * 60, b * 60), (c * 60, d * 60)]);
        }
        prop_assert_eq!(week(&text), Some(expected));
    }
}
