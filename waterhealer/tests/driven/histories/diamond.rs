//! A diamond: one branch answers out of order, the other filters and skips; pairs go on in batches.

use proptest::prelude::*;
use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::history::{At, Case, History, Notes, steps};

#[pipeline(group = "histories")]
mod branches {
    use super::*;

    #[source(topic = "in")]
    fn read(record: &Record<'_>, notes: &Notes) -> At {
        notes.read(record)
    }

    #[map(from = read, concurrency = 3)]
    async fn left(at: At) -> At {
        at
    }

    #[filter(from = read)]
    fn some(at: &At) -> bool {
        !is_filtered(at.offset)
    }

    #[map(from = some, on_error = skip)]
    fn right(at: At) -> Result<At, String> {
        match is_skipped(at.offset) {
            true => Err("it fails on this side".to_owned()),
            false => Ok(at),
        }
    }

    #[map(from = left.zip(right))]
    fn pair((left, right): (At, At), notes: &Notes) -> At {
        if left != right {
            notes.wrong(format!("{left:?} was paired with {right:?}"));
        }
        left
    }

    #[sink(from = pair.partition(4, within = "3s"), concurrency = 2)]
    async fn store(rows: Batch<At>, notes: &Notes) -> Done {
        rows.for_each(|at| notes.store("store", *at, 0)).done()
    }
}

fn is_filtered(offset: i64) -> bool {
    offset % 3 == 0
}

fn is_skipped(offset: i64) -> bool {
    offset % 5 == 0
}

impl Case for branches::Resources {
    const HOLDS: &'static [&'static str] = &[];

    fn notes(&self) -> &Notes {
        &self.notes
    }

    fn missing(&self, partition: i32, offset: i64) -> Option<String> {
        let needs_no_store = is_filtered(offset) || is_skipped(offset);
        let stored = || self.notes.is_stored("store", partition, offset, 0);
        (!needs_no_store && !stored()).then(|| "it is not stored".to_owned())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_record_is_healed_or_held_or_its_partition_is_gone(steps in steps()) {
        let notes = Notes::default();
        let pipeline = branches::pipeline(branches::Resources { notes });
        History::new(drive(pipeline)).run(steps);
    }

    #[test]
    fn a_stop_in_the_middle_commits_what_is_done_and_nothing_else(steps in steps(), answers in any::<bool>()) {
        let notes = Notes::default();
        let pipeline = branches::pipeline(branches::Resources { notes });
        History::new(drive(pipeline)).run_and_stop(steps, answers);
    }
}
