//! Windows of every kind beside one another, on one source, and a diamond behind a node that gives several values of a
//! record: a record is done when all of them are.

use proptest::prelude::*;
use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::history::{At, Case, History, Notes, steps};

#[pipeline(group = "histories")]
mod beside {
    use super::*;

    #[source(topic = "in")]
    fn read(record: &Record<'_>, notes: &Notes) -> At {
        notes.read(record)
    }

    #[sink(from = read.delay("1s").timed_window("2s"))]
    fn ticks(rows: Batch<At>, notes: &Notes) -> Done {
        rows.for_each(|at| notes.store("ticks", *at, 0)).done()
    }

    #[sink(from = read.partition_time("500ms"), concurrency = 3)]
    async fn batches(rows: Batch<At>, notes: &Notes) -> Done {
        rows.for_each(|at| notes.store("batches", *at, 0)).done()
    }

    /// Each record is once the newest, and then the second, and the last; again so, if a newer one is let go.
    #[sink(from = read.sliding_window(3, partial = true))]
    fn slides(rows: Vec<At>, notes: &Notes) {
        for (part, at) in (0..).zip(rows.iter().rev()) {
            match part {
                0 => notes.store("slides", *at, part),
                _ => notes.repeat("slides", *at, part),
            }
        }
    }

    #[flat_map(from = read)]
    fn parts(at: At) -> Vec<(At, u32)> {
        (0..parts_of(at.offset)).map(|part| (at, part)).collect()
    }

    #[map(from = parts, concurrency = 4)]
    async fn left(part: (At, u32)) -> (At, u32) {
        part
    }

    #[filter(from = parts)]
    fn right(part: &(At, u32)) -> bool {
        part.1 != 1
    }

    #[sink(from = left.zip(right))]
    fn pairs((left, right): ((At, u32), (At, u32)), notes: &Notes) {
        if left != right {
            notes.wrong(format!("{left:?} was paired with {right:?}"));
        }
        notes.store("pairs", left.0, left.1);
    }
}

fn parts_of(offset: i64) -> u32 {
    match offset % 4 {
        0 => 0,
        1 => 1,
        _ => 3,
    }
}

impl Case for beside::Resources {
    const HOLDS: &'static [&'static str] = &["slides.sliding_window"];

    fn notes(&self) -> &Notes {
        &self.notes
    }

    fn missing(&self, partition: i32, offset: i64) -> Option<String> {
        let parts = (0..parts_of(offset)).filter(|part| *part != 1);
        let mut work: Vec<_> = parts.map(|part| ("pairs", part)).collect();
        work.extend([("ticks", 0), ("batches", 0)]);
        work.extend((0..3).map(|part| ("slides", part)));
        let mut work = work.into_iter();
        let missing =
            work.find(|(sink, part)| !self.notes.is_stored(sink, partition, offset, *part))?;
        let (sink, part) = missing;
        Some(format!("`{sink}` has not done part {part}"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_record_is_healed_or_held_or_its_partition_is_gone(steps in steps()) {
        let notes = Notes::default();
        let pipeline = beside::pipeline(beside::Resources { notes });
        History::new(drive(pipeline)).run(steps);
    }

    #[test]
    fn a_stop_in_the_middle_commits_what_is_done_and_nothing_else(steps in steps(), answers in any::<bool>()) {
        let notes = Notes::default();
        let pipeline = beside::pipeline(beside::Resources { notes });
        History::new(drive(pipeline)).run_and_stop(steps, answers);
    }
}
