//! The state of an `#[accumulate]`: taken by each call and given back changed. It holds values, never tickets; the record
//! of a call is finished when what the call gave is.

use crate::carrier::FanOut;
use crate::error::Failure;
use crate::guard::guard;

/// What goes from call to call.
#[derive(Debug)]
pub struct State<S>(Option<S>);

impl<S> State<S> {
    /// The state that the first call takes.
    pub fn new(start: S) -> Self {
        State(Some(start))
    }

    /// A call that gives the next state, of which a clone goes on.
    ///
    /// # Errors
    /// The call's, which has taken the state with it: the pipeline halts.
    pub fn step(&mut self, call: impl FnOnce(S) -> Result<S, Failure>) -> Result<S, Failure>
    where
        S: FanOut,
    {
        let next = call(self.take()?)?;
        let given = guard(|| next.clone())?;
        self.0 = Some(next);
        Ok(given)
    }

    /// As [`step`](State::step), for a pipeline that goes on after an error: the state stays as it was before the call.
    ///
    /// # Errors
    /// The call's.
    pub fn step_kept(&mut self, call: impl FnOnce(S) -> Result<S, Failure>) -> Result<S, Failure>
    where
        S: FanOut,
    {
        let kept = self.copy()?;
        let outcome = self.step(call);
        self.restore(kept, outcome.is_err());
        outcome
    }

    /// A call that gives the next state and the value that goes on.
    ///
    /// # Errors
    /// The call's, which has taken the state with it: the pipeline halts.
    pub fn step_apart<R>(
        &mut self,
        call: impl FnOnce(S) -> Result<(S, R), Failure>,
    ) -> Result<R, Failure> {
        let (next, given) = call(self.take()?)?;
        self.0 = Some(next);
        Ok(given)
    }

    /// As [`step_apart`](State::step_apart), for a pipeline that goes on after an error.
    ///
    /// # Errors
    /// The call's.
    pub fn step_apart_kept<R>(
        &mut self,
        call: impl FnOnce(S) -> Result<(S, R), Failure>,
    ) -> Result<R, Failure>
    where
        S: FanOut,
    {
        let kept = self.copy()?;
        let outcome = self.step_apart(call);
        self.restore(kept, outcome.is_err());
        outcome
    }

    fn take(&mut self) -> Result<S, Failure> {
        let state = self.0.take();
        state.ok_or_else(|| Failure::lost("the state was lost in a call that failed before"))
    }

    fn copy(&self) -> Result<Option<S>, Failure>
    where
        S: FanOut,
    {
        guard(|| self.0.clone())
    }

    fn restore(&mut self, kept: Option<S>, failed: bool) {
        if failed {
            self.0 = kept;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing<T>() -> Result<T, Failure> {
        Err(Failure::error("no"))
    }

    #[test]
    fn each_call_takes_what_the_one_before_gave() {
        let mut sum = State::new(0);
        assert_eq!(sum.step(|sum| Ok(sum + 2)).unwrap(), 2);
        assert_eq!(sum.step(|sum| Ok(sum + 3)).unwrap(), 5);
        assert_eq!(sum.step_apart(|sum| Ok((sum + 1, "six"))).unwrap(), "six");
        assert_eq!(sum.step(Ok).unwrap(), 6);
    }

    #[test]
    fn a_kept_state_survives_an_error_and_another_does_not() {
        let mut sum = State::new(7);
        assert!(sum.step_kept(|_| failing()).is_err());
        assert!(sum.step_apart_kept::<()>(|_| failing()).is_err());
        assert_eq!(sum.step(Ok).unwrap(), 7);
        assert!(sum.step(|_| failing()).is_err());
        assert!(sum.step(Ok).is_err());
    }
}
