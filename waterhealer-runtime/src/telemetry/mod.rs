//! Log lines of a whole program: for people (`text`) or machines (`json`), from a level on (`level`). Each line that is logged
//! inside a stage says for which record, whoever logs it. What is logged is not decided here.

mod json;
mod level;
mod taken;
mod text;

pub use json::{Json, json};
pub(crate) use level::Level;
pub use text::{Text, text};

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::spans::Tracer;

/// The target of lines that tell the values that nodes give.
pub(crate) const VALUES: &str = "waterhealer::values";

/// Which lines a program writes, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logs {
    pub(crate) level: Level,
    /// For machines.
    pub(crate) json: bool,
    /// Each value that a node gives, too, whatever the level.
    pub(crate) values: bool,
}

/// Writes log lines to standard error from now on, and sends the program's own spans where the tracer sends them.
pub(crate) fn start(logs: &Logs, tracer: Option<&Tracer>) {
    let (json, text) = match logs.json {
        true => (Some(json()), None),
        false => (None, Some(text().with_ansi(wants_colours()))),
    };
    // A program may have installed its own subscriber before: that one stays.
    let _installed = tracing_subscriber::registry()
        .with(logs.level.filter(logs.values))
        .with(json)
        .with(text)
        .with(tracer.map(Tracer::layer))
        .try_init();
}

fn wants_colours() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && std::io::IsTerminal::is_terminal(&std::io::stderr())
}
