//! «Zonages prioritaires»: where policy asks for more help.
//!
//! A quarter is a polygon; the rural zonings are sets of whole communes. Areas overlap, of one kind or
//! of several, so nothing is ever summed over them: what is in two counts once.

use geo::{Contains, MultiPolygon, Point};
use serde::{Deserialize, Serialize};

use crate::code::{CommuneCode, QpvCode};
use crate::position::Position;

/// Which zoning an area is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PriorityKind {
    /// «Quartiers prioritaires de la politique de la ville».
    Qpv,
    /// «France ruralités revitalisation», which took the place of the ZRR in July 2024.
    Frr,
    /// «Zones de revitalisation rurale».
    Zrr,
}

impl PriorityKind {
    /// All kinds, in the order they are listed.
    pub const ALL: [Self; 3] = [Self::Qpv, Self::Frr, Self::Zrr];

    /// Its name in files and answers.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Qpv => "qpv",
            Self::Frr => "frr",
            Self::Zrr => "zrr",
        }
    }

    /// The kind of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// What people call one of its areas.
    pub fn label(self) -> &'static str {
        match self {
            Self::Qpv => "Quartier prioritaire de la politique de la ville",
            Self::Frr => "France ruralités revitalisation",
            Self::Zrr => "Zone de revitalisation rurale",
        }
    }
}

/// An area where policy asks for more help.
#[derive(Debug, Clone, PartialEq)]
pub enum PriorityArea {
    /// A quarter, drawn apart from communes.
    Quarter {
        /// Its code.
        code: QpvCode,
        /// Its name.
        name: String,
        /// Its shape; a hole is not inside.
        shape: MultiPolygon,
        /// The communes it is said to lie in, sorted.
        communes: Vec<CommuneCode>,
    },
    /// The communes classed by a rural zoning, whole, sorted.
    Communes {
        /// Which zoning.
        kind: PriorityKind,
        /// Which communes.
        communes: Vec<CommuneCode>,
    },
}

impl PriorityArea {
    /// Which zoning it is of.
    pub fn kind(&self) -> PriorityKind {
        match self {
            Self::Quarter { .. } => PriorityKind::Qpv,
            Self::Communes { kind, .. } => *kind,
        }
    }

    /// The communes it is, or lies in.
    pub fn communes(&self) -> &[CommuneCode] {
        match self {
            Self::Quarter { communes, .. } | Self::Communes { communes, .. } => communes,
        }
    }

    /// Whether something that is at a position, in a commune, is inside. A quarter goes by the position
    /// alone: what is declared in the wrong commune is inside all the same.
    pub fn holds(&self, at: Position, commune: Option<CommuneCode>) -> bool {
        match self {
            Self::Quarter { shape, .. } => shape.contains(&Point::from(at.coord())),
            Self::Communes { communes, .. } => commune.is_some_and(|c| communes.binary_search(&c).is_ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Coord, LineString, Polygon};
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> LineString {
        let corner = |dx: f64, dy: f64| Coord { x: x + dx * side, y: y + dy * side };
        LineString::new(vec![corner(0., 0.), corner(1., 0.), corner(1., 1.), corner(0., 1.), corner(0., 0.)])
    }

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    /// A square of a degree with a hole of a fifth in its middle, and an island in the hole.
    fn ring() -> PriorityArea {
        let outer = Polygon::new(square(1.0, 43.0, 1.0), vec![square(1.4, 43.4, 0.2)]);
        let island = Polygon::new(square(1.48, 43.48, 0.04), Vec::new());
        PriorityArea::Quarter {
            code: "QP031012".parse().expect("a code"),
            name: "Anneau".to_owned(),
            shape: MultiPolygon::new(vec![outer, island]),
            communes: Vec::new(),
        }
    }

    #[test]
    fn a_hole_is_not_inside_and_an_island_in_it_is() {
        let ring = ring();
        assert!(ring.holds(at(1.1, 43.1), None));
        assert!(!ring.holds(at(1.45, 43.45), None), "in the hole");
        assert!(ring.holds(at(1.5, 43.5), None), "on the island");
        assert!(!ring.holds(at(2.1, 43.5), None));
    }

    #[test]
    fn a_set_of_communes_goes_by_the_commune_alone() {
        let code = |text: &str| text.parse::<CommuneCode>().expect(text);
        let area =
            PriorityArea::Communes { kind: PriorityKind::Zrr, communes: vec![code("01001"), code("01004")] };
        assert!(area.holds(at(1.0, 43.0), Some(code("01004"))));
        assert!(!area.holds(at(1.0, 43.0), Some(code("01002"))));
        assert!(!area.holds(at(1.0, 43.0), None));
    }

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        for kind in PriorityKind::ALL {
            assert_eq!(PriorityKind::from_slug(kind.slug()), Some(kind));
        }
        assert_eq!(PriorityKind::from_slug("QPV"), None);
    }

    proptest! {
        #[test]
        fn a_point_is_inside_as_arithmetic_says(lon in 0.5f64..2.5, lat in 42.5f64..44.5) {
            let within = |x: f64, y: f64, side: f64| {
                lon > x && lon < x + side && lat > y && lat < y + side
            };
            let expected = within(1.0, 43.0, 1.0)
                && (!within(1.4, 43.4, 0.2) || within(1.48, 43.48, 0.04));
            prop_assert_eq!(ring().holds(at(lon, lat), None), expected);
        }
    }
}
