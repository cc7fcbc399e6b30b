//! What a call is given, kept in case that it fails: a clone where there can be one, else the value written down beforehand.
//! Which, is decided where the code is compiled, as in `sheet`. Whether it is kept at all is the lane's to say.

use std::sync::Arc;

use super::sheet::Sheet;
use crate::carrier::Answered;
use crate::error::Failure;
use crate::guard::{Given, guard};
use crate::types::Arguments;

/// As many bytes of a value are written down.
const LIMIT: usize = 256 << 10;

/// What a call was given.
pub struct Spare<T> {
    kept: Kept<T>,
    show: fn(&T, &mut Sheet),
}

enum Kept<T> {
    Clone(T),
    Written(Arc<Arguments>),
    /// It is let go.
    Gone,
}

/// What a call over a batch was given: a row that fails alone was given with all others.
pub struct PerRow<T>(pub Option<Spare<T>>);

/// A value about to be cloned, if it can be. Generated code calls `copied` on a reference to a reference to it.
#[derive(Debug)]
pub struct Copied<'a, T>(pub &'a T);

/// A value that can be cloned.
pub trait CopyClone<T> {
    /// A clone.
    fn copied(&self) -> Option<T>;
}

/// A value that cannot.
pub trait CopyNone<T> {
    /// Nothing.
    fn copied(&self) -> Option<T>;
}

impl<T: Clone> CopyClone<T> for &Copied<'_, T> {
    #[inline]
    fn copied(&self) -> Option<T> {
        Some(self.0.clone())
    }
}

impl<T> CopyNone<T> for Copied<'_, T> {
    #[inline]
    fn copied(&self) -> Option<T> {
        None
    }
}

/// What a call is about to be given, if it is to be kept.
#[inline]
pub fn given<T>(
    keeps: bool,
    value: &T,
    copy: fn(&T) -> Option<T>,
    show: fn(&T, &mut Sheet),
) -> Option<Spare<T>> {
    keeps.then(|| keep(value, copy, show))
}

/// As [`given`], of a call that may go to another thread: written down beforehand, so that nothing of the value's type goes along, about
/// which the compiler would speak in place of the user's own future.
#[inline]
pub fn given_apart<T>(keeps: bool, value: &T, show: fn(&T, &mut Sheet)) -> Option<Spare<()>> {
    keeps.then(|| Spare {
        kept: Kept::Written(written(value, show)),
        show: |(), _| {},
    })
}

#[cold]
fn keep<T>(value: &T, copy: fn(&T) -> Option<T>, show: fn(&T, &mut Sheet)) -> Spare<T> {
    let kept = match guard(|| copy(value)) {
        Ok(Some(clone)) => Kept::Clone(clone),
        // What cannot be cloned, or panics when it is.
        Ok(None) | Err(_) => Kept::Written(written(value, show)),
    };
    Spare { kept, show }
}

/// The value written down, by the user's code.
pub(crate) fn written<T>(value: &T, show: fn(&T, &mut Sheet)) -> Arc<Arguments> {
    let sheet = guard(|| {
        let mut sheet = Sheet::new(LIMIT);
        show(value, &mut sheet);
        sheet
    });
    Arc::new(match sheet {
        Ok(sheet) => Arguments {
            form: sheet.form().map_or("name", super::sheet::Form::name),
            text: sheet.text().to_owned(),
            cut: sheet.is_cut(),
        },
        Err(panic) => Arguments {
            form: "name",
            text: format!("{} (writing it {panic})", std::any::type_name::<T>()),
            cut: false,
        },
    })
}

impl<T> Spare<T> {
    /// What the call was given, written down.
    #[cold]
    fn written(&self) -> Option<Arc<Arguments>> {
        match &self.kept {
            Kept::Clone(value) => Some(written(value, self.show)),
            Kept::Written(written) => Some(Arc::clone(written)),
            Kept::Gone => None,
        }
    }
}

impl<T> Drop for Spare<T> {
    /// The clone's `Drop` is the user's code.
    fn drop(&mut self) {
        let kept = std::mem::replace(&mut self.kept, Kept::Gone);
        let _copy = guard(|| drop(kept));
    }
}

impl<V, T> Given<V> for Option<Spare<T>> {
    #[inline]
    fn tell(&self, outcome: Result<V, Failure>) -> Result<V, Failure> {
        match (self, outcome) {
            (Some(spare), Err(failure)) => Err(failure.given(spare.written())),
            (_, outcome) => outcome,
        }
    }
}

impl<V, T> Given<Answered<V>> for PerRow<T> {
    #[inline]
    fn tell(&self, outcome: Result<Answered<V>, Failure>) -> Result<Answered<V>, Failure> {
        let Some(spare) = &self.0 else {
            return outcome;
        };
        match outcome {
            Ok(mut answered) if !answered.outcomes.failed.is_empty() => {
                let written = spare.written();
                let failed = std::mem::take(&mut answered.outcomes.failed).into_iter();
                let failed = failed.map(|(seat, failure)| (seat, failure.given(written.clone())));
                answered.outcomes.failed = failed.collect();
                Ok(answered)
            }
            Ok(answered) => Ok(answered),
            Err(failure) => Err(failure.given(spare.written())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::{ShowDebug as _, ShowJson as _, ShowName as _, Shown};

    macro_rules! given {
        ($value:expr) => {
            given(
                true,
                &$value,
                |value| (&&Copied(value)).copied(),
                |value, sheet| (&&&Shown(value)).show(sheet),
            )
        };
    }

    fn told<T>(spare: Option<Spare<T>>) -> Arc<Arguments> {
        let failed: Result<(), _> = spare.tell(Err(Failure::lost("gone")));
        Arc::clone(failed.unwrap_err().arguments().expect("they are kept"))
    }

    #[derive(serde::Serialize)]
    struct Only(u8);

    #[derive(Clone)]
    struct Nothing;

    #[test]
    fn what_can_be_cloned_is_written_when_it_is_needed() {
        let spare = given!(vec![1, 2]);
        assert!(matches!(
            spare.as_ref().map(|spare| &spare.kept),
            Some(Kept::Clone(_))
        ));
        let told = told(spare);
        assert_eq!((told.form, told.text.as_str()), ("json", "[1,2]"));
    }

    #[test]
    fn what_cannot_be_cloned_is_written_beforehand() {
        let spare = given!(Only(7));
        assert!(matches!(
            spare.as_ref().map(|spare| &spare.kept),
            Some(Kept::Written(_))
        ));
        assert_eq!(told(spare).text, "7");
    }

    #[test]
    fn what_has_only_debug_is_written_as_that_has_it() {
        #[derive(Debug)]
        struct Told(#[expect(dead_code, reason = "it is printed")] u8);
        let told = told(given!(Told(7)));
        assert_eq!((told.form, told.text.as_str()), ("debug", "Told(7)"));
    }

    #[test]
    fn of_what_cannot_be_written_the_type_is_told() {
        let told = told(given!(Nothing));
        assert_eq!(told.form, "name");
        assert!(told.text.ends_with("Nothing"), "{}", told.text);
    }

    #[test]
    fn a_clone_that_panics_harms_nobody() {
        #[derive(serde::Serialize)]
        struct Bad;
        impl Clone for Bad {
            fn clone(&self) -> Self {
                panic!("no clone")
            }
        }
        assert_eq!(told(given!(Bad)).text, "null");
    }

    #[test]
    fn nothing_is_kept_unless_it_is_asked_for() {
        let spare: Option<Spare<u8>> = given(false, &1, |_| panic!("asked"), |_, _| {});
        assert!(spare.is_none());
    }
}
