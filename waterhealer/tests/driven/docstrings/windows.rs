//! Several values in, one out: `partition`, `sliding_window`, `timed_window`, `collect`.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use crate::docstrings::support::{Out, ms, s};

#[pipeline]
mod partition {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.partition(3))]
    fn print(rows: Vec<i64>, out: &Out<Vec<i64>>) {
        out.print(rows);
    }

    #[sink(from = source.partition(5, within = "1s"))]
    fn print_within(rows: Vec<i64>, timed: &Out<Vec<i64>>) {
        timed.print(rows);
    }
}

/// `partition`: the tail waits for more. Later versions of streamz have a timeout, which ours calls `within`.
#[test]
fn partition() {
    let (out, timed) = (Out::new(), Out::new());
    let mut test = drive(partition::pipeline(partition::Resources {
        out: out.clone(),
        timed: timed.clone(),
    }));
    for i in 0..10 {
        test.emit(i);
    }
    assert_eq!(out.take(), [[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
    timed.take();
    for i in 0..3 {
        test.emit(i);
    }
    test.advance(ms(999));
    assert!(timed.take().is_empty());
    test.advance(ms(1));
    assert_eq!(timed.take(), [[0, 1, 2]]);
}

#[pipeline]
mod sliding_window {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.sliding_window(3))]
    fn print(rows: Vec<i64>, out: &Out<Vec<i64>>) {
        out.print(rows);
    }

    #[sink(from = source.sliding_window(3, partial = true))]
    fn print_partial(rows: Vec<i64>, partial: &Out<Vec<i64>>) {
        partial.print(rows);
    }
}

/// `sliding_window`: with `return_partial=False`, which is our default, and with `True`, which is streamz's.
#[test]
fn sliding_window() {
    let (out, partial) = (Out::new(), Out::new());
    let mut test = drive(sliding_window::pipeline(sliding_window::Resources {
        out: out.clone(),
        partial: partial.clone(),
    }));
    for i in 0..8 {
        test.emit(i);
    }
    let full = [
        [0, 1, 2],
        [1, 2, 3],
        [2, 3, 4],
        [3, 4, 5],
        [4, 5, 6],
        [5, 6, 7],
    ];
    assert_eq!(out.take(), full);
    let partial = partial.take();
    assert_eq!(partial[..2], [vec![0], vec![0, 1]]);
    assert_eq!(partial[2..], full);
}

#[pipeline]
mod timed_window {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.timed_window("10ms"))]
    fn print(rows: Vec<i64>, out: &Out<Vec<i64>>) {
        out.print(rows);
    }
}

/// `timed_window`: everything that has come since the last tick. Where nothing has, streamz gives an empty tuple at each
/// tick; ours gives nothing, since an empty batch belongs to no record.
#[test]
fn timed_window() {
    let out = Out::new();
    let mut test = drive(timed_window::pipeline(timed_window::Resources {
        out: out.clone(),
    }));
    for i in 0..10 {
        test.emit(i);
        test.advance(ms(4));
    }
    test.advance(ms(10));
    let windows = out.take();
    assert_eq!(windows.concat(), Vec::from_iter(0..10));
    assert!(
        windows.iter().all(|window| window.len() <= 3),
        "{windows:?}"
    );
    assert!(
        windows.iter().any(|window| window.len() >= 2),
        "{windows:?}"
    );
    test.advance(s(1));
    assert!(out.take().is_empty());
}

#[pipeline]
mod collect {
    use super::*;

    #[source(emit)]
    fn source1(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn source2(anything: &'static str) -> &'static str {
        anything
    }

    #[sink(from = source1.collect(flush = source2))]
    fn print(rows: Vec<i64>, out: &Out<Vec<i64>>) {
        out.print(rows);
    }
}

/// `collect`
#[test]
fn collect() {
    let out = Out::new();
    let mut test = drive(collect::pipeline(collect::Resources { out: out.clone() }));
    test.emit(collect::Emit::source1(1));
    test.emit(collect::Emit::source1(2));
    assert!(out.take().is_empty());
    test.emit(collect::Emit::source2("anything"));
    assert_eq!(out.take(), [[1, 2]]);
}
