//! Zips inside zips, several of one fork, batches that are forked themselves, rows that fail alone or are let go, and
//! branches that go to other stages on the way: all of it behind a node that gives several values of a record.

use proptest::prelude::*;
use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::history::{At, Case, History, Notes, steps};

type Part = (At, u32);

#[pipeline(group = "histories")]
mod woven {
    use super::*;

    #[source(topic = "in")]
    fn read(record: &Record<'_>, notes: &Notes) -> At {
        notes.read(record)
    }

    #[flat_map(from = read)]
    fn part(at: At) -> Vec<Part> {
        (0..3).map(|part| (at, part)).collect()
    }

    #[map(from = part, concurrency = 2)]
    async fn slow(part: Part) -> Part {
        part
    }

    #[filter(from = part)]
    fn some(part: &Part) -> bool {
        !is_filtered(part)
    }

    #[map(from = some.delay("300ms"), on_error = skip)]
    fn later(part: Part) -> Result<Part, String> {
        match is_skipped(&part) {
            true => Err("it fails on this side".to_owned()),
            false => Ok(part),
        }
    }

    #[sink(from = slow.buffer(3))]
    async fn beside(part: Part, notes: &Notes) {
        notes.store("beside", part.0, part.1);
    }

    #[map(from = some.zip(later))]
    fn inner((some, later): (Part, Part), notes: &Notes) -> Part {
        notes.same(some, later);
        some
    }

    #[sink(from = slow.zip(inner, part))]
    fn outer((slow, inner, part): (Part, Part, Part), notes: &Notes) {
        notes.same(slow, inner);
        notes.same(slow, part);
        notes.store("outer", part.0, part.1);
    }

    #[sink(from = later.zip(slow))]
    fn second((later, slow): (Part, Part), notes: &Notes) {
        notes.same(later, slow);
        notes.store("second", slow.0, slow.1);
    }

    #[map(from = part.partition(4, within = "1s"), on_error = skip)]
    fn rows(rows: Batch<Part>) -> Batch<Part> {
        rows.try_map(|part| match is_skipped(&part) {
            true => Err("it fails in its batch"),
            false => Ok(part),
        })
    }

    #[map(from = rows)]
    fn kept(rows: Batch<Part>) -> Batch<Part> {
        rows.retain(|part| !is_filtered(part))
    }

    #[map(from = rows, concurrency = 2)]
    async fn whole(rows: Batch<Part>) -> Batch<Part> {
        rows
    }

    #[sink(from = kept.zip(whole))]
    fn batches((kept, whole): (Vec<Part>, Vec<Part>), notes: &Notes) {
        for part in kept {
            if !whole.contains(&part) {
                notes.wrong(format!("{part:?} is not in its own batch"));
            }
            notes.store("batches", part.0, part.1);
        }
    }

    #[sink(from = kept.flatten().delay("200ms"))]
    fn each(part: Part, notes: &Notes) {
        notes.store("each", part.0, part.1);
    }

    #[sink(from = whole.flatten())]
    async fn all(part: Part, notes: &Notes) {
        notes.store("all", part.0, part.1);
    }
}

fn is_filtered(part: &Part) -> bool {
    (part.0.offset + i64::from(part.1)) % 3 == 0
}

fn is_skipped(part: &Part) -> bool {
    (part.0.offset + i64::from(part.1)) % 5 == 0
}

impl Notes {
    fn same(&self, one: Part, other: Part) {
        if one != other {
            self.wrong(format!("{one:?} was paired with {other:?}"));
        }
    }
}

impl Case for woven::Resources {
    const HOLDS: &'static [&'static str] = &[];
    /// Of three parts, in a zip of three.
    const VALUES: usize = 6;

    fn notes(&self) -> &Notes {
        &self.notes
    }

    fn missing(&self, partition: i32, offset: i64) -> Option<String> {
        let at = At {
            partition,
            assignment: 0,
            offset,
        };
        let sinks = |part: &Part| -> &[&'static str] {
            match (is_filtered(part), is_skipped(part)) {
                (false, false) => &["beside", "outer", "second", "batches", "each", "all"],
                (true, false) => &["beside", "all"],
                (_, true) => &["beside"],
            }
        };
        let work = (0..3).flat_map(|part| sinks(&(at, part)).iter().map(move |sink| (*sink, part)));
        let mut missing =
            work.filter(|(sink, part)| !self.notes.is_stored(sink, partition, offset, *part));
        let (sink, part) = missing.next()?;
        Some(format!("`{sink}` has not done part {part}"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_record_is_healed_or_held_or_its_partition_is_gone(steps in steps()) {
        let notes = Notes::default();
        let pipeline = woven::pipeline(woven::Resources { notes });
        History::new(drive(pipeline)).run(steps);
    }

    #[test]
    fn a_stop_in_the_middle_commits_what_is_done_and_nothing_else(steps in steps(), answers in any::<bool>()) {
        let notes = Notes::default();
        let pipeline = woven::pipeline(woven::Resources { notes });
        History::new(drive(pipeline)).run_and_stop(steps, answers);
    }
}
