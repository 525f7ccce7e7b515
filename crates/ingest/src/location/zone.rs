//! Boxes of the French territories, to judge where no commune is drawn.

use territory::{DepartementCode, Position};

/// A territory by its box.
#[derive(Debug)]
pub(crate) struct Zone {
    /// Its codes of département; none for the mainland and Corsica, which have all the others.
    departements: &'static [&'static str],
    area: [f64; 4],
}

/// Areas of use onshore published by EPSG, with a margin of a tenth of a degree or two for islets: the
/// mainland and Corsica 27572 and 4807; Guadeloupe 2970; Saint-Martin and Saint-Barthélemy 2969;
/// Martinique 2973; Guyane 4624 without its sea; Réunion 3727; Saint-Pierre-et-Miquelon 2987; Mayotte
/// 4470; Nouvelle-Calédonie 3163; Polynésie 4687; Wallis-et-Futuna 8900.
const ZONES: [Zone; 11] = [
    Zone { departements: &[], area: [-5.3, 41.2, 9.75, 51.2] },
    Zone { departements: &["971"], area: [-62.0, 15.7, -60.8, 16.7] },
    Zone { departements: &["972"], area: [-61.4, 14.25, -60.65, 15.05] },
    Zone { departements: &["973"], area: [-54.7, 2.0, -51.5, 5.9] },
    Zone { departements: &["974"], area: [55.05, -21.5, 56.0, -20.7] },
    Zone { departements: &["975"], area: [-56.6, 46.6, -55.9, 47.3] },
    Zone { departements: &["976"], area: [44.9, -13.15, 45.4, -12.5] },
    Zone { departements: &["977", "978"], area: [-63.3, 17.75, -62.65, 18.25] },
    Zone { departements: &["986"], area: [-178.4, -14.5, -175.9, -13.0] },
    Zone { departements: &["987"], area: [-158.13, -28.5, -131.97, -4.52] },
    Zone { departements: &["988"], area: [158.0, -23.2, 172.5, -17.9] },
];

impl Zone {
    /// That of a département; none for the few codes where nobody lives.
    pub(crate) fn of(departement: DepartementCode) -> Option<&'static Self> {
        let code = departement.as_str();
        let mainland = code.len() == 2;
        ZONES.iter().find(|zone| {
            if mainland { zone.departements.is_empty() } else { zone.departements.contains(&code) }
        })
    }

    /// Those that hold a position: one at most, since none touches another.
    pub(crate) fn at(position: Position) -> Option<&'static Self> {
        ZONES.iter().find(|zone| zone.holds(position))
    }

    pub(crate) fn holds(&self, position: Position) -> bool {
        let [west, south, east, north] = self.area;
        (west..=east).contains(&position.lon()) && (south..=north).contains(&position.lat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    #[test]
    fn each_town_is_in_the_zone_of_its_departement_and_in_no_other() {
        for (departement, lon, lat) in [
            ("33", -0.58, 44.84),
            ("2A", 8.74, 41.92),
            ("29", -5.1, 48.46),
            ("971", -61.73, 16.0),
            ("972", -61.07, 14.6),
            ("973", -54.0, 3.65),
            ("974", 55.45, -20.88),
            ("975", -56.17, 46.78),
            ("976", 45.23, -12.78),
            ("977", -62.85, 17.9),
            ("978", -63.09, 18.07),
            ("986", -176.17, -13.28),
            ("987", -149.57, -17.53),
            ("988", 166.44, -22.27),
        ] {
            let zone = Zone::of(departement.parse().expect("code")).expect("a zone");
            assert!(zone.holds(at(lon, lat)), "{departement}");
            assert!(ZONES.iter().filter(|zone| zone.holds(at(lon, lat))).count() == 1, "{departement}");
        }
        assert!(Zone::at(at(2.17, 30.0)).is_none() && Zone::of("984".parse().expect("TAAF")).is_none());
    }

    #[test]
    fn no_zone_meets_another_nor_another_swapped() {
        let apart = |a: [f64; 2], b: [f64; 2]| a[1] < b[0] || b[1] < a[0];
        for (i, a) in ZONES.iter().enumerate() {
            let [west, south, east, north] = a.area;
            for (j, b) in ZONES.iter().enumerate() {
                let [w, s, e, n] = b.area;
                let beside = apart([west, east], [w, e]) || apart([south, north], [s, n]);
                assert!(beside || i == j, "{a:?} {b:?}");
                assert!(apart([south, north], [w, e]) || apart([west, east], [s, n]), "{a:?} {b:?} swapped");
            }
        }
    }
}
