//! The store in this process: it outlives an assignment, and not the process. Old entries expire by number and by age;
//! only finished offsets are ever in here, so what expires is at worst done again.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::time::Duration;

use roaring::RoaringTreemap;

use super::{News, Now, Outage, Place, Store};

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
            if let Some(known) = self.places.get_mut(&**place) {
                known.commit(*position);
            }
        }
        Ok(())
    }

    fn read(&mut self, place: &Place) -> Result<Vec<Range<i64>>, Outage> {
        let now = (self.now)();
        // All of them: nobody asks for a life of offsets again that is over.
        self.places.retain(|_, known| {
            known.expire(self.max_entries, now, self.max_age);
            !known.finished.is_empty()
        });
        let mut found: Vec<Range<i64>> = Vec::new();
        for offset in self
            .places
            .get(place)
            .into_iter()
            .flat_map(|known| &known.finished)
        {
            let offset = offset as i64;
            match found.last_mut() {
                Some(run) if run.end == offset => run.end += 1,
                _ => found.push(offset..offset + 1),
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn place(identity: &str) -> Place {
        Place {
            group: Arc::from("billing"),
            topic: Arc::from("orders"),
            identity: Arc::from(identity),
            partition: 0,
        }
    }

    #[test]
    fn a_life_of_offsets_that_nobody_asks_for_any_more_takes_no_room_in_the_end() {
        let seconds = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&seconds);
        let now = Box::new(move || Duration::from_secs(clock.load(Ordering::Relaxed)));
        let mut store = Memory::new(u64::MAX, Duration::from_secs(60), now);
        let mut news = News::default();
        let run = std::iter::once(3..9);
        news.finished.insert(Arc::new(place("old")), run.collect());
        store.write(&news).unwrap();
        assert_eq!(store.read(&place("new")).unwrap(), []);
        assert_eq!(store.places.len(), 1);
        seconds.store(61, Ordering::Relaxed);
        assert_eq!(store.read(&place("new")).unwrap(), []);
        assert!(store.places.is_empty());
    }
}
