//! The store in one file on this machine, by `redb`: it outlives the process, and belongs to one process at a time.
//! A chunk of 8,192 offsets is a bitmap of 1 KiB with the second of its last change before it.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use redb::{Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, TableDefinition};

use super::{News, Now, Outage, Place, Store, bits};

const CHUNK: u64 = 8_192;
const STAMP: usize = 8;

/// By place and number of the chunk.
const FINISHED: TableDefinition<'_, (&str, u64), &[u8]> = TableDefinition::new("finished");

pub(super) struct Redb {
    database: Database,
    max_age: Duration,
    now: Now,
}

impl Redb {
    /// Opens the file, or creates it; its folder must be there. Drops what is too old.
    pub(super) fn open(path: &Path, max_age: Duration, now: Now) -> Result<Self, Outage> {
        let database = Database::create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => Outage::Refused(
                "another process, or another pipeline of this one, has the file open, and it is for one at a time. Give \
                 each its own file, or share a Redis: `redis://HOST:PORT`"
                    .to_owned(),
            ),
            error => Outage::Refused(error.to_string()),
        })?;
        let store = Redb {
            database,
            max_age,
            now,
        };
        store.drop_old()?;
        Ok(store)
    }

    fn drop_old(&self) -> Result<(), Outage> {
        let now = (self.now)();
        let change = self.database.begin_write().map_err(outage)?;
        {
            let mut finished = change.open_table(FINISHED).map_err(outage)?;
            let young = |_: (&str, u64), chunk: &[u8]| self.is_young(chunk, now);
            finished.retain(young).map_err(outage)?;
        }
        change.commit().map_err(outage)
    }

    fn is_young(&self, chunk: &[u8], now: Duration) -> bool {
        let Some(stamp) = chunk.first_chunk::<STAMP>() else {
            return false;
        };
        let written = Duration::from_secs(u64::from_le_bytes(*stamp));
        now.saturating_sub(written) <= self.max_age
    }
}

impl Store for Redb {
    fn write(&mut self, news: &News) -> Result<(), Outage> {
        let now = (self.now)();
        let change = self.database.begin_write().map_err(outage)?;
        {
            let mut finished = change.open_table(FINISHED).map_err(outage)?;
            for (place, runs) in &news.finished {
                let place = key(place);
                for (chunk, parts) in bits::chunks(runs.as_slice(), CHUNK) {
                    let key = (place.as_str(), chunk);
                    let mut value = vec![0; STAMP + CHUNK as usize / 8];
                    if let Some(old) = finished.get(key).map_err(outage)?
                        && old.value().len() == value.len()
                        && self.is_young(old.value(), now)
                    {
                        value.copy_from_slice(old.value());
                    }
                    value[..STAMP].copy_from_slice(&now.as_secs().to_le_bytes());
                    for part in &parts {
                        bits::set(&mut value[STAMP..], part);
                    }
                    finished.insert(key, value.as_slice()).map_err(outage)?;
                }
            }
            for (place, position) in &news.committed {
                let place = key(place);
                let below = u64::try_from(*position).unwrap_or(0) / CHUNK;
                let old = (place.as_str(), 0)..(place.as_str(), below);
                finished.retain_in(old, |_, _| false).map_err(outage)?;
            }
        }
        change.commit().map_err(outage)
    }

    fn read(&mut self, place: &Place) -> Result<Vec<Range<i64>>, Outage> {
        let now = (self.now)();
        let place = key(place);
        let view = self.database.begin_read().map_err(outage)?;
        let mut found = Vec::new();
        let finished = view.open_table(FINISHED).map_err(outage)?;
        let all = (place.as_str(), 0)..=(place.as_str(), u64::MAX);
        for entry in finished.range(all).map_err(outage)? {
            let (key, value) = entry.map_err(outage)?;
            let first = key.value().1.saturating_mul(CHUNK);
            if let (Ok(first), true) = (i64::try_from(first), self.is_young(value.value(), now)) {
                bits::read(&value.value()[STAMP..], first, &mut found);
            }
        }
        Ok(found)
    }
}

fn key(place: &Place) -> String {
    format!("{place}:{}", place.identity)
}

fn outage(error: impl std::fmt::Display) -> Outage {
    Outage::Away(error.to_string())
}
