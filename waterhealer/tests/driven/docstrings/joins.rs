//! Values of several nodes: `union`, `zip`, `zip_latest`, `combine_latest`. Their docstrings have no examples; the values are
//! those of streamz's tests.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use crate::docstrings::support::Out;

#[pipeline]
mod union {
    use super::*;

    #[source(emit)]
    fn a(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn b(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn c(x: i64) -> i64 {
        x
    }

    #[sink(from = a.union(b, c))]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `union`
#[test]
fn union() {
    use union::Emit;
    let out = Out::new();
    let mut test = drive(union::pipeline(union::Resources { out: out.clone() }));
    for value in [Emit::a(1), Emit::b(2), Emit::a(3), Emit::c(4)] {
        test.emit(value);
    }
    assert_eq!(out.take(), [1, 2, 3, 4]);
}

#[pipeline]
mod zip {
    use super::*;

    #[source(emit)]
    fn a(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn b(x: &'static str) -> &'static str {
        x
    }

    #[sink(from = a.zip(b))]
    fn print(pair: (i64, &'static str), out: &Out<(i64, &'static str)>) {
        out.print(pair);
    }

    #[sink(from = a.zip(123, b))]
    fn print_literal(triple: (i64, i32, &'static str), triples: &Out<(i64, i32, &'static str)>) {
        triples.print(triple);
    }
}

/// `zip`: of two sources, and with a literal where it is written. The zip of a node with itself, which streamz allows, does
/// not compile here.
#[test]
fn zip() {
    use zip::Emit;
    let (out, triples) = (Out::new(), Out::new());
    let mut test = drive(zip::pipeline(zip::Resources {
        out: out.clone(),
        triples: triples.clone(),
    }));
    for value in [Emit::a(1), Emit::b("a"), Emit::a(2), Emit::b("b")] {
        test.emit(value);
    }
    assert_eq!(out.take(), [(1, "a"), (2, "b")]);
    assert_eq!(triples.take(), [(1, 123, "a"), (2, 123, "b")]);
}

#[pipeline]
mod zip_latest {
    use super::*;

    #[source(emit)]
    fn a(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn b(x: &'static str) -> &'static str {
        x
    }

    #[sink(from = a.zip_latest(b))]
    fn print(pair: (i64, &'static str), out: &Out<(i64, &'static str)>) {
        out.print(pair);
    }

    #[sink(from = a.combine_latest(b, emit_on = a))]
    fn print_combined(pair: (i64, &'static str), combined: &Out<(i64, &'static str)>) {
        combined.print(pair);
    }
}

/// `zip_latest`: no value of the first is lost, which `combine_latest` would lose.
#[test]
fn zip_latest() {
    use zip_latest::Emit;
    let (out, combined) = (Out::new(), Out::new());
    let mut test = drive(zip_latest::pipeline(zip_latest::Resources {
        out: out.clone(),
        combined: combined.clone(),
    }));
    for value in [
        Emit::a(1),
        Emit::a(2),
        Emit::b("a"),
        Emit::b("b"),
        Emit::a(3),
    ] {
        test.emit(value);
    }
    assert_eq!(out.take(), [(1, "a"), (2, "a"), (3, "b")]);
    assert_eq!(combined.take(), [(3, "b")]);
}

#[pipeline]
mod zip_latest_of_three {
    use super::*;

    #[source(emit)]
    fn s1(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn s2(x: &'static str) -> &'static str {
        x
    }

    #[source(emit)]
    fn s3(x: char) -> char {
        x
    }

    #[sink(from = s1.zip_latest(s2, s3))]
    fn print(triple: (i64, &'static str, char), out: &Out<(i64, &'static str, char)>) {
        out.print(triple);
    }
}

/// `zip_latest`: of three.
#[test]
fn zip_latest_of_three() {
    use zip_latest_of_three::{Emit, Resources, pipeline};
    let out = Out::new();
    let mut test = drive(pipeline(Resources { out: out.clone() }));
    for value in [
        Emit::s1(1),
        Emit::s2("I"),
        Emit::s2("II"),
        Emit::s1(2),
        Emit::s2("III"),
        Emit::s3('a'),
        Emit::s3('b'),
        Emit::s1(3),
    ] {
        test.emit(value);
    }
    assert_eq!(
        out.take(),
        [(1, "III", 'a'), (2, "III", 'a'), (3, "III", 'b')]
    );
}

#[pipeline]
mod combine_latest {
    use super::*;

    #[source(emit)]
    fn a(x: i64) -> i64 {
        x
    }

    #[source(emit)]
    fn b(x: &'static str) -> &'static str {
        x
    }

    #[sink(from = a.combine_latest(b))]
    fn print(pair: (i64, &'static str), out: &Out<(i64, &'static str)>) {
        out.print(pair);
    }

    #[sink(from = a.combine_latest(b, emit_on = [a, b]))]
    fn print_both(pair: (i64, &'static str), both: &Out<(i64, &'static str)>) {
        both.print(pair);
    }

    #[sink(from = a.combine_latest(b, emit_on = a))]
    fn print_first(pair: (i64, &'static str), first: &Out<(i64, &'static str)>) {
        first.print(pair);
    }
}

/// `combine_latest`: on a change of any, and of those that `emit_on` names.
#[test]
fn combine_latest() {
    use combine_latest::Emit;
    let (out, both, first) = (Out::new(), Out::new(), Out::new());
    let mut test = drive(combine_latest::pipeline(combine_latest::Resources {
        out: out.clone(),
        both: both.clone(),
        first: first.clone(),
    }));
    for value in [
        Emit::a(1),
        Emit::a(2),
        Emit::b("a"),
        Emit::a(3),
        Emit::b("b"),
    ] {
        test.emit(value);
    }
    assert_eq!(out.take(), [(2, "a"), (3, "a"), (3, "b")]);
    assert_eq!(both.take(), [(2, "a"), (3, "a"), (3, "b")]);
    assert_eq!(first.take(), [(3, "a")]);
    test.emit(Emit::a(4));
    assert_eq!(first.take(), [(4, "b")]);
}
