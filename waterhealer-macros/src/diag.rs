//! The one accumulator of mistakes: all stages report here, and the user sees everything in one run.
//! What can be reported is in `message`; when it is, in `parse` and `check`.

use std::cell::{Cell, RefCell};
use std::fmt::Display;

use quote::ToTokens;
use syn::Error;

use crate::message::Message;

/// Mistakes found so far. Must be asked with [`Diagnostics::finish`] before it is dropped.
pub(crate) struct Diagnostics {
    found: RefCell<Vec<Finding>>,
    asked: Cell<bool>,
}

struct Finding {
    error: Error,
    #[cfg(test)]
    code: &'static str,
}

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Diagnostics {
            found: RefCell::new(Vec::new()),
            asked: Cell::new(false),
        }
    }

    /// Reports a mistake, with the caret under `tokens`.
    pub(crate) fn report(
        &self,
        message: &'static Message,
        tokens: impl ToTokens,
        words: &[(&str, &dyn Display)],
    ) {
        self.found.borrow_mut().push(Finding {
            error: Error::new_spanned(tokens, message.render(words)),
            #[cfg(test)]
            code: message.code,
        });
    }

    /// The gate between checking and code generation: all mistakes as one error, or none.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        self.asked.set(true);
        let mut errors = self.found.take().into_iter().map(|finding| finding.error);
        let Some(mut all) = errors.next() else {
            return Ok(());
        };
        for error in errors {
            all.combine(error);
        }
        Err(all)
    }

    /// What was reported, in order: the code, the source text above the caret, the message.
    #[cfg(test)]
    pub(crate) fn findings(&self) -> Vec<(&'static str, String, String)> {
        self.asked.set(true);
        let found = self.found.borrow();
        let findings = found.iter().map(|Finding { error, code }| {
            (
                *code,
                error.span().source_text().unwrap_or_default(),
                error.to_string(),
            )
        });
        findings.collect()
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        debug_assert!(
            self.asked.get() || std::thread::panicking(),
            "mistakes were collected and never looked at"
        );
    }
}
