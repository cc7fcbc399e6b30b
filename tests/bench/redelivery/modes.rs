//! The modes of delivery that are measured: a row for each, and what is asked of it.

/// One mode.
#[derive(Debug)]
pub(crate) struct Mode {
    pub(crate) name: &'static str,
    /// Settings of the pipeline; `{redis}` stands for the address of the Redis, `{file}` for a file of the run's own.
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// The pipeline whose throughput is measured.
    pub(crate) course: Course,
    /// The mode that its throughput is compared with.
    pub(crate) yardstick: &'static str,
    /// Whether it is killed behind stragglers, too.
    pub(crate) killed: bool,
    /// The most that may be done again after a kill, of what was in flight.
    pub(crate) again: Option<f64>,
    /// The least that its throughput should be of the yardstick's.
    pub(crate) speed: Option<f64>,
}

/// What the throughput is measured of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// source → map → filter → sink.
    Chain,
    /// From topic to topic.
    Copy,
    /// From topic to topic, exactly once.
    CopyOnce,
}

/// At least once, against which most others are measured.
const PLAIN: Mode = Mode {
    name: "at-least-once",
    settings: &[("done_set", "false")],
    course: Course::Chain,
    yardstick: "at-least-once",
    killed: true,
    again: None,
    speed: None,
};

/// The same between topics. A kill finds the same in flight.
const COPY: Mode = Mode {
    name: "copy",
    course: Course::Copy,
    yardstick: "copy",
    killed: false,
    ..PLAIN
};

/// All of them, each after its yardstick.
pub(crate) static MODES: [Mode; 7] = [
    PLAIN,
    Mode {
        name: "done-set",
        settings: &[("done_set", "true")],
        again: Some(0.01),
        speed: Some(0.97),
        ..PLAIN
    },
    Mode {
        name: "memory",
        settings: &[("done_set", "false"), ("dedupe", "memory")],
        // It dies with the process.
        killed: false,
        ..PLAIN
    },
    Mode {
        name: "redb",
        settings: &[("done_set", "false"), ("dedupe", "redb:{file}")],
        ..PLAIN
    },
    Mode {
        name: "redis",
        settings: &[("done_set", "false"), ("dedupe", "{redis}")],
        speed: Some(0.7),
        ..PLAIN
    },
    COPY,
    Mode {
        name: "exactly-once",
        course: Course::CopyOnce,
        speed: Some(0.6),
        ..COPY
    },
];
