//! `testing::drive` on pipelines of the macro: what goes in, what is healed, held, failed and produced. What is tested is
//! the driver as much as the runtime under it: both are what users' tests stand on.

mod answers;
mod attempts;
mod checkpoints;
mod flushes;
mod group;
mod lent;
mod letters;
mod mistakes;
mod panics;
mod records;
mod turns;
mod windows;
mod zips;

use std::sync::{Mutex, PoisonError};

/// Values that sinks have written.
#[derive(Debug)]
pub(crate) struct Store<T>(Mutex<Vec<T>>);

impl<T> Default for Store<T> {
    fn default() -> Self {
        Store(Mutex::default())
    }
}

impl<T: Clone> Store<T> {
    fn new() -> Self {
        Store(Mutex::new(Vec::new()))
    }

    fn put(&self, value: T) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(value);
    }

    fn all(&self) -> Vec<T> {
        self.0.lock().unwrap().clone()
    }
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;
