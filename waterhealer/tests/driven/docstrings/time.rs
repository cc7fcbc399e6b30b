//! When values go on: `delay`, `rate_limit`, `buffer`, `latest`. Their docstrings have no examples that print; the values are
//! those of streamz's tests.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use crate::docstrings::support::{Out, ms};

#[pipeline]
mod delay {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.delay("20ms"))]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `delay`
#[test]
fn delay() {
    let out = Out::new();
    let mut test = drive(delay::pipeline(delay::Resources { out: out.clone() }));
    for i in 0..5 {
        test.emit(i);
        test.advance(ms(1));
    }
    assert!(out.take().is_empty());
    test.advance(ms(16));
    assert_eq!(out.take(), [0, 1]);
    test.advance(ms(3));
    assert_eq!(out.take(), [2, 3, 4]);
}

#[pipeline]
mod rate_limit {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.rate_limit("50ms"))]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `rate_limit`: five values take four times the interval.
#[test]
fn rate_limit() {
    let out = Out::new();
    let mut test = drive(rate_limit::pipeline(rate_limit::Resources {
        out: out.clone(),
    }));
    for i in 0..5 {
        test.emit(i);
    }
    assert_eq!(out.take(), [0]);
    for i in 1..5 {
        test.advance(ms(49));
        assert!(out.take().is_empty());
        test.advance(ms(1));
        assert_eq!(out.take(), [i]);
    }
}

#[pipeline]
mod buffer {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[map(from = source)]
    fn inc(x: i64) -> i64 {
        x + 1
    }

    #[map(from = inc.buffer(10).rate_limit("50ms"))]
    fn inc_again(x: i64) -> i64 {
        x + 1
    }

    #[sink(from = inc_again)]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `buffer`: ten values are taken in at once, though what comes after takes its time for each.
#[test]
fn buffer() {
    let out = Out::new();
    let mut test = drive(buffer::pipeline(buffer::Resources { out: out.clone() }));
    for i in 0..10 {
        test.emit(i);
    }
    assert_eq!(test.queued(), 0);
    assert_eq!(out.take(), [2]);
    test.advance(ms(450));
    assert_eq!(out.take(), Vec::from_iter(3..12));
}

#[pipeline]
mod latest {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[map(from = source)]
    fn inc(x: i64) -> i64 {
        x + 1
    }

    #[map(from = inc.latest())]
    async fn slow_write(x: i64) -> i64 {
        x
    }

    #[sink(from = slow_write)]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `latest`: what comes while the slow one works takes the place of what came before it.
#[test]
fn latest() {
    let out = Out::new();
    let mut test = drive(latest::pipeline(latest::Resources { out: out.clone() }));
    test.hold_answers();
    for i in 1..4 {
        test.emit(i);
    }
    test.answer(0);
    assert_eq!(out.take(), [2]);
    test.answer(0);
    assert_eq!(out.take(), [4]);
    assert!(test.calls().is_empty());
}
