//! Each value for itself: `Stream`, `sink`, `map`, `starmap`, `filter`, `flatten`, `pluck`.

use waterhealer::prelude::*;
use waterhealer::testing::drive;

use crate::docstrings::support::Out;

#[pipeline]
mod stream {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[map(from = source)]
    fn inc(x: i64) -> i64 {
        x + 1
    }

    #[map(from = inc)]
    fn str(x: i64) -> String {
        x.to_string()
    }

    #[sink(from = str)]
    fn print(x: String, printed: &Out<String>) {
        printed.print(x);
    }

    #[sink(from = str)]
    fn append(x: String, list: &Out<String>) {
        list.print(x);
    }
}

/// `Stream`: streams can branch, and an action is taken wherever one ends.
#[test]
fn stream() {
    let (printed, list) = (Out::new(), Out::new());
    let mut test = drive(stream::pipeline(stream::Resources {
        printed: printed.clone(),
        list: list.clone(),
    }));
    for i in 0..5 {
        test.emit(i);
    }
    assert_eq!(printed.take(), ["1", "2", "3", "4", "5"]);
    assert_eq!(list.take(), ["1", "2", "3", "4", "5"]);
}

#[pipeline]
mod sink {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[sink(from = source)]
    fn append(x: i64, list: &Out<i64>) {
        list.print(x);
    }

    #[sink(from = source)]
    fn print(x: i64, printed: &Out<i64>) {
        printed.print(x);
    }

    #[sink(from = source)]
    fn print_again(x: i64, printed: &Out<i64>) {
        printed.print(x);
    }
}

/// `sink`: several at one node.
#[test]
fn sink() {
    let (printed, list) = (Out::new(), Out::new());
    let mut test = drive(sink::pipeline(sink::Resources {
        printed: printed.clone(),
        list: list.clone(),
    }));
    test.emit(123);
    assert_eq!(printed.take(), [123, 123]);
    assert_eq!(list.take(), [123]);
}

#[pipeline]
mod map {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[map(from = source)]
    fn double(x: i64) -> i64 {
        2 * x
    }

    #[sink(from = double)]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `map`
#[test]
fn map() {
    let out = Out::new();
    let mut test = drive(map::pipeline(map::Resources { out: out.clone() }));
    for i in 0..5 {
        test.emit(i);
    }
    assert_eq!(out.take(), [0, 2, 4, 6, 8]);
}

#[pipeline]
mod starmap {
    use super::*;

    #[source(emit)]
    fn source(pair: (i64, i64)) -> (i64, i64) {
        pair
    }

    #[map(from = source)]
    fn add((a, b): (i64, i64)) -> i64 {
        a + b
    }

    #[sink(from = add)]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `starmap`: a tuple pattern in place of an operator.
#[test]
fn starmap() {
    let out = Out::new();
    let mut test = drive(starmap::pipeline(starmap::Resources { out: out.clone() }));
    for i in 0..5 {
        test.emit((i, i));
    }
    assert_eq!(out.take(), [0, 2, 4, 6, 8]);
}

#[pipeline]
mod filter {
    use super::*;

    #[source(emit)]
    fn source(x: i64) -> i64 {
        x
    }

    #[filter(from = source)]
    fn even(x: &i64) -> bool {
        x % 2 == 0
    }

    #[sink(from = even)]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `filter`
#[test]
fn filter() {
    let out = Out::new();
    let mut test = drive(filter::pipeline(filter::Resources { out: out.clone() }));
    for i in 0..5 {
        test.emit(i);
    }
    assert_eq!(out.take(), [0, 2, 4]);
}

#[pipeline]
mod flatten {
    use super::*;

    #[source(emit)]
    fn source(list: Vec<i64>) -> Vec<i64> {
        list
    }

    #[sink(from = source.flatten())]
    fn print(x: i64, out: &Out<i64>) {
        out.print(x);
    }
}

/// `flatten`; its docstring shows one 7 of the two.
#[test]
fn flatten() {
    let out = Out::new();
    let mut test = drive(flatten::pipeline(flatten::Resources { out: out.clone() }));
    for list in [vec![1, 2, 3], vec![4, 5], vec![6, 7, 7]] {
        test.emit(list);
    }
    assert_eq!(out.take(), [1, 2, 3, 4, 5, 6, 7, 7]);
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    name: &'static str,
    #[expect(dead_code, reason = "what is not plucked")]
    x: i64,
}

#[pipeline]
mod pluck {
    use super::*;

    #[source(emit)]
    fn list(list: [i64; 4]) -> (i64, i64, i64, i64) {
        let [a, b, c, d] = list;
        (a, b, c, d)
    }

    #[source(emit)]
    fn person(person: Person) -> Person {
        person
    }

    #[sink(from = list.pluck([0, 3]))]
    fn print(parts: (i64, i64), parts_out: &Out<(i64, i64)>) {
        parts_out.print(parts);
    }

    #[sink(from = person.pluck(name))]
    fn print_name(name: &'static str, names: &Out<&'static str>) {
        names.print(name);
    }
}

/// `pluck`: of a tuple by number, of a struct by name.
#[test]
fn pluck() {
    let (parts, names) = (Out::new(), Out::new());
    let mut test = drive(pluck::pipeline(pluck::Resources {
        parts_out: parts.clone(),
        names: names.clone(),
    }));
    for list in [[1, 2, 3, 4], [4, 5, 6, 7], [8, 9, 10, 11]] {
        test.emit(pluck::Emit::list(list));
    }
    for (name, x) in [("Alice", 123), ("Bob", 456)] {
        test.emit(pluck::Emit::person(Person { name, x }));
    }
    assert_eq!(parts.take(), [(1, 4), (4, 7), (8, 11)]);
    assert_eq!(names.take(), ["Alice", "Bob"]);
}
