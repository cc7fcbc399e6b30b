//! The watcher: reads the group's committed offsets from the broker every 20 ms, and only then what was processed. A
//! commit that moves back, or that passes a record nobody has processed yet, is a lost record waiting for a crash.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::{Group, Journal, ms};

/// Watches a group from a thread of its own, from its start to [`finish`](Watcher::finish).
pub(crate) struct Watcher {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<Seen>,
}

/// What was seen.
#[derive(Debug, Default)]
struct Seen {
    looks: usize,
    moves: usize,
    wrong: Vec<String>,
}

impl Watcher {
    pub(crate) fn start(group: &Group, journal: &Journal) -> Watcher {
        let (group, journal) = (group.another(), journal.clone());
        let ended = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&ended);
        let thread = std::thread::spawn(move || watch(&group, &journal, &until));
        Watcher { ended, thread }
    }

    /// Ends the watch after one more look. Fails the test if anything was wrong, or too little was seen to tell: the
    /// commits must have been seen to move at least so often.
    #[track_caller]
    pub(crate) fn finish(self, at_least: usize) {
        self.ended.store(true, Ordering::Release);
        let seen = self.thread.join().expect("the watcher does not panic");
        assert!(
            seen.wrong.is_empty(),
            "{} of {} looks: {:#?}",
            seen.wrong.len(),
            seen.looks,
            seen.wrong
        );
        assert!(
            seen.moves >= at_least,
            "too little was seen to tell: {seen:?}"
        );
        eprintln!("watched: {} looks, {} moves", seen.looks, seen.moves);
    }
}

fn watch(group: &Group, journal: &Journal, ended: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    let mut last = BTreeMap::new();
    loop {
        let is_last = ended.load(Ordering::Acquire);
        // A broker that is away has nothing to say.
        if let Ok(committed) = group.try_committed() {
            seen.looks += 1;
            for (place, before) in &last {
                if !committed.contains_key(place) {
                    seen.wrong
                        .push(format!("{place:?}: {before} was committed, now nothing is"));
                }
            }
            for (place, now) in &committed {
                let before = last.get(place).copied().unwrap_or(0);
                if *now < before {
                    seen.wrong
                        .push(format!("{place:?}: moved back from {before} to {now}"));
                }
                let missing = journal.missing(place, before, *now);
                if !missing.is_empty() {
                    seen.wrong.push(format!(
                        "{place:?}: {now} is committed, but {missing:?} not processed"
                    ));
                }
                seen.moves += usize::from(*now > before);
            }
            last = committed;
        }
        if is_last {
            return seen;
        }
        std::thread::sleep(ms(20));
    }
}
