//! Time and memory of the program that runs.

#![expect(clippy::disallowed_methods, reason = "what measures reads the clock")]

use std::time::Instant;

/// What something took.
#[derive(Debug, Clone, Copy)]
pub struct Took {
    /// On the wall.
    pub seconds: f64,
    /// Of this thread on a processor: what other programs take from it is left out, as far as Linux
    /// can tell. `NaN` elsewhere.
    pub cpu_seconds: f64,
}

/// Does it, and says how long that took.
pub fn time<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let cpu = cpu_seconds();
    let start = Instant::now();
    let done = work();
    let seconds = start.elapsed().as_secs_f64();
    (done, Took { seconds, cpu_seconds: cpu_seconds() - cpu })
}

/// Seconds this thread has run. Linux counts them when it looks at the thread, as it does when that yields.
fn cpu_seconds() -> f64 {
    std::thread::yield_now();
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = statistics.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.map_or(f64::NAN, |n| n / 1e9)
}

/// Seconds that all threads of this program have run so far, to the hundredth, as Linux counts them;
/// `NaN` elsewhere.
pub fn all_threads_cpu_seconds() -> f64 {
    let statistics = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which is in brackets: user and system time are the 12th and 13th fields.
    let fields = statistics.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    if let [user, system] = ticks[..] { (user + system) / 100.0 } else { f64::NAN }
}

/// The most memory this program has held so far, MB; `NaN` where it cannot be told.
pub fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |k| k / 1e3)
}
