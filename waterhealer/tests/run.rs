//! Pipelines that run on their own threads and read nothing from Kafka: how they start, and how they end.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use waterhealer::prelude::*;

#[pipeline(group = "sums")]
mod sums {
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

#[pipeline(group = "slow")]
mod slow {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        std::thread::sleep(Duration::from_millis(5));
        number
    }

    #[sink(from = number.partition(1_000, within = "50ms"))]
    fn note(numbers: Vec<u64>, sizes: &Arc<Mutex<Vec<usize>>>) {
        sizes.lock().unwrap().push(numbers.len());
    }
}

#[tokio::test]
async fn a_batch_of_values_sent_in_by_hand_goes_on_in_time_while_more_of_them_wait() {
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let resources = slow::Resources {
        sizes: Arc::clone(&sizes),
    };
    let pipeline = slow::pipeline(resources);
    let handle = pipeline.handle();
    let sent = (0..100_u64).map(|number| {
        let handle = handle.clone();
        tokio::spawn(async move { handle.emit(number).await })
    });
    let sent: Vec<_> = sent.collect();
    pipeline
        .run_until(async {
            for sent in sent {
                sent.await.unwrap().unwrap();
            }
        })
        .await
        .unwrap();
    let sizes = sizes.lock().unwrap();
    assert_eq!(sizes.iter().sum::<usize>(), 100);
    assert!(sizes.len() >= 5, "{sizes:?}");
}
