//! The store in this process: it outlives an assignment, and not the process. Old entries expire by number and by age;
//! only finished offsets are ever in here, so what expires is at worst done again.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::time::Duration;

use roaring::RoaringTreemap;

use super::{Found, News, Now, Outage, Place, Store};

pub(super) struct Memory {
    places: BTreeMap<Place, Known>,
    /// Entries of one partition, at most.
    max_entries: u64,
    max_age: Duration,
    now: Now,
}

/// What is known of one partition.
#[derive(Debug, Default)]
struct Known {
    finished: RoaringTreemap,
    /// In the order in which they came, so that the oldest expire first.
    came: VecDeque<(Duration, Range<u64>)>,
    committed: Option<i64>,
}

impl Memory {
    pub(super) fn new(max_entries: u64, max_age: Duration, now: Now) -> Self {
        Memory {
            places: BTreeMap::new(),
            max_entries,
            max_age,
            now,
        }
    }
}

impl Known {
    fn expire(&mut self, max_entries: u64, now: Duration, max_age: Duration) {
        while let Some((came, run)) = self.came.front_mut() {
            let too_old = now.saturating_sub(*came) > max_age;
            let too_many = self.finished.len().saturating_sub(max_entries);
            if !too_old && too_many == 0 {
                break;
            }
            let end = match too_old {
                true => run.end,
                false => run.end.min(run.start + too_many),
            };
            self.finished.remove_range(run.start..end);
            run.start = end;
            if run.is_empty() {
                self.came.pop_front();
            }
        }
    }

    fn commit(&mut self, position: i64) {
        self.committed = self.committed.max(Some(position));
        let below = u64::try_from(position).unwrap_or(0);
        self.finished.remove_range(..below);
        // What came first is committed first, as a rule; what is left here expires with the rest.
        while self.came.front().is_some_and(|(_, run)| run.end <= below) {
            self.came.pop_front();
        }
    }
}

impl Store for Memory {
    fn write(&mut self, news: &News) -> Result<(), Outage> {
        let now = (self.now)();
        for (place, runs) in &news.finished {
            let known = self.places.entry(Place::clone(place)).or_default();
            for run in runs.as_slice() {
                let start = u64::try_from(run.start).unwrap_or(0);
                let run = start..u64::try_from(run.end).unwrap_or(0).max(start);
                known.finished.insert_range(run.clone());
                known.came.push_back((now, run));
            }
            known.expire(self.max_entries, now, self.max_age);
        }
        for (place, position) in &news.committed {
            let known = self.places.entry(Place::clone(place)).or_default();
            known.commit(*position);
        }
        Ok(())
    }

    fn read(&mut self, place: &Place) -> Result<Found, Outage> {
        let now = (self.now)();
        let Some(known) = self.places.get_mut(place) else {
            return Ok(Found::default());
        };
        known.expire(self.max_entries, now, self.max_age);
        let mut found = Found {
            finished: Vec::new(),
            committed: known.committed,
        };
        for offset in &known.finished {
            let offset = offset as i64;
            match found.finished.last_mut() {
                Some(run) if run.end == offset => run.end += 1,
                _ => found.finished.push(offset..offset + 1),
            }
        }
        Ok(found)
    }

    fn forget(&mut self, place: &Place) -> Result<(), Outage> {
        self.places.remove(place);
        Ok(())
    }
}
