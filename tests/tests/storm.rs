//! More than a thousand questions nobody asked before: what is kept of them has a bound.

use std::collections::BTreeSet;

use maillage_tests::{Server, sample_atlas};

/// Less than all that may be kept, by the constants of `server::state` (128 MB of answers) and of `atlas`
/// (96 MB each of times, of zones and of figures, 48 MB of weeks and of potentials, 24 MB of perimeters, 32 MB
/// of cut tiles for each of nine layers): no storm fills them all, and the atlas takes 100 MB.
const BOUND: u64 = 900 << 20;

/// The fewest bytes that the times of one question take here: eight for each of 99,155 inhabited cells.
const A_SURFACE: u64 = 8 * 99_155;

const SERVICES: [&str; 8] = [
    "aide-aux-demarches-administratives",
    "maitrise-des-outils-numeriques-du-quotidien",
    "insertion-professionnelle-via-le-numerique",
    "utilisation-securisee-du-numerique",
    "parentalite-et-education-avec-le-numerique",
    "loisirs-et-creations-numeriques",
    "comprehension-du-monde-numerique",
    "acces-internet-et-materiel-informatique",
];

/// The question of a rank: each has a filter of its own, so that no times serve two.
fn question(rank: usize) -> String {
    let services: Vec<&str> =
        (0..SERVICES.len()).filter(|bit| (rank + 1) >> bit & 1 == 1).map(|bit| SERVICES[bit]).collect();
    let fee = ["free", "conditional", "free,conditional", "paid", "free,paid", "conditional,paid"][rank % 6];
    let day = ["mo", "tu", "we", "th", "fr", "sa", "su"][rank % 7];
    let services =
        if services.is_empty() { String::new() } else { format!("&service={}", services.join(",")) };
    format!(
        "minutes={}&fee={fee}&open={day}-{:02}:{:02}{services}",
        1 + rank % 120,
        rank / 7 % 24,
        rank / 168 % 60
    )
}

/// The address of a rank: a diagnosis, a listing, zones or a tile.
fn address(rank: usize) -> String {
    let question = question(rank);
    let departement = ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"][rank % 12];
    match rank % 5 {
        0 => format!("/api/territories/departement:{departement}?{question}"),
        1 => format!(
            "/api/collections/communes/items?limit=1000&territory=departement:{departement}&{question}"
        ),
        2 => format!("/api/zones?limit=50&territory=departement:{departement}&{question}"),
        3 => format!("/tiles/communes,cells/9/{}/{}?{question}", 260 + rank % 7, 180 + rank % 6),
        _ => format!("/api/collections/cells/items?limit=100&{question}"),
    }
}

#[test]
fn a_storm_of_distinct_questions_leaves_the_memory_within_its_bound() {
    const QUESTIONS: usize = 1_200;
    const THREADS: usize = 4;
    let distinct: BTreeSet<String> = (0..QUESTIONS).map(question).collect();
    assert_eq!(distinct.len(), QUESTIONS, "each is new");
    // Were all kept, the bound would be passed: the test could fail.
    assert!(QUESTIONS as u64 * A_SURFACE > BOUND);
    let server = Server::of(sample_atlas());
    let most = std::thread::scope(|scope| {
        let server = &server;
        let asking = (0..THREADS).map(|thread| {
            scope.spawn(move || {
                let mut most = 0;
                for rank in (thread..QUESTIONS).step_by(THREADS) {
                    let address = address(rank);
                    let answer = server.get(&address);
                    assert!([200, 204].contains(&answer.status), "{address}: {}", answer.status);
                    most = most.max(server.memory());
                }
                most
            })
        });
        let asking: Vec<_> = asking.collect();
        asking.into_iter().map(|thread| thread.join().expect("answers")).max().expect("threads")
    });
    assert!(most < BOUND, "{} MiB were held", most >> 20);
    assert_eq!(server.terminate().code(), Some(0));
}
