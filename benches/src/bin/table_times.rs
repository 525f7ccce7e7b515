//! Our side of `benches/engines/table.py`: places by venues on the roads of an extract, on one thread.
//!
//!     table_times PBF PLACES VENUES TIMES
//!
//! For each line read it does the work once, positions tied to the roads included, and prints seconds of the
//! clock, of the processor: for `matrix` the times of all pairs, one search by venue; for `nearest` the
//! nearest venue of every place, one search in all. At the end it writes the last matrix (seconds, a row by
//! place, empty where there is no way) and prints the peak of its memory. Legs on foot are left out.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use maillage_benches::stopwatch::{peak_megabytes, time};
use network::search::catchment::Catchment;
use network::search::labels::Labels;
use network::search::nearest::Nearest;
use network::search::{Endpoint, Source};
use network::{Profile, RoadNetwork, Snap, Streets};
use territory::{Mode, Position};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[expect(clippy::disallowed_methods, reason = "four arguments; a parser would be larger than the program")]
fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("PBF PLACES VENUES TIMES");
    let (pbf, places, venues, times) = (next()?, positions(&next()?)?, positions(&next()?)?, next()?);
    let (table, took) = time(|| Table::open(pbf.into(), places, venues));
    let mut table = table?;
    println!("{:.6}", took.seconds);
    for line in std::io::stdin().lines() {
        let (done, took) = match line?.as_str() {
            "matrix" => time(|| table.matrix()),
            "nearest" => time(|| table.nearest()),
            other => return Err(format!("matrix or nearest, not {other}").into()),
        };
        println!("{:.6} {:.6} {done}", took.seconds, took.cpu_seconds);
    }
    File::create(times)?.write_all(table.text()?.as_bytes())?;
    println!("{:.1}", peak_megabytes());
    Ok(())
}

/// `longitude,latitude` lines.
fn positions(path: &str) -> Outcome<Vec<Position>> {
    let read = |line: &str| -> Outcome<Position> {
        let (lon, lat) = line.split_once(',').ok_or("a longitude and a latitude")?;
        Ok(Position::from_lon_lat(lon.trim().parse()?, lat.trim().parse()?)?)
    };
    std::fs::read_to_string(path)?.lines().map(read).collect()
}

/// No way.
const NEVER: u32 = u32::MAX;

struct Table {
    network: RoadNetwork,
    profile: Profile,
    places: Vec<Position>,
    venues: Vec<Position>,
    catchment: Catchment,
    search: Nearest,
    labels: Labels,
    /// Deciseconds to the venue at hand by node, kept between searches.
    by_node: Vec<u32>,
    /// A row by place.
    times: Vec<u32>,
}

impl Table {
    fn open(pbf: PathBuf, places: Vec<Position>, venues: Vec<Position>) -> Outcome<Self> {
        let roads = ingest::roads::read(&[pbf])?.value;
        let profile = Profile::of(Mode::Car)?;
        let network = network::build(&Streets::abroad(&roads), &profile, "")?;
        let by_node = vec![NEVER; network.graph().forward.nodes()];
        let times = vec![NEVER; places.len() * venues.len()];
        let (catchment, search, labels) = Default::default();
        Ok(Self { network, profile, places, venues, catchment, search, labels, by_node, times })
    }

    /// Where positions join the roads, without the leg on foot.
    fn tied(&self, positions: &[Position]) -> Vec<Option<Snap>> {
        let tie = |&at: &Position| self.network.snap(at, &self.profile.snap);
        positions.iter().map(|at| tie(at).map(|snap| Snap { leg: 0, ..snap })).collect()
    }

    /// Fills the times of all pairs, and counts those that have a way.
    fn matrix(&mut self) -> usize {
        let (places, venues) = (self.tied(&self.places), self.tied(&self.venues));
        self.times.fill(NEVER);
        let graph = self.network.graph();
        for (rank, venue) in venues.iter().enumerate() {
            let Some(venue) = venue else { continue };
            let ends: Vec<Endpoint> =
                self.network.arrivals(venue).map(|(node, offset)| Endpoint { node, offset }).collect();
            self.by_node.fill(NEVER);
            for visit in self.catchment.within(graph.backward, &ends, NEVER) {
                self.by_node[visit.node as usize] = visit.deciseconds;
            }
            for (place, row) in places.iter().zip(self.times.chunks_exact_mut(venues.len())) {
                let Some(place) = place else { continue };
                let ways = self.network.departures(place);
                let ways = ways.map(|(node, ride)| self.by_node[node as usize].saturating_add(ride));
                row[rank] = ways.chain(self.network.direct(place, venue)).min().unwrap_or(NEVER);
            }
        }
        self.times.iter().filter(|&&time| time < NEVER).count()
    }

    /// Finds the nearest venue of every place, and counts the places that have one.
    fn nearest(&mut self) -> usize {
        let (places, venues) = (self.tied(&self.places), self.tied(&self.venues));
        let mut sources = Vec::new();
        let mut on_edge = Vec::new();
        for (venue, label) in venues.iter().zip(0u32..) {
            let Some(venue) = venue else { continue };
            let joins = self.network.arrivals(venue);
            sources.extend(joins.map(|(node, offset)| Source { node, offset, label }));
            on_edge.push((venue.edge, label));
        }
        on_edge.sort_unstable();
        self.search.search(self.network.graph(), &sources, None, &mut self.labels);
        let nearest = |place: &Snap| {
            let ways = self.network.departures(place);
            let ways = ways.filter_map(|(node, ride)| {
                let (time, venue) = self.labels.get(node)?;
                Some((time.saturating_add(ride), venue))
            });
            let beside = &on_edge[on_edge.partition_point(|(edge, _)| *edge < place.edge)..];
            let beside =
                beside.iter().take_while(|(edge, _)| *edge == place.edge).filter_map(|&(_, venue)| {
                    Some((self.network.direct(place, venues[venue as usize].as_ref()?)?, venue))
                });
            ways.chain(beside).min()
        };
        places.iter().flatten().filter_map(nearest).count()
    }

    fn text(&self) -> Outcome<String> {
        let mut text = String::new();
        for row in self.times.chunks_exact(self.venues.len()) {
            for (rank, &time) in row.iter().enumerate() {
                let comma = if rank == 0 { "" } else { "," };
                if time < NEVER {
                    write!(text, "{comma}{:.1}", f64::from(time) / 10.0)?;
                } else {
                    text.push_str(comma);
                }
            }
            text.push('\n');
        }
        Ok(text)
    }
}
