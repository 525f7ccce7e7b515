//! What a way is: `highway`, `service`, `route`, `railway`, `public_transport`, `man_made`.
//!
//! Values: <https://wiki.openstreetmap.org/wiki/Key:highway>. What no one may use yet, any more or in
//! earnest (`construction`, `proposed`, `abandoned`, `raceway`, `bus_guideway`…) is no road.

use territory::RoadClass;

use super::tags::Tags;

/// The class of a way, none when it is no road.
pub(super) fn class(tags: Tags) -> Option<RoadClass> {
    if tags.is("route", &["ferry", "shuttle_train"]) {
        return Some(RoadClass::Ferry);
    }
    let class = match tags.get("highway") {
        Some(highway) => of_highway(highway, tags)?,
        // Older and newer ways to draw a platform, and the piers ferries leave from (OSRM `foot.lua`).
        None if tags.is("railway", &["platform"])
            || tags.is("public_transport", &["platform"])
            || tags.is("man_made", &["pier"]) =>
        {
            RoadClass::Footway
        }
        None => return None,
    };
    // Works that leave a way usable, as in OSRM's `construction_whitelist`.
    let works = tags.get("construction").is_some_and(|works| !["no", "minor", "widening"].contains(&works));
    let shut = tags.yes("impassable") || tags.is("status", &["impassable"]);
    // Of a square one walks the outline; the outline of a yard or of a car park is no road.
    let flat = tags.yes("area") && !matches!(class, RoadClass::Pedestrian | RoadClass::Footway);
    (!works && !shut && !flat).then_some(class)
}

fn of_highway(highway: &str, tags: Tags) -> Option<RoadClass> {
    Some(match highway {
        "motorway" => RoadClass::Motorway,
        "motorway_link" => RoadClass::MotorwayLink,
        "trunk" => RoadClass::Trunk,
        "trunk_link" => RoadClass::TrunkLink,
        "primary" => RoadClass::Primary,
        "primary_link" => RoadClass::PrimaryLink,
        "secondary" => RoadClass::Secondary,
        "secondary_link" => RoadClass::SecondaryLink,
        "tertiary" => RoadClass::Tertiary,
        "tertiary_link" => RoadClass::TertiaryLink,
        // «Road» is a road whose class the mapper did not know.
        "unclassified" | "road" => RoadClass::Unclassified,
        "residential" => RoadClass::Residential,
        "living_street" => RoadClass::LivingStreet,
        "service" => match tags.get("service") {
            Some("parking_aisle") => RoadClass::ParkingAisle,
            Some("driveway") => RoadClass::Driveway,
            Some("alley") => RoadClass::Alley,
            _ => RoadClass::Service,
        },
        // Closed to all by default (`access`), open where said so.
        "busway" => RoadClass::Service,
        "track" => RoadClass::Track,
        "pedestrian" => RoadClass::Pedestrian,
        "footway" | "platform" | "corridor" | "elevator" => RoadClass::Footway,
        "cycleway" => RoadClass::Cycleway,
        "bridleway" => RoadClass::Bridleway,
        "path" => RoadClass::Path,
        "steps" => RoadClass::Steps,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;

    #[test]
    fn what_a_way_is() {
        for (sentence, tags, expected) in [
            ("a street people live in", "highway=residential", Some(RoadClass::Residential)),
            ("a slip road of a motorway", "highway=motorway_link", Some(RoadClass::MotorwayLink)),
            ("a road of unknown class is the least of roads", "highway=road", Some(RoadClass::Unclassified)),
            ("a service road", "highway=service", Some(RoadClass::Service)),
            ("a drive to a house", "highway=service, service=driveway", Some(RoadClass::Driveway)),
            ("between parked cars", "highway=service, service=parking_aisle", Some(RoadClass::ParkingAisle)),
            ("between the backs of houses", "highway=service, service=alley", Some(RoadClass::Alley)),
            ("a service unheard of", "highway=service, service=drive-through", Some(RoadClass::Service)),
            ("a service tag on a railway is none of ours", "railway=rail, service=yard", None),
            ("a ferry", "route=ferry", Some(RoadClass::Ferry)),
            ("a train that carries cars", "route=shuttle_train", Some(RoadClass::Ferry)),
            ("a bus line is no road", "route=bus", None),
            ("a platform drawn as a road", "highway=platform", Some(RoadClass::Footway)),
            ("a platform drawn as a railway", "railway=platform", Some(RoadClass::Footway)),
            ("a platform of public transport", "public_transport=platform", Some(RoadClass::Footway)),
            ("a pier, where ferries leave", "man_made=pier", Some(RoadClass::Footway)),
            ("a corridor in a station", "highway=corridor", Some(RoadClass::Footway)),
            ("a road being built", "highway=construction, construction=primary", None),
            ("a road to come", "highway=proposed", None),
            ("a road that was", "highway=abandoned", None),
            ("a race track", "highway=raceway", None),
            ("a track of guided buses", "highway=bus_guideway", None),
            ("a road closed for works", "highway=primary, construction=yes", None),
            ("small works close nothing", "highway=primary, construction=minor", Some(RoadClass::Primary)),
            ("impassable", "highway=track, impassable=yes", None),
            (
                "a square is walked along its outline",
                "highway=pedestrian, area=yes",
                Some(RoadClass::Pedestrian),
            ),
            ("the outline of a yard is no road", "highway=service, area=yes", None),
            ("a river", "waterway=river", None),
            ("an empty value is no value", "highway= ", None),
        ] {
            assert_eq!(class(Tags(&written(tags))), expected, "{sentence}: {tags}");
        }
    }
}
