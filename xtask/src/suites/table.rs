//! The suites of `cargo xtask test`, as data, in the order in which they run: what costs least comes first.

/// One suite: a command of cargo that passes or fails as a whole.
#[derive(Debug)]
pub struct Suite {
    /// As given to `cargo xtask test NAME`.
    pub name: &'static str,
    /// What it shows when it passes.
    pub shows: &'static str,
    /// Arguments of cargo.
    pub(super) cargo: &'static [&'static str],
    /// Variables for this suite only.
    pub(super) env: &'static [(&'static str, &'static str)],
    /// Whether it runs tests; one that then runs none has failed.
    pub(super) tests: bool,
    /// Whether it compiles the Kafka client, and so needs a C++ compiler.
    pub(super) compiles: bool,
    /// Whether it needs a real Kafka and a real Redis.
    pub(super) services: bool,
    /// A program that it runs.
    pub(super) program: Option<Program>,
}

/// A program that a suite runs, and where it comes from.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Debian's package of it.
    pub(super) package: &'static str,
    pub(super) why: &'static str,
}

/// What most suites are: a command that compiles everything, and runs tests without a service.
const USUAL: Suite = Suite {
    name: "",
    shows: "",
    cargo: &[],
    env: &[],
    tests: true,
    compiles: true,
    services: false,
    program: None,
};

/// All suites.
pub static SUITES: [Suite; 11] = [
    Suite {
        name: "format",
        shows: "the source is formatted",
        cargo: &["fmt", "--all", "--check"],
        tests: false,
        compiles: false,
        ..USUAL
    },
    Suite {
        name: "lints",
        shows: "no lint of rustc or clippy has anything to say, and no banned function is called",
        cargo: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
        tests: false,
        ..USUAL
    },
    Suite {
        name: "docs",
        shows: "the documentation builds and its links lead somewhere",
        cargo: &["doc", "--workspace", "--no-deps"],
        env: &[("RUSTDOCFLAGS", "-D warnings")],
        tests: false,
        ..USUAL
    },
    Suite {
        name: "unit",
        shows: "the parts work by themselves: unit tests, property tests, doctests",
        cargo: &[
            "test",
            "--workspace",
            "--exclude",
            "waterhealer-tests",
            "--features",
            "waterhealer/store-redis,waterhealer/store-redb",
            "--no-fail-fast",
        ],
        // The tests of one store start a Redis of their own, and need the program.
        services: true,
        ..USUAL
    },
    Suite {
        name: "memory",
        shows: "the one file with unsafe code neither reads nor frees what is not its own",
        cargo: &[
            "test",
            "--package",
            "waterhealer-runtime",
            "--test",
            "memory",
            "--",
            "--ignored",
        ],
        program: Some(Program {
            name: "valgrind",
            package: "valgrind",
            why: "it watches every access to memory while batches are taken, read and dropped",
        }),
        ..USUAL
    },
    Suite {
        name: "schedules",
        shows: "the threads hand over rightly in thousands of schedules, with a rebalance at any step",
        cargo: &[
            "test",
            "--package",
            "waterhealer-runtime",
            "--lib",
            "--features",
            "schedules",
            "flow::tests",
        ],
        ..USUAL
    },
    Suite {
        name: "house",
        shows: "the source keeps its own rules: file headers, import order, no unwrap in runtime paths",
        cargo: &["test", "--package", "waterhealer-tests", "--test", "house"],
        ..USUAL
    },
    Suite {
        name: "ui",
        shows: "leaking pipelines are refused with the right words, and good ones are accepted",
        cargo: &["test", "--package", "waterhealer-tests", "--test", "ui"],
        // Each program is compiled once: what is kept for the next time would be gigabytes.
        env: &[("CARGO_INCREMENTAL", "0")],
        ..USUAL
    },
    Suite {
        name: "kafka",
        shows: "the guarantees hold on a real broker",
        cargo: &["test", "--package", "waterhealer-tests", "--test", "kafka"],
        services: true,
        ..USUAL
    },
    Suite {
        name: "checker",
        shows: "the checker of chaos finds each violation, its plans can be had again, its proxy cuts where it is told",
        cargo: &["test", "--package", "waterhealer-tests", "--bins"],
        ..USUAL
    },
    Suite {
        name: "chaos",
        shows: "nothing is lost while members, broker and network fail by a seeded plan; it has services of its own",
        cargo: &["xtask", "chaos", "--minutes", "0.4", "--seed", "1"],
        tests: false,
        ..USUAL
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once() {
        let mut names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SUITES.len());
        assert!(SUITES.iter().all(|suite| !suite.name.is_empty()
            && !suite.shows.is_empty()
            && !suite.cargo.is_empty()));
    }
}
