//! Tests of `Batch` as the lane sees it: what is lent, what comes back, and what became of the rest.

use std::future::ready;

use proptest::prelude::*;

use super::super::{
    Answered, AsyncBatchStage, Batch, Brand, Done, Outcomes, Rows, Sealed, lend_batch,
    lend_batch_async, with_batch,
};
use super::{block_on, failed, ticket};
use crate::error::{Failure, FailureKind};
use crate::ledger::Ledger;

/// Lends `rows` to a stage.
fn stage<T, U>(
    rows: Rows<T>,
    stage: impl for<'record> FnOnce(Batch<'record, T>) -> Batch<'record, U>,
) -> Result<Answered<Rows<U>>, Failure> {
    let mut ledger = Ledger::new();
    let ticket = ticket(&mut ledger);
    let answer = lend_batch(rows, &ticket, |brand, batch| brand.seal_batch(stage(batch)));
    ledger.settle(ticket);
    answer
}

/// Lends `rows` to a sink.
fn sink<T>(
    rows: Vec<T>,
    sink: impl for<'record> FnOnce(Batch<'record, T>) -> Result<Done<'record>, String>,
) -> Result<Answered<()>, Failure> {
    let mut ledger = Ledger::new();
    let ticket = ticket(&mut ledger);
    let answer = lend_batch(Rows::new(rows), &ticket, |brand, batch| {
        brand.seal_batch_done(sink(batch))
    });
    ledger.settle(ticket);
    answer
}

fn seated<T>(rows: Rows<T>) -> Vec<(u32, T)> {
    rows.into_seated().collect()
}

#[test]
fn rows_keep_their_seats_through_every_change() {
    let rows = Rows::new(vec![30, 10, 20, 10, 0]);
    let answered = stage(rows, |batch| {
        batch
            .retain(|n| *n > 0)
            .sort_by_key(|n| *n)
            .dedup_by(|a, b| a == b)
            .try_map(|n| match n {
                20 => Err("no twenties"),
                n => Ok(n + 1),
            })
    });
    let Answered { value, outcomes } = answered.unwrap();
    assert_eq!(seated(value), [(1, 11), (0, 31)]);
    assert_eq!(outcomes.finished, [4, 3]);
    assert_eq!(failed(&outcomes), [(2, "no twenties".to_owned())]);
}

#[test]
fn a_batch_that_nothing_leaves_has_no_outcomes_and_needs_no_seats() {
    let answered = stage(Rows::new(vec![1, 2]), |batch| {
        batch
            .retain(|_| true)
            .try_map(Ok::<_, String>)
            .try_for_each(|_| Ok::<_, String>(()))
    });
    let Answered { value, outcomes } = answered.unwrap();
    assert!(outcomes.is_empty());
    let (values, seats) = value.apart();
    assert_eq!((values, seats), (vec![1, 2], None));
}

#[test]
fn seats_stay_those_of_the_first_batch_from_stage_to_stage() {
    let first = stage(Rows::new(vec!['a', 'b', 'c', 'd']), |batch| {
        batch.retain(|letter| *letter != 'b')
    });
    let second = stage(first.unwrap().value, |batch| {
        batch.retain(|letter| *letter != 'c')
    });
    let second = second.unwrap();
    assert_eq!(seated(second.value), [(0, 'a'), (3, 'd')]);
    assert_eq!(second.outcomes.finished, [2]);
}

#[test]
fn rows_that_failed_before_a_sink_was_done_have_failed_all_the_same() {
    let answered = sink(vec![1, 2, 3], |batch| {
        let batch = batch.retain(|n| *n != 1).try_for_each(|n| match n {
            2 => Err("not two"),
            _ => Ok(()),
        });
        assert_eq!(*batch, [3]);
        Ok(batch.done())
    });
    let outcomes = answered.unwrap().outcomes;
    assert_eq!(outcomes.finished, [0]);
    assert_eq!(failed(&outcomes), [(1, "not two".to_owned())]);
}

#[test]
fn an_error_or_a_panic_fails_the_whole_batch() {
    let error = sink(vec![1, 2], |batch| {
        drop(batch.retain(|n| *n == 1));
        Err("no connection".to_owned())
    });
    let error = error.unwrap_err();
    assert!(error.kind() == FailureKind::Error);
    assert_eq!(error.to_string(), "no connection");

    let panic = stage(Rows::new(vec![1, 2]), |batch| {
        batch.map(|n| assert!(n < 2, "two is too many"))
    });
    let panic = panic.unwrap_err();
    assert!(panic.kind() != FailureKind::Error);
    assert_eq!(panic.to_string(), "panicked: two is too many");
}

#[test]
fn another_number_of_values_fails_the_whole_batch_and_says_both() {
    let why = "the batch has 3 rows, but 2 values were put in their place: there must be one for each row";
    let answered = stage(Rows::new(vec![1, 2, 3]), |batch| {
        let batch = batch.replace_with(|_| vec!["one", "two"]);
        assert!(batch.is_empty(), "a stage must not go on with some of them");
        // Neither a fit later on, nor another misfit, changes what happened.
        batch.put(vec![(); 3]).map(|()| "three").put(vec![(); 5])
    });
    let failure = answered.unwrap_err();
    assert!(
        failure.kind() == FailureKind::Error,
        "the stage's policy decides"
    );
    assert_eq!(failure.to_string(), why);

    let answered = sink(vec![1, 2, 3], |batch| Ok(batch.put(vec![0; 2]).done()));
    assert_eq!(answered.unwrap_err().to_string(), why);
}

