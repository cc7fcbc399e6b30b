//! Rows are let go, fail alone, are set apart; the others go on, and the batch is whole in the end.

use std::sync::{Arc, Mutex};

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    use super::*;

    #[source(emit)]
    fn order(x: i64) -> i64 {
        x
    }

    #[map(from = order.partition(2), on_error = skip)]
    fn price(rows: Batch<i64>) -> Batch<String> {
        rows.retain(|row| *row != 2)
            .try_map(|row| match row {
                3 => Err("three"),
                row => Ok(row * 10),
            })
            .replace_with(|rows| rows.iter().map(i64::to_string).collect())
    }
    #[sink(from = price)]
    fn store(rows: Batch<String>, seen: &Arc<Mutex<Vec<String>>>) -> Result<Done, std::io::Error> {
        let rows = rows.for_each(|row| seen.lock().unwrap().push(row.clone()));
        Ok(rows.done())
    }
}

#[tokio::main]
async fn main() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let pipeline = shop::pipeline(shop::Resources {
        seen: Arc::clone(&seen),
    });
    let handle = pipeline.handle();
    let emit = async {
        let (a, b) = tokio::join!(handle.emit(1), handle.emit(2));
        let (c, d) = tokio::join!(handle.emit(3), handle.emit(4));
        for emitted in [a, b, c, d] {
            emitted.unwrap();
        }
    };
    pipeline.run_until(emit).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["10", "40"]);
}
