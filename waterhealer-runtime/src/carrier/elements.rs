//! Each element of a batch, one after another or together: what `foreach_map` and `foreach_async` are made of. Rows that
//! came from many records fail alone; the elements of one record's value fail together.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_util::future::join_all;

use super::rows::{Answered, Leave, Outcomes, Rows};
use crate::error::Failure;
use crate::guard::{Given, guard};

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Rows<T> {}
    impl<T> Sealed for Vec<T> {}
}

/// A value with elements that a stage takes one by one: the rows of a batch, or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no elements that a stage could take one by one",
    label = "is neither the rows of a batch nor a `Vec`",
    note = "take it with `#[map]`, or feed this stage from a batch, as `from = node.partition(…)` gives it, or from a stage that answers a `Vec`"
)]
pub trait Elements: sealed::Sealed {
    /// One element.
    type Item;
    /// As many elements of another type.
    type With<U>;
    /// What is left when the elements are taken out.
    #[doc(hidden)]
    type Shape;
    #[doc(hidden)]
    fn only(item: Self::Item) -> Self;
    #[doc(hidden)]
    fn apart(self) -> (Vec<Self::Item>, Self::Shape);
    #[doc(hidden)]
    fn gather<U>(
        shape: Self::Shape,
        answers: impl Iterator<Item = Result<U, Failure>>,
    ) -> Result<Answered<Self::With<U>>, Failure>;
}

impl<T> Elements for Rows<T> {
    type Item = T;
    type With<U> = Rows<U>;
    type Shape = Option<Vec<u32>>;

    fn only(item: T) -> Self {
        Rows::new(vec![item])
    }

    fn apart(self) -> (Vec<T>, Self::Shape) {
        Rows::apart(self)
    }

    /// A row that fails, fails alone.
    fn gather<U>(
        seats: Self::Shape,
        answers: impl Iterator<Item = Result<U, Failure>>,
    ) -> Result<Answered<Rows<U>>, Failure> {
        let mut outcomes = Outcomes::default();
        let answers = answers.map(|answer| answer.map_err(Leave::Failed));
        let value = Rows::sift(seats, answers, &mut outcomes);
        Ok(Answered { value, outcomes })
    }
}

impl<T> Elements for Vec<T> {
    type Item = T;
    type With<U> = Vec<U>;
    type Shape = ();

    fn only(item: T) -> Self {
        vec![item]
    }

    fn apart(self) -> (Vec<T>, ()) {
        (self, ())
    }

    /// The elements are one record's, so the first that fails is the record's failure.
    fn gather<U>(
        (): (),
        answers: impl Iterator<Item = Result<U, Failure>>,
    ) -> Result<Answered<Vec<U>>, Failure> {
        Ok(Answered {
            value: answers.collect::<Result<_, _>>()?,
            outcomes: Outcomes::default(),
        })
    }
}

/// Calls `call` for each element, one after another. `call` guards the user's code, so that a panic fails its row alone.
///
/// # Errors
/// For a `Vec`, the first failure of an element; those after it are not called. For `Rows`, only a panic outside of what
/// `call` guards: a row that fails is in the outcomes.
pub fn each_row<V: Elements, U>(
    value: V,
    call: impl FnMut(V::Item) -> Result<U, Failure>,
) -> Result<Answered<V::With<U>>, Failure> {
    // Elements that are let go after a failure are dropped, which is the user's code too.
    guard(move || {
        let (items, shape) = value.apart();
        V::gather(shape, items.into_iter().map(call))
    })?
}

/// Calls `call` for each element and waits for all of them together. What they answer keeps the order of the elements, and
/// a panic fails the element in whose call it was. With the work of each element comes what is known of its call.
///
/// # Errors
/// For a `Vec`, the first failure in the order of its elements, once all have answered. For `Rows`, none: a row that fails is
/// in the outcomes.
pub async fn all_rows<V: Elements, U, K, F>(
    value: V,
    mut call: impl FnMut(V::Item) -> (K, F),
) -> Result<Answered<V::With<U>>, Failure>
where
    K: Given<U>,
    F: Future<Output = Result<U, Failure>>,
{
    let (items, shape) = value.apart();
    let works = items.into_iter().map(|item| alone(guard(|| call(item))));
    let answers = together(works).await;
    V::gather(shape, answers)
}

/// Waits for all, and gives their answers in order. Each is polled once before they wait together: most are ready by then, and
/// take turns in one place.
async fn together<F: Future>(works: impl Iterator<Item = F>) -> impl Iterator<Item = F::Output> {
    let mut early: Vec<Option<F::Output>> = Vec::with_capacity(works.size_hint().0);
    let mut waiting: Vec<Pin<Box<F>>> = Vec::new();
    let mut place: Option<Pin<Box<F>>> = None;
    for work in works {
        let mut work = match place.take() {
            Some(mut place) => {
                place.set(work);
                place
            }
            None => Box::pin(work),
        };
        match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
            Poll::Ready(answer) => {
                early.push(Some(answer));
                place = Some(work);
            }
            Poll::Pending => {
                early.push(None);
                waiting.push(work);
            }
        }
    }
    let mut late = match waiting.is_empty() {
        true => Vec::new(),
        false => join_all(waiting).await,
    }
    .into_iter();
    early
        .into_iter()
        .filter_map(move |answer| answer.or_else(|| late.next()))
}

/// Waits for one element's work. Its panics, when it is called, polled or dropped, do not reach the others.
async fn alone<U, K, F>(work: Result<(K, F), Failure>) -> Result<U, Failure>
where
    K: Given<U>,
    F: Future<Output = Result<U, Failure>>,
{
    let (given, work) = work?;
    let mut work = pin!(Some(work));
    let answer = poll_fn(|context| {
        let polled = guard(|| match work.as_mut().as_pin_mut() {
            Some(work) => work.poll(context),
            None => Poll::Pending,
        });
        polled.unwrap_or_else(|panic| Poll::Ready(Err(panic)))
    })
    .await;
    given.tell(guard(|| work.set(None)).and(answer))
}
