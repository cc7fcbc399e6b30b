//! Tests of the calls for each element: who fails alone, who fails with the others, and that together means together.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::Barrier;

use super::super::{Answered, Elements, Rows, all_rows, each_row};
use super::{block_on, failed};
use crate::error::Failure;
use crate::guard::guard;

/// Calls of which nothing is known besides what they answer.
fn all<V: Elements, U, F: Future<Output = Result<U, Failure>>>(
    value: V,
    mut call: impl FnMut(V::Item) -> F,
) -> impl Future<Output = Result<Answered<V::With<U>>, Failure>> {
    all_rows(value, move |item| ((), call(item)))
}

fn refuse(n: u32) -> Failure {
    Failure::error(format!("{n} is refused"))
}

/// Refuses 2, panics at 3.
fn check(n: u32) -> Result<u32, Failure> {
    guard(|| match n {
        2 => Err(refuse(n)),
        3 => panic!("three"),
        n => Ok(n * 10),
    })?
}

/// What `check` makes of the rows 1, 2, 3, 4.
fn assert_checked(answered: Result<Answered<Rows<u32>>, Failure>) {
    let Answered { value, outcomes } = answered.unwrap();
    assert_eq!(value.into_seated().collect::<Vec<_>>(), [(0, 10), (3, 40)]);
    assert!(outcomes.finished.is_empty());
    assert_eq!(
        failed(&outcomes),
        [
            (1, "2 is refused".to_owned()),
            (2, "panicked: three".to_owned())
        ]
    );
}

/// Says that it is dropped by a panic, if it is not empty.
struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        assert!(self.0.is_empty(), "{} was dropped", self.0);
    }
}

#[test]
fn rows_fail_alone_one_after_another() {
    assert_checked(each_row(Rows::new(vec![1, 2, 3, 4]), check));
}

#[test]
fn the_elements_of_one_value_fail_with_the_first() {
    let called = Cell::new(0);
    let counted = |n| {
        called.set(called.get() + 1);
        check(n)
    };
    let failure = each_row(vec![1, 2, 3, 4], counted).unwrap_err();
    assert_eq!(failure.to_string(), "2 is refused");
    assert_eq!(called.get(), 2, "the record has failed already");

    let all = each_row(vec![1, 4], check).unwrap();
    assert_eq!(all.value, [10, 40]);
    assert!(all.outcomes.is_empty());
}

#[test]
fn elements_that_panic_when_they_are_let_go_do_not_reach_the_lane() {
    let elements = vec![Loud(""), Loud("the second")];
    let answered = each_row(elements, |_first| Err::<(), _>(refuse(1)));
    let failure = answered.unwrap_err();
    assert_eq!(failure.to_string(), "panicked: the second was dropped");
}

#[test]
fn rows_fail_alone_together() {
    let call = |n| async move {
        tokio::task::yield_now().await;
        match n {
            // Nobody guards the polls here but `all_rows`.
            3 => panic!("three"),
            n => check(n),
        }
    };
    assert_checked(block_on(all(Rows::new(vec![1, 2, 3, 4]), call)));
}

#[test]
fn a_panic_before_or_after_the_work_is_its_rows_alone() {
    let call = |n: u32| {
        assert_ne!(n, 1, "one is not called");
        let loud = Loud(if n == 2 { "the work" } else { "" });
        // Neither done with, nor dropped, before the future is.
        std::future::poll_fn(move |_context| {
            let _kept = &loud;
            std::task::Poll::Ready(Ok(n))
        })
    };
    let answered = block_on(all(Rows::new(vec![1, 2, 3]), call)).unwrap();
    assert_eq!(answered.value.as_slice(), [3]);
    let failed = failed(&answered.outcomes);
    assert!(failed[0].1.contains("one is not called"), "{failed:?}");
    assert_eq!(failed[1], (1, "panicked: the work was dropped".to_owned()));
}

#[test]
fn all_calls_wait_together_and_answer_in_the_order_of_the_rows() {
    // Below and above the size from which the work is woken one by one.
    for size in [1, 30, 200] {
        let barrier = Arc::new(Barrier::new(size));
        let work = all((0..size).collect::<Vec<_>>(), |n| {
            let barrier = Arc::clone(&barrier);
            async move {
                for _ in n..size {
                    tokio::task::yield_now().await;
                }
                barrier.wait().await;
                Ok(n)
            }
        });
        let answered = block_on(work).unwrap();
        assert_eq!(answered.value, (0..size).collect::<Vec<_>>());
    }
}

#[test]
fn what_is_ready_at_once_and_what_waits_keep_their_places() {
    let call = |n: usize| async move {
        for _ in 0..n % 3 {
            tokio::task::yield_now().await;
        }
        Ok(n)
    };
    let answered = block_on(all((0..100).collect::<Vec<_>>(), call)).unwrap();
    assert_eq!(answered.value, (0..100).collect::<Vec<_>>());
}

#[test]
fn the_elements_of_one_value_fail_with_the_first_of_them_once_all_have_answered() {
    let ended = Rc::new(Cell::new(0));
    let call = |n| {
        let ended = Rc::clone(&ended);
        async move {
            // The later the element, the sooner it answers.
            for _ in n..4 {
                tokio::task::yield_now().await;
            }
            ended.set(ended.get() + 1);
            check(n)
        }
    };
    let failure = block_on(all(vec![1, 2, 3, 4], call)).unwrap_err();
    assert_eq!(failure.to_string(), "2 is refused");
    assert_eq!(ended.get(), 4);
}

#[test]
fn the_work_of_all_rows_is_a_task() {
    fn assert_task<W: Future + Send + 'static>(_work: W) {}
    let shared = Arc::new(5);
    assert_task(all(Rows::new(vec![String::new()]), move |text| {
        let shared = Arc::clone(&shared);
        async move { Ok((text, shared)) }
    }));
}

#[test]
fn no_elements_are_no_calls() {
    let rows = Rows::new(Vec::<u32>::new());
    assert!(each_row(rows.clone(), check).unwrap().value.is_empty());
    let answered = block_on(all(rows, |n| std::future::ready(check(n))));
    assert!(answered.unwrap().value.is_empty());
}
