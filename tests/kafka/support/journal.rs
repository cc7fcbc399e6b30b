//! What was processed, as the stages under test note it: in memory, or in a file that outlives a killed process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Place;

/// How often each record was processed.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    /// By partition, then by offset.
    times: BTreeMap<Place, Vec<u32>>,
    file: Option<(PathBuf, u64)>,
}

impl Journal {
    pub(crate) fn new() -> Journal {
        Journal::default()
    }

    /// A journal that other processes write: lines of topic, partition and offset.
    pub(crate) fn of_file(path: &Path) -> Journal {
        let pages = Pages {
            file: Some((path.to_owned(), 0)),
            ..Pages::default()
        };
        Journal(Arc::new(Mutex::new(pages)))
    }

    pub(crate) fn note(&self, topic: &str, partition: i32, offset: i64) {
        self.pages().note(topic, partition, offset);
    }

    /// Records below this offset, from the beginning, that were not processed.
    pub(crate) fn missing(&self, place: &Place, from: i64, below: i64) -> Vec<i64> {
        let pages = self.pages();
        let times = pages.times.get(place).map_or(&[][..], Vec::as_slice);
        (from..below)
            .filter(|offset| times.get(index(*offset)).is_none_or(|times| *times == 0))
            .collect()
    }

    /// Up to which offset everything was processed, for each partition in which anything was.
    pub(crate) fn finished(&self) -> BTreeMap<Place, i64> {
        let first_gap = |times: &Vec<u32>| {
            times
                .iter()
                .position(|times| *times == 0)
                .unwrap_or(times.len())
        };
        let pages = self.pages();
        let ends = pages
            .times
            .iter()
            .map(|(place, times)| (place.clone(), first_gap(times) as i64));
        ends.filter(|(_, end)| *end > 0).collect()
    }

    pub(crate) fn times(&self, topic: &str, partition: i32, offset: i64) -> u32 {
        let pages = self.pages();
        let times = pages.times.get(&(topic.to_owned(), partition));
        times
            .and_then(|times| times.get(index(offset)))
            .copied()
            .unwrap_or(0)
    }

    /// Different records that were processed.
    pub(crate) fn records(&self) -> usize {
        self.pages()
            .times
            .values()
            .flatten()
            .filter(|times| **times > 0)
            .count()
    }

    /// How often any record was processed again.
    pub(crate) fn repeats(&self) -> u64 {
        self.pages()
            .times
            .values()
            .flatten()
            .map(|times| u64::from(times.saturating_sub(1)))
            .sum()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.catch_up();
        pages
    }
}

impl Pages {
    fn note(&mut self, topic: &str, partition: i32, offset: i64) {
        let times = self.times.entry((topic.to_owned(), partition)).or_default();
        let index = index(offset);
        if times.len() <= index {
            times.resize(index + 1, 0);
        }
        times[index] += 1;
    }

    fn catch_up(&mut self) {
        let Some((path, read)) = self.file.clone() else {
            return;
        };
        // Not there before the first record.
        let Ok(mut file) = File::open(&path) else {
            return;
        };
        let mut text = String::new();
        file.seek(SeekFrom::Start(read))
            .expect("the journal can be read");
        file.read_to_string(&mut text).expect("the journal is text");
        // The last line may still be on its way.
        let whole = text.rfind('\n').map_or(0, |last| last + 1);
        for line in text[..whole].lines() {
            // A process that is killed in the middle of a write leaves half a line; what follows on it does not count.
            if let [topic, partition, offset] = line.split(' ').collect::<Vec<_>>()[..]
                && let (Ok(partition), Ok(offset)) = (partition.parse(), offset.parse())
            {
                self.note(topic, partition, offset);
            }
        }
        self.file = Some((path, read + whole as u64));
    }
}

fn index(offset: i64) -> usize {
    usize::try_from(offset).expect("offsets are not negative")
}
