//! Times along the roads of an extract, for other programs to be compared with.
//!
//! `route_times PBF MODE < pairs.csv` reads `lon1,lat1,lon2,lat2` and prints seconds, an empty line where
//! there is no way. `route_times --table PBF MODE SOURCES TARGETS` prints a matrix, a row a source.
//! Roads are taken to be abroad: without a posted limit, the legal ones of French towns are not assumed.
//! Times between the two feet on the road: the legs on foot are left out, as engines do.
#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

use std::fmt::Write;
use std::io::Read;
use std::path::PathBuf;

use network::search::Endpoint;
use network::search::catchment::Catchment;
use network::search::route::Router;
use network::{Profile, RoadNetwork, Snap, Streets};
use territory::{Mode, Position};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = arguments();
    match arguments.as_slice() {
        [table, pbf, mode, sources, targets] if table == "--table" => {
            let roads = Tied::open(pbf, mode)?;
            let read = |path: &String| -> Outcome<Vec<Vec<f64>>> { rows(&std::fs::read_to_string(path)?) };
            print!("{}", roads.table(&read(sources)?, &read(targets)?)?);
        }
        [pbf, mode] => {
            let mut pairs = String::new();
            std::io::stdin().read_to_string(&mut pairs)?;
            print!("{}", Tied::open(pbf, mode)?.pairs(&rows(&pairs)?)?);
        }
        _ => {
            return Err("usage: route_times PBF MODE < pairs.csv, or --table PBF MODE SOURCES TARGETS".into());
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a program reads its arguments")]
fn arguments() -> Vec<String> {
    std::env::args().skip(1).collect()
}

fn rows(text: &str) -> Outcome<Vec<Vec<f64>>> {
    let row = |line: &str| line.split(',').map(|n| Ok(n.trim().parse()?)).collect();
    text.lines().filter(|line| !line.is_empty()).map(row).collect()
}

struct Tied {
    network: RoadNetwork,
    profile: Profile,
}

impl Tied {
    fn open(pbf: &str, mode: &str) -> Outcome<Self> {
        let mode = Mode::from_slug(mode).ok_or("modes: car, bike, walk")?;
        let roads = ingest::roads::read(&[PathBuf::from(pbf)])?.value;
        let profile = Profile::of(mode)?;
        Ok(Self { network: network::build(&Streets::abroad(&roads), &profile, "")?, profile })
    }

    fn snap(&self, at: &[f64]) -> Outcome<Option<Snap>> {
        let &[lon, lat] = at else { return Err("a position is a longitude and a latitude".into()) };
        let snap = self.network.snap(Position::from_lon_lat(lon, lat)?, &self.profile.snap);
        Ok(snap.map(|snap| Snap { leg: 0, ..snap }))
    }

    fn pairs(&self, pairs: &[Vec<f64>]) -> Outcome<String> {
        let mut router = Router::default();
        let mut out = String::new();
        for pair in pairs {
            let (from, to) = pair.split_at_checked(2).ok_or("a pair is four numbers")?;
            let snaps = self.snap(from)?.zip(self.snap(to)?);
            let way = snaps.and_then(|(from, to)| self.network.itinerary(&mut router, &from, &to, None));
            match way {
                Some(way) => writeln!(out, "{:.1}", f64::from(way.deciseconds) / 10.0)?,
                None => writeln!(out)?,
            }
        }
        Ok(out)
    }

    fn table(&self, sources: &[Vec<f64>], targets: &[Vec<f64>]) -> Outcome<String> {
        let targets: Vec<Option<Snap>> = targets.iter().map(|at| self.snap(at)).collect::<Outcome<_>>()?;
        let graph = self.network.graph();
        let mut times = vec![u32::MAX; graph.forward.nodes()];
        let mut catchment = Catchment::default();
        let mut out = String::new();
        for source in sources {
            let from = self.snap(source)?;
            let departures = from.iter().flat_map(|from| self.network.departures(from));
            let ends: Vec<Endpoint> = departures.map(|(node, offset)| Endpoint { node, offset }).collect();
            times.fill(u32::MAX);
            for visit in catchment.within(graph.forward, &ends, u32::MAX) {
                times[visit.node as usize] = visit.deciseconds;
            }
            let time = |to: &Option<Snap>| {
                let to = to.as_ref()?;
                let arrivals = self.network.arrivals(to);
                let by_nodes = arrivals.map(|(node, ride)| times[node as usize].saturating_add(ride));
                by_nodes.chain(self.network.direct(from.as_ref()?, to)).min().filter(|&t| t < u32::MAX)
            };
            let text = |t: Option<u32>| t.map(|t| format!("{:.1}", f64::from(t) / 10.0)).unwrap_or_default();
            let row: Vec<String> = targets.iter().map(|to| text(time(to))).collect();
            writeln!(out, "{}", row.join(","))?;
        }
        Ok(out)
    }
}
