//! The modes of delivery that a run can be of: a row for each.

/// One mode.
#[derive(Debug)]
pub(crate) struct Mode {
    /// As given to `--mode`.
    pub(crate) name: &'static str,
    /// Which pipeline of the program `member` it is.
    pub(crate) member: &'static str,
    /// Settings of the members; `{redis}` stands for the address of the run's Redis.
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// Whether it has a Redis.
    pub(crate) redis: bool,
    /// Whether no output may be there twice.
    pub(crate) once: bool,
}

/// All of them.
pub(crate) static MODES: [Mode; 1] = [Mode {
    name: "at-least-once",
    member: "chaos",
    settings: &[],
    redis: false,
    once: false,
}];

/// The modes that a name names.
pub(crate) fn named(name: &str) -> impl Iterator<Item = &'static Mode> {
    MODES
        .iter()
        .filter(move |mode| name == "all" || name == mode.name)
}
