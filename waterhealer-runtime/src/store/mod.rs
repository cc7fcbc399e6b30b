//! Dedupe stores: which offsets are finished, kept where the next owner of a partition finds them. One trait, and three
//! stores behind it; `keeper` is the thread that asks them. Who is told what is finished, and when, is `flow`'s business.
//! This is the only room that names `redis` and `redb`.

#[cfg(any(feature = "store-redb", feature = "store-redis"))]
mod bits;
mod keeper;
mod memory;
#[cfg(feature = "store-redb")]
mod redb;
#[cfg(feature = "store-redis")]
mod redis;
mod runs;
mod target;
#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one run is a list of runs")]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) use keeper::{Answer, Keeper, Noted};
pub(crate) use runs::Runs;
pub(crate) use target::{Outages, Settings, Target, open};

/// One partition as a store knows it. Offsets that were set back, or deleted, or are another topic's of the same name have
/// another identity: what was finished before must then not be passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) group: Arc<str>,
    pub(crate) topic: Arc<str>,
    /// Which life of the group's offsets it is; `-` where that has no name.
    pub(crate) identity: Arc<str>,
    pub(crate) partition: i32,
}

impl fmt::Display for Place {
    /// `group:topic:partition`: a group may have colons in its name, a topic may not: it is read from the right.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.group, self.topic, self.partition)
    }
}

/// What a store is told at once.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// These offsets are finished.
    pub(crate) finished: BTreeMap<Arc<Place>, Runs>,
    /// The broker has confirmed these positions: what is below them is of no use any more.
    pub(crate) committed: BTreeMap<Arc<Place>, i64>,
}

/// The store did not do what it was asked. The text never holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(
    not(any(test, feature = "store-redb", feature = "store-redis")),
    expect(dead_code, reason = "memory is always there")
)]
pub(crate) enum Outage {
    /// It cannot be reached, or is in trouble; it may be well the next time.
    #[error("{0}")]
    Away(String),
    /// It does not let us in; somebody has to change something.
    #[error("{0}")]
    #[cfg_attr(
        not(any(feature = "store-redis", feature = "store-redb")),
        expect(dead_code, reason = "what is in memory refuses nothing")
    )]
    Refused(String),
}

/// A store. It blocks its thread, though never for ever.
pub(crate) trait Store: Send {
    /// Takes the news in. After an error some of them may be in; telling them again does no harm.
    ///
    /// # Errors
    /// When the store cannot be reached, or refuses.
    fn write(&mut self, news: &News) -> Result<(), Outage>;

    /// The finished offsets of a partition, in order; some below the last commit may be among them.
    ///
    /// # Errors
    /// When the store cannot be reached, or refuses.
    fn read(&mut self, place: &Place) -> Result<Vec<Range<i64>>, Outage>;
}

/// The time since 1970, as the stores that run on this machine's clock ask for it; tests have one of their own.
type Now = Box<dyn Fn() -> Duration + Send>;

fn wall_clock() -> Now {
    Box::new(|| {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    })
}
