//! The week of the sample, hour by hour against the inquiry that asks of that hour.

use maillage_tests::Server;

#[test]
fn the_people_within_each_hour_are_those_not_beyond_when_that_hour_is_asked() {
    let server = Server::of_the_sample();
    for (territory, query) in [
        ("departement:69", ""),
        ("epci:200046977", "minutes=10&mode=bike"),
        ("departement:15,departement:43", "fee=free&minutes=30"),
        ("region:84", "open=saturday"),
        ("departement:63", "fragility_min=6&service=aide-aux-demarches-administratives"),
    ] {
        let week = &server.json(&format!("/api/territories/{territory}?{query}"))["week"];
        let population = week["population"].as_u64().expect("people");
        let without_hours = query.replace("open=saturday", "");
        for (day, slug, hour) in
            [(0, "mo", 9), (1, "tu", 14), (2, "we", 12), (4, "fr", 18), (5, "sa", 10), (6, "su", 3)]
        {
            let asked = format!("/api/territories/{territory}?{without_hours}&open={slug}-{hour:02}:00");
            let answer = &server.json(&asked)["answer"];
            let beyond = answer["beyond"].as_u64().expect("people");
            assert_eq!(week["within"][day][hour], population - beyond, "{asked}");
        }
        assert_eq!(week["within"][6][3], 0, "nobody helps on a Sunday at three in the morning");
        let busiest = week["within"].as_array().expect("days").iter();
        let busiest = busiest
            .flat_map(|day| day.as_array().expect("hours"))
            .filter_map(serde_json::Value::as_u64)
            .max();
        assert!(busiest > Some(0) && busiest <= Some(population));
    }
    let week = &server.json("/api/territories/region:84")["week"];
    assert!(week["hours_unknown"].as_u64() > Some(50), "70 records of the sample say no hours");
}
