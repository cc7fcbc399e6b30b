//! Ctrl-C and SIGTERM, as a question that the waiting loops ask: whoever started something gets the chance to end it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::Error;
use crate::error::Doing;

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on SIGINT and SIGTERM no longer end this process; [`asked`] tells of them instead.
///
/// # Errors
/// When the system refuses the handlers.
pub fn watch() -> Result<(), Error> {
    let asked = ASKED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(asked))
            .doing(|| format!("watch for signal {signal}"))?;
    }
    Ok(())
}

/// Whether one of the two signals has come. Always false where nobody called [`watch`], as in tests.
pub fn asked() -> bool {
    ASKED
        .get()
        .is_some_and(|asked| asked.load(Ordering::Relaxed))
}

/// For waiting loops: ends them with [`Error::Interrupted`] once a signal has come.
pub(crate) fn check() -> Result<(), Error> {
    if asked() {
        Err(Error::Interrupted)
    } else {
        Ok(())
    }
}
