//! Offsets after each commit, with resources, with a failure, more than once.

use std::sync::Mutex;

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(x: i64) {
        assert!(x > 0);
    }

    #[healed]
    fn note(offsets: &[Position], log: &Mutex<Vec<String>>) {
        let texts = offsets
            .iter()
            .map(|at| format!("{}:{}", at.topic, at.offset));
        log.lock().unwrap().extend(texts);
    }
    #[healed(on_error = skip)]
    fn check(offsets: &[waterhealer::Position]) -> Result<(), std::num::TryFromIntError> {
        for at in offsets {
            u32::try_from(at.offset)?;
        }
        Ok(())
    }
}

fn main() {
    let _pipeline = shop::pipeline(shop::Resources {
        log: Mutex::default(),
    });
}