#[test]
fn values_are_put_into_the_seats_that_are_left() {
    let answered = stage(Rows::new(vec![1, 2, 3]), |batch| {
        let (values, rest) = batch.retain(|n| *n != 2).take();
        assert_eq!((values.as_slice(), rest.len()), ([1, 3].as_slice(), 2));
        let doubled = values.into_iter().map(|n| n * 2).collect();
        rest.put(doubled).try_replace_with(Ok::<_, String>).unwrap()
    });
    let Answered { value, outcomes } = answered.unwrap();
    assert_eq!(seated(value), [(0, 2), (2, 6)]);
    assert_eq!(outcomes.finished, [1]);
}

#[test]
fn chunks_cover_the_rows_in_order_whatever_their_size() {
    let chunks = |n: usize| {
        let mut seen = Vec::new();
        with_batch(vec![1, 2, 3], |batch| {
            let batch = batch.for_each_chunk(n, |chunk| seen.push(chunk.to_vec()));
            assert_eq!(*batch, [1, 2, 3]);
        });
        seen
    };
    assert_eq!(chunks(2), [vec![1, 2], vec![3]]);
    assert_eq!(chunks(usize::MAX), [vec![1, 2, 3]]);
    assert_eq!(chunks(0), [[1], [2], [3]]);
    with_batch(Vec::<u8>::new(), |batch| {
        drop(batch.for_each_chunk(0, |_| panic!("there is no chunk")));
    });
}

#[test]
fn a_batch_is_read_as_a_slice_and_lends_its_rows_in_order() {
    with_batch(vec![3, 1], |batch| {
        assert_eq!((batch.len(), batch[1], batch.first()), (2, 1, Some(&3)));
        let mut seen: Vec<i32> = (&batch).into_iter().copied().collect();
        let batch = batch.for_each(|n| seen.push(*n));
        assert_eq!(seen, [3, 1, 3, 1]);
        assert_eq!(format!("{batch:?}"), "Batch { rows: [3, 1], .. }");
    });
}

#[test]
fn another_batch_with_a_forged_lifetime_is_found() {
    let answered = stage(Rows::new(vec![1]), |batch| Batch {
        rows: Rows::new(vec![2]),
        serial: (7, 1),
        outcomes: Ok(Outcomes::default()),
        brand: batch.brand,
    });
    let failure = answered.unwrap_err();
    assert!(failure.kind() != FailureKind::Error);
    assert!(failure.to_string().contains("another record"), "{failure}");
}

/// Asks a service for all rows at once; it answers with an error for odd ones.
struct Ask;

impl AsyncBatchStage for Ask {
    type In = u32;
    type Value = Rows<String>;

    async fn call<'record>(
        self,
        brand: Brand<'record>,
        batch: Batch<'record, u32>,
    ) -> Sealed<Answered<Rows<String>>> {
        let (values, rest) = batch.take();
        tokio::task::yield_now().await;
        let answers = values.iter().map(|n| match n % 2 {
            0 => Ok(n.to_string()),
            _ => Err(format!("{n} is odd")),
        });
        let answers = ready(answers.collect()).await;
        brand.seal_batch(rest.put(answers).try_map(|answer| answer))
    }
}

#[test]
fn a_batch_is_held_across_await() {
    fn assert_task<R>(work: impl Future<Output = R> + Send + 'static) -> impl Future<Output = R> {
        work
    }
    let mut ledger = Ledger::new();
    let ticket = ticket(&mut ledger);
    let work = assert_task(lend_batch_async(Rows::new(vec![2, 3, 4]), &ticket, Ask));
    ledger.settle(ticket);
    let Answered { value, outcomes } = block_on(work).unwrap();
    assert_eq!(seated(value), [(0, "2".to_owned()), (2, "4".to_owned())]);
    assert_eq!(failed(&outcomes), [(1, "3 is odd".to_owned())]);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Retain(u32),
    Fail(u32),
    FailToLook(u32),
    Sort(u32),
    Dedup(u32),
    Refill,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..5u32).prop_map(Step::Retain),
        (1..5u32).prop_map(Step::Fail),
        (1..5u32).prop_map(Step::FailToLook),
        (1..50u32).prop_map(Step::Sort),
        (1..5u32).prop_map(Step::Dedup),
        Just(Step::Refill),
    ]
}

proptest! {
    #[test]
    fn every_seat_ends_once_and_with_its_own_row(len in 0..40u32, steps in prop::collection::vec(step(), 0..8)) {
        // Each row is the number of its seat.
        let answered = stage(Rows::new((0..len).collect()), |mut batch| {
            for step in steps {
                batch = match step {
                    Step::Retain(n) => batch.retain(|row| row % n != 1),
                    Step::Fail(n) => batch.try_map(|row| if row % n == 2 { Err("no") } else { Ok(row) }),
                    Step::FailToLook(n) => batch.try_for_each(|row| if row % n == 3 { Err("no") } else { Ok(()) }),
                    Step::Sort(n) => batch.sort_by_key(|row| (row * 17) % n),
                    Step::Dedup(n) => batch.dedup_by(|a, b| a / n == b / n),
                    Step::Refill => batch.replace_with(|rows| rows),
                };
            }
            batch
        });
        let Answered { value, outcomes } = answered.unwrap();
        let mut seats = Vec::new();
        for (seat, row) in value.into_seated() {
            prop_assert_eq!(seat, row);
            seats.push(seat);
        }
        seats.extend(&outcomes.finished);
        seats.extend(outcomes.failed.iter().map(|(seat, _)| *seat));
        seats.sort_unstable();
        prop_assert_eq!(seats, (0..len).collect::<Vec<_>>());
    }
}
