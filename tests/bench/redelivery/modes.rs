//! The modes of delivery that are measured: a row for each, and what is asked of it.

/// One mode.
#[derive(Debug)]
pub(crate) struct Mode {
    pub(crate) name: &'static str,
    /// Settings of the pipeline; `{redis}` stands for the address of the Redis, `{file}` for a file of the run's own.
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// The most that may be done again after a kill, of what was in flight.
    pub(crate) again: Option<f64>,
    /// The least that its throughput should be of plain at least once.
    pub(crate) speed: Option<f64>,
}

/// At least once, against which the others are measured.
pub(crate) static PLAIN: Mode = Mode {
    name: "at-least-once",
    settings: &[],
    again: None,
    speed: None,
};

/// All of them, plain at least once first.
pub(crate) fn all() -> impl Iterator<Item = &'static Mode> {
    [&PLAIN].into_iter()
}
