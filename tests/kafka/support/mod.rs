//! What the tests stand on: an independent client of the broker, a journal of what was processed, a watcher that holds
//! the two against each other, and members of a group, in this process or another. Nothing here is shared with the
//! runtime, and nothing asks the runtime how far it is.

mod broker;
mod child;
pub(crate) mod exact;
mod group;
pub(crate) mod http;
mod journal;
mod member;
mod mock;
mod random;
mod watch;

pub(crate) use broker::{Broker, Message};
pub(crate) use child::{Child, Ended, Signal, cpu_time};
pub(crate) use group::Group;
pub(crate) use journal::Journal;
pub(crate) use member::{Member, settings};
pub(crate) use mock::Mock;
pub(crate) use random::Random;
pub(crate) use watch::Watcher;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where a record can be: topic and partition.
pub(crate) type Place = (String, i32);

/// Keeps tests that need the machine for themselves from running at once. A test that failed with it is over.
pub(crate) fn heavy() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until `is_so`; fails the test if that takes longer than `within`.
#[track_caller]
pub(crate) fn eventually(within: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + within;
    while !is_so() {
        assert!(Instant::now() < until, "not within {within:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A number of milliseconds.
pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A number of seconds.
pub(crate) const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
