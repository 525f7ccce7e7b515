//! What lies on the ground: `surface`, `smoothness`, `tracktype`.
//!
//! <https://wiki.openstreetmap.org/wiki/Key:surface>, …`/Key:smoothness`, …`/Key:tracktype`.

use territory::road::{Surface, TrackGrade};

use super::tags::{Tags, listed};

/// The covering, made worse where it is broken; the worst of several.
pub(super) fn surface(tags: Tags) -> Option<Surface> {
    let laid = tags.get("surface").and_then(|value| listed(value).filter_map(of_value).max());
    let broken = tags.get("smoothness").and_then(of_smoothness);
    laid.max(broken)
}

fn of_value(value: &str) -> Option<Surface> {
    // `dirt/sand`: the first word tells.
    Some(match value.split('/').next()? {
        "asphalt" | "paved" | "concrete" | "concrete:plates" | "concrete:lanes" | "chipseal" | "metal"
        | "metal_grid" | "tartan" | "acrylic" | "rubber" | "tarmac" => Surface::Paved,
        "paving_stones"
        | "paving_stones:lanes"
        | "sett"
        | "bricks"
        | "brick"
        | "wood"
        | "tiles"
        | "cobblestone:flattened" => Surface::PavingStones,
        "cobblestone" | "unhewn_cobblestone" | "stone" | "stepping_stones" | "grass_paver" => {
            Surface::Cobblestone
        }
        "compacted" | "fine_gravel" => Surface::Compacted,
        "gravel" | "pebblestone" | "unpaved" | "rock" | "rocks" | "shells" => Surface::Gravel,
        "dirt" | "earth" | "ground" | "grass" | "woodchips" | "clay" | "soil" => Surface::Dirt,
        "sand" | "mud" | "snow" | "ice" => Surface::Soft,
        _ => return None,
    })
}

/// The best covering that rides as badly.
fn of_smoothness(value: &str) -> Option<Surface> {
    Some(match value {
        "bad" => Surface::Cobblestone,
        "very_bad" => Surface::Gravel,
        "horrible" => Surface::Dirt,
        "very_horrible" | "impassable" => Surface::Soft,
        _ => return None,
    })
}

/// How firm a track is; the softest of several.
pub(super) fn grade(tags: Tags) -> Option<TrackGrade> {
    let number = |value: &str| TrackGrade::new(value.strip_prefix("grade")?.parse().ok()?);
    tags.get("tracktype").and_then(|value| listed(value).filter_map(number).max())
}

/// Whether no wheeled vehicle gets through.
pub(super) fn stops_wheels(tags: Tags) -> bool {
    tags.is("smoothness", &["impassable"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;

    #[test]
    fn what_lies_on_the_ground() {
        for (sentence, tags, expected) in [
            ("nothing said", "highway=track", None),
            ("asphalt", "surface=asphalt", Some(Surface::Paved)),
            ("plates of concrete", "surface=concrete:plates", Some(Surface::Paved)),
            ("paving stones", "surface=paving_stones", Some(Surface::PavingStones)),
            ("setts", "surface=sett", Some(Surface::PavingStones)),
            ("cobbles", "surface=cobblestone", Some(Surface::Cobblestone)),
            ("fine gravel", "surface=fine_gravel", Some(Surface::Compacted)),
            ("unpaved, without more", "surface=unpaved", Some(Surface::Gravel)),
            ("grass", "surface=grass", Some(Surface::Dirt)),
            ("grass between stones", "surface=grass_paver", Some(Surface::Cobblestone)),
            ("sand", "surface=sand", Some(Surface::Soft)),
            ("the worst of several", "surface=asphalt;gravel", Some(Surface::Gravel)),
            ("unheard of", "surface=lava", None),
            ("broken asphalt", "surface=asphalt, smoothness=very_bad", Some(Surface::Gravel)),
            ("smooth sand is sand", "surface=sand, smoothness=good", Some(Surface::Soft)),
            ("broken, of what is not said", "smoothness=horrible", Some(Surface::Dirt)),
        ] {
            assert_eq!(surface(Tags(&written(tags))), expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn a_track_has_a_grade_from_one_to_five() {
        let of = |tags| grade(Tags(&written(tags))).map(TrackGrade::get);
        assert_eq!(of("tracktype=grade1"), Some(1));
        assert_eq!(of("tracktype=grade2;grade4"), Some(4), "the softest");
        assert_eq!([of("tracktype=grade6"), of("tracktype=3"), of("tracktype=good")], [None; 3]);
    }
}
