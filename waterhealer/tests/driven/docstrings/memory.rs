//! What depends on the values before: `accumulate`, `slice`, `unique`.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use crate::docstrings::support::Out;

#[pipeline]
mod accumulate {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[accumulate(from = source, start = 0)]
    fn total(total: i64, x: i64) -> i64 {
        total + x
    }

    #[accumulate(from = source, start = 0)]
    fn count(count: usize, _x: i64) -> usize {
        count + 1
    }

    #[accumulate(from = source, start = (0, 0), returns_state)]
    fn enumerate((count, _): (usize, i64), x: i64) -> ((usize, i64), (usize, i64)) {
        ((count + 1, x), (count, x))
    }

    #[sink(from = total)]
    fn print_total(x: i64, totals: &Out<i64>) {
        totals.print(x);
    }

    #[sink(from = count)]
    fn print_count(x: usize, counts: &Out<usize>) {
        counts.print(x);
    }

    #[sink(from = enumerate)]
    fn print_pair(x: (usize, i64), pairs: &Out<(usize, i64)>) {
        pairs.print(x);
    }
}

/// `accumulate`: a running total, a count, and an enumeration with a state that does not go on. A state to start with is
/// always written: the first value is not taken for it.
#[test]
fn accumulate() {
    let given = |values: &[i64]| {
        let (totals, counts, pairs) = (Out::new(), Out::new(), Out::new());
        let mut test = drive(accumulate::pipeline(accumulate::Resources {
            totals: totals.clone(),
            counts: counts.clone(),
            pairs: pairs.clone(),
        }));
        for value in values {
            test.emit(*value);
        }
        (totals.take(), counts.take(), pairs.take())
    };
    assert_eq!(given(&[0, 1, 2, 3, 4]).0, [0, 1, 3, 6, 10]);
    assert_eq!(given(&[0; 5]).1, [1, 2, 3, 4, 5]);
    assert_eq!(given(&[0; 3]).2, [(0, 0), (1, 0), (2, 0)]);
}

#[pipeline]
mod slice {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.slice(2, 6, 2))]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }

    #[sink(from = source.slice(1, 6, 2))]
    fn print_odd(x: i64, odd: &Out<i64>) {
        odd.print(x);
    }
}

/// `slice`: as that of a list; its docstring shows the positions. In streamz a step counts from the first value and not from
/// `start`, so that 1, 6, 2 gives 2 and 4; ours is what a list gives.
#[test]
fn slice() {
    let (out, odd) = (Out::new(), Out::new());
    let mut test = drive(slice::pipeline(slice::Resources {
        out: out.clone(),
        odd: odd.clone(),
    }));
    for i in 0..10 {
        test.emit(i);
    }
    assert_eq!(out.take(), [2, 4]);
    assert_eq!(odd.take(), [1, 3, 5]);
}

#[pipeline]
mod unique {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source.unique(history = 1))]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }

    #[sink(from = source.unique(key = |x| x % 2))]
    fn print_key(x: i64, keyed: &Out<i64>) {
        keyed.print(x);
    }
}

/// `unique`: not twice in a row, and one of each key.
#[test]
fn unique() {
    let (out, keyed) = (Out::new(), Out::new());
    let mut test = drive(unique::pipeline(unique::Resources {
        out: out.clone(),
        keyed: keyed.clone(),
    }));
    for x in [1, 1, 2, 2, 2, 1, 3] {
        test.emit(x);
    }
    assert_eq!(out.take(), [1, 2, 1, 3]);
    assert_eq!(keyed.take(), [1, 2]);
}
