//! What a sink prints, to be looked at.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Stands for Python's `print`, and for the list of `sink_to_list`.
pub(crate) struct Out<T>(Arc<Mutex<Vec<T>>>);

impl<T> Out<T> {
    pub(crate) fn new() -> Self {
        Out(Arc::new(Mutex::new(Vec::new())))
    }

    pub(crate) fn print(&self, value: T) {
        self.0.lock().expect("nobody panicked with it").push(value);
    }

    /// What has been printed since this was last asked.
    pub(crate) fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.0.lock().expect("nobody panicked with it"))
    }
}

impl<T> Clone for Out<T> {
    fn clone(&self) -> Self {
        Out(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Out<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out").finish_non_exhaustive()
    }
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
