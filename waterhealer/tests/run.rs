//! Pipelines that run on their own threads and read nothing from Kafka: how they start, and how they end.

use std::time::Duration;

use waterhealer::prelude::*;

#[pipeline(group = "sums")]
mod sums {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        number
    }

    #[accumulate(from = number, start = first(), volatile)]
    fn sum(sum: u64, number: u64) -> u64 {
        sum + number
    }

    #[sink(from = sum)]
    fn show(_sum: u64) {}

    fn first() -> u64 {
        panic!("no first number")
    }
}

#[tokio::test]
async fn a_start_that_panics_ends_the_pipeline_with_its_words() {
    let run = tokio::time::timeout(Duration::from_secs(10), sums::pipeline().run());
    let error = run.await.expect("it ends").expect_err("it cannot start");
    assert!(error.to_string().contains("no first number"), "{error}");
}
