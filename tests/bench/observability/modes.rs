//! What is measured: a row for each way to look at a pipeline, and what it may cost.

use crate::chain::Chain;

/// One way to look.
#[derive(Debug)]
pub(crate) struct Mode {
    pub(crate) name: &'static str,
    pub(crate) chain: Chain,
    /// Settings of the pipeline.
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// Variables of its process.
    pub(crate) variables: &'static [(&'static str, &'static str)],
    /// The least that its throughput should be of that with all off.
    pub(crate) target: Option<f64>,
}

/// Against which all are measured.
pub(crate) const OFF: Mode = Mode {
    name: "off",
    chain: Chain::Plain,
    settings: &[("metrics", "false")],
    variables: &[("LOGLEVEL", "off")],
    target: None,
};

const USUAL: &[(&str, &str)] = &[("LOGLEVEL", "info")];

/// All of them, in the order of a round.
pub(crate) static MODES: [Mode; 6] = [
    OFF,
    Mode {
        name: "metrics and logs",
        settings: &[],
        variables: USUAL,
        target: Some(0.95),
        ..OFF
    },
    Mode {
        name: "checkpoints on all",
        chain: Chain::Kept,
        settings: &[],
        variables: USUAL,
        target: Some(0.8),
    },
    Mode {
        name: "checkpoints turned off",
        chain: Chain::Kept,
        settings: &[("metrics", "false"), ("checkpointing", "false")],
        ..OFF
    },
    Mode {
        name: "data sizes",
        settings: &[("data_sizes", "true")],
        variables: USUAL,
        ..OFF
    },
    Mode {
        name: "a log line an emit",
        settings: &[("log_values", "true")],
        variables: &[("LOGLEVEL", "info,waterhealer::values=debug")],
        ..OFF
    },
];
