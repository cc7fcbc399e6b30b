//! Leak: the carrier waits in a future that is kept for later, and the receipt is to come from there.

use std::pin::Pin;
use std::sync::Mutex;

use waterhealer::prelude::*;

/// Work that somebody polls some day.
#[derive(Default)]
pub struct Jobs {
    waiting: Mutex<Vec<Pin<Box<dyn Future<Output = ()> + Send>>>>,
}

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>, jobs: &Jobs) -> Result<Done, String> {
        jobs.waiting
            .lock()
            .unwrap()
            .push(Box::pin(async move { drop(order) }));
        Err("later".to_owned())
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        jobs: Jobs::default(),
    })
}
