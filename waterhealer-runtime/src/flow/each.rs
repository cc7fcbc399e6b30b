//! The outputs of a `flat_map`, one after another: the iterator is the user's code, so each step is guarded.

use crate::error::Failure;
use crate::guard::guard;

/// Walks over the values that a `flat_map` answered.
pub struct Each<I>(State<I>);

enum State<I> {
    Walking(I),
    Failed(Option<Failure>),
}

impl<I> Each<I> {
    /// Starts the walk.
    #[inline]
    pub fn new(values: impl IntoIterator<IntoIter = I>) -> Self {
        match guard(|| values.into_iter()) {
            Ok(values) => Each(State::Walking(values)),
            Err(failure) => Each(State::Failed(Some(failure))),
        }
    }

    /// The next value, or the panic that came in its place; after a panic, nothing.
    #[inline]
    #[expect(
        clippy::should_implement_trait,
        reason = "generated code calls it without the trait in scope"
    )]
    pub fn next<T>(&mut self) -> Option<Result<T, Failure>>
    where
        I: Iterator<Item = T>,
    {
        match &mut self.0 {
            State::Walking(values) => match guard(|| values.next()) {
                Ok(next) => next.map(Ok),
                Err(failure) => {
                    self.0 = State::Failed(None);
                    Some(Err(failure))
                }
            },
            State::Failed(failure) => failure.take().map(Err),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_the_iterator_is_one_failure_and_the_end() {
        let mut each = Each::new((1..).map(|n| if n == 3 { panic!("three") } else { n }));
        assert_eq!(each.next().unwrap().unwrap(), 1);
        assert_eq!(each.next().unwrap().unwrap(), 2);
        assert!(
            each.next()
                .unwrap()
                .unwrap_err()
                .to_string()
                .contains("three")
        );
        assert!(each.next().is_none());
    }
}
