//! The dedupe store while a pipeline runs: opened before it, its clerk on a thread of its own, closed after it.

use std::sync::Arc;
use std::thread::JoinHandle;

use super::threads::spawn;
use crate::config::Settings;
use crate::error::Error;
use crate::store::{self, Keeper};

/// The keeper of a store and its clerk's thread, which ends with this value.
pub(super) struct Keeping {
    keeper: Arc<Keeper>,
    clerk: Option<JoinHandle<()>>,
}

impl Keeping {
    /// Opens the store, if there is to be one.
    ///
    /// # Errors
    /// When it cannot be opened, or does not answer.
    pub(super) fn start(
        dedupe: Option<&store::Settings>,
        settings: &Settings,
    ) -> Result<Option<Self>, Error> {
        let Some(dedupe) = dedupe else {
            return Ok(None);
        };
        let store = store::open(dedupe, settings.connect_timeout)?;
        let (keeper, clerk) = Keeper::new(store, dedupe.outages, settings.bound.records);
        let clerk = spawn("waterhealer-store", move || clerk.run())?;
        tracing::info!(store = %dedupe.target, "finished offsets are kept in the dedupe store");
        Ok(Some(Keeping {
            keeper,
            clerk: Some(clerk),
        }))
    }

    pub(super) fn keeper(&self) -> Arc<Keeper> {
        Arc::clone(&self.keeper)
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.keeper.close();
        // Each question to a store has its time, so this has an end.
        if let Some(clerk) = self.clerk.take()
            && clerk.join().is_err()
        {
            tracing::error!("the thread of the dedupe store panicked");
        }
    }
}
