//! Nodes that are named as operators, as what is generated for others, and with raw identifiers.

use waterhealer::prelude::*;

#[pipeline()]
mod shop {
    #[source(emit)]
    fn partition(x: i64) -> i64 {
        x
    }

    #[map(from = partition.partition(1))]
    fn zip(x: Vec<i64>) -> i64 {
        x[0]
    }
    #[map(from = zip)]
    fn r#type(x: i64) -> i64 {
        x + 1
    }
    #[accumulate(from = zip.zip(r#type).unique(key = |r#in| r#in.0), start = 0)]
    fn r#loop(r#let: i64, (a, b): (i64, i64)) -> i64 {
        r#let + a + b
    }
    #[map(from = r#loop)]
    fn start_x(x: i64) -> i64 {
        x
    }
    #[map(from = start_x)]
    async fn x(x: i64) -> i64 {
        x
    }
    #[map(from = x.delay("1ms"))]
    fn after_x_delay(x: i64) -> i64 {
        x
    }
    #[sink(from = after_x_delay)]
    fn x_delay(x: i64) {
        assert_eq!(x, 15);
    }
}

#[tokio::main]
async fn main() {
    let pipeline = shop::pipeline();
    let handle = pipeline.handle();
    let emit = async { handle.emit(7).await.unwrap() };
    pipeline.run_until(emit).await.unwrap();
}
