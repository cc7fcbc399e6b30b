//! Mistake: an async node that holds a lock across an `await`.

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
    async fn store(order: i64, rows: &Mutex<Vec<i64>>) {
        let mut rows = rows.lock().unwrap();
        tokio::task::yield_now().await;
        rows.push(order);
    }
}

fn main() -> ExitCode {
    shop::main(shop::Resources {
        rows: Mutex::default(),
    })
}
