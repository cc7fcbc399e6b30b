//! Log lines of a whole program. A program that embeds a pipeline installs a subscriber of its own, or none.

use tracing_subscriber::EnvFilter;

use crate::error::{Error, ErrorKind};

/// Writes log lines to standard error, from the level that `LOGLEVEL` names (`INFO` unless set).
///
/// # Errors
/// When `LOGLEVEL` is no level or filter.
pub fn start() -> Result<(), Error> {
    let level = std::env::var("LOGLEVEL").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(level.to_lowercase()).map_err(|error| {
        Error::new(
            ErrorKind::Configuration,
            format!("the environment, LOGLEVEL: `{level}` is no level (error, warn, info, debug, trace): {error}"),
        )
    })?;
    let colours = std::env::var_os("NO_COLOR").is_none()
        && std::io::IsTerminal::is_terminal(&std::io::stderr());
    // A program may have installed its own subscriber before: that one stays.
    let _installed = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_writer(std::io::stderr)
        .try_init();
    Ok(())
}
