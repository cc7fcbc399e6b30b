//! What water-healer has beside streamz: `partition_time`, `foreach_map`, `foreach_async`.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use crate::docstrings::support::{Out, s};

#[pipeline]
mod partition_time {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.partition_time("3s"))]
    fn print(rows: Vec<i64>, out: &Out<Vec<i64>>) {
        out.print(rows);
    }
}

/// `partition_time`: values that come one a second. In water-healer the time is looked at only when a value comes, so that the
/// last one waits for another; ours has a timer.
#[test]
fn partition_time() {
    let out = Out::new();
    let mut test = drive(partition_time::pipeline(partition_time::Resources {
        out: out.clone(),
    }));
    for i in 0..10 {
        test.emit(i);
        test.advance(s(1));
    }
    assert_eq!(out.take(), [[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
    test.advance(s(2));
    assert_eq!(out.take(), [[9]]);
}

#[pipeline]
mod foreach_map {
    use super::*;

    #[source(emit)]
    fn source(pair: (i64, i64)) -> Vec<i64> {
        vec![pair.0, pair.1]
    }

    #[foreach_map(from = source)]
    fn double(x: i64) -> i64 {
        2 * x
    }

    #[sink(from = double)]
    fn print(pair: Vec<i64>, out: &Out<Vec<i64>>) {
        out.print(pair);
    }
}

/// `foreach_map`: the elements of a `Vec`, since those of a tuple may each have a type of their own.
#[test]
fn foreach_map() {
    let out = Out::new();
    let mut test = drive(foreach_map::pipeline(foreach_map::Resources {
        out: out.clone(),
    }));
    for i in 0..3 {
        test.emit((i, i));
    }
    assert_eq!(out.take(), [[0, 0], [2, 2], [4, 4]]);
}

#[pipeline]
mod foreach_async {
    use super::*;

    #[source(emit)]
    fn source(pair: (i64, i64)) -> Vec<i64> {
        vec![pair.0, pair.1]
    }

    #[foreach_async(from = source)]
    async fn double(x: i64) -> i64 {
        tokio::task::yield_now().await;
        2 * x
    }

    #[foreach_async(from = source.flatten().partition(5))]
    async fn double_of_five(x: i64) -> i64 {
        tokio::task::yield_now().await;
        2 * x
    }

    #[sink(from = double)]
    fn print(pair: Vec<i64>, pairs: &Out<Vec<i64>>) {
        pairs.print(pair);
    }

    #[sink(from = double_of_five)]
    fn print_five(five: Vec<i64>, fives: &Out<Vec<i64>>) {
        fives.print(five);
    }
}

/// `foreach_async`, and the partial code beside it, with a `partition` before.
#[test]
fn foreach_async() {
    let (pairs, fives) = (Out::new(), Out::new());
    let mut test = drive(foreach_async::pipeline(foreach_async::Resources {
        pairs: pairs.clone(),
        fives: fives.clone(),
    }));
    for i in 0..3 {
        test.emit((i, i));
    }
    assert_eq!(pairs.take(), [[0, 0], [2, 2], [4, 4]]);
    assert_eq!(fives.take(), [[0, 0, 2, 2, 4]]);
}
