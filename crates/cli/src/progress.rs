//! How far a long command has come: a bar on a terminal, a line for each step elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    began: Instant,
    step: Option<(String, Instant)>,
}

impl Progress {
    /// Starts a job of some steps.
    pub(crate) fn new(steps: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg} ({elapsed}, {eta} left)");
            let bar = ProgressBar::new(steps);
            bar.enable_steady_tick(Duration::from_millis(200));
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar, began: now(), step: None }
    }

    /// Changes how many steps there are.
    pub(crate) fn expect(&self, steps: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(steps);
        }
    }

    /// Ends the step before and starts another.
    pub(crate) fn step(&mut self, name: &str) {
        self.end_step();
        if let Some(bar) = &self.bar {
            bar.set_message(name.to_owned());
        }
        self.step = Some((name.to_owned(), now()));
    }

    /// Ends the job; says how long it took.
    pub(crate) fn finish(mut self) -> Duration {
        self.end_step();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.began.elapsed()
    }

    fn end_step(&mut self) {
        if let Some((name, since)) = self.step.take() {
            match &self.bar {
                Some(bar) => bar.inc(1),
                None => crate::report::step(&name, since.elapsed()),
            }
        }
    }
}

/// How many of some pieces of work are done: a bar on a terminal, nothing elsewhere.
pub(crate) struct Pieces {
    bar: Option<ProgressBar>,
}

impl Pieces {
    /// Starts pieces of work, called by what they are.
    pub(crate) fn new(name: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let template = "{msg}: {bar:24} {pos}/{len} ({per_sec}, {eta} left)";
            let bar = ProgressBar::new(0).with_message(name);
            bar.enable_steady_tick(Duration::from_millis(200));
            ProgressStyle::with_template(template).map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar }
    }

    /// So many are done, of how many.
    pub(crate) fn at(&self, done: usize, of: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    }

    /// Ends them.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How far a download has come: a bar on a terminal, nothing elsewhere, where a line is printed at its end.
pub(crate) struct Download {
    bar: Option<ProgressBar>,
}

impl Download {
    /// Starts a download of that name.
    pub(crate) fn new(name: String) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let template = "{msg}: {bar:24} {bytes}/{total_bytes} ({bytes_per_sec}, {eta} left)";
            let bar = ProgressBar::new(0).with_message(name);
            bar.enable_steady_tick(Duration::from_millis(200));
            ProgressStyle::with_template(template).map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar }
    }

    /// So many bytes are here, of how many.
    pub(crate) fn at(&self, bytes: u64, total: Option<u64>) {
        if let Some(bar) = &self.bar {
            match total {
                Some(total) => bar.set_length(total),
                None => bar.unset_length(),
            }
            // What is here from an earlier run says nothing of today's rate.
            if bar.position() == 0 {
                bar.set_position(bytes);
                bar.reset_eta();
            }
            bar.set_position(bytes);
        }
    }

    /// Lets something be printed.
    pub(crate) fn aside(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Ends it.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
fn now() -> Instant {
    Instant::now()
}
