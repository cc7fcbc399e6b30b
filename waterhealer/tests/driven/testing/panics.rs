//! What a panic means: for the node, for the pipeline, for a state, and where nothing is said.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use super::{AnyError, Store};

#[pipeline(group = "panics", on_panic = skip)]
mod panicking {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> Result<u64, AnyError> {
        assert_ne!(record.text()?, "bad", "a source may panic, too");
        Ok(record.text()?.parse()?)
    }

    #[accumulate(from = number, start = 0, volatile)]
    fn sum(sum: u64, number: u64) -> u64 {
        assert_ne!(number, 13);
        sum + number
    }

    #[map(from = sum, concurrency = 2)]
    async fn check(sum: u64) -> u64 {
        assert_ne!(sum, 100);
        sum
    }

    #[sink(from = check, on_panic = halt)]
    fn keep(sum: u64, kept: &Store<u64>) {
        assert_ne!(sum, 666);
        kept.put(sum);
    }
}

#[test]
fn a_panic_passes_the_record_over_where_that_is_said_and_a_state_survives_it() {
    let resources = panicking::Resources { kept: Store::new() };
    let mut test = drive(panicking::pipeline(resources));
    test.records("numbers", ["1", "bad", "13", "2", "97", "566"]);
    assert_eq!(test.resources().kept.all(), [1, 3]);
    let failures: Vec<_> = test
        .failures()
        .iter()
        .map(|failed| (failed.stage, failed.skipped))
        .collect();
    let skipped = [("number", true), ("sum", true), ("check", true)];
    assert_eq!(failures[..3], skipped);
    assert_eq!(failures[3], ("keep", false), "it says otherwise for itself");
    assert!(test.halted().is_some());
    assert_eq!(test.healed("numbers", 0), Some(5));
}
