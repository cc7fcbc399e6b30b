//! What goes wrong: `Failure`, one call of the user's code; `Error`, the pipeline as a whole.
//! Compile-time findings are the macro crate's.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::types::{Arguments, Position};

/// Any error that can cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What went wrong in one call of a stage: the error it answered, or the panic that left it.
#[derive(Debug)]
pub struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    cause: Cause,
    /// How often the stage was called for it.
    attempts: usize,
    /// What the call was given, where that is kept.
    arguments: Option<Arc<Arguments>>,
}

/// Where a panic arose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arose {
    /// File, line and column.
    pub(crate) location: String,
    /// The calls on the stack, if `RUST_BACKTRACE` asks for them.
    pub(crate) backtrace: Option<String>,
}

#[derive(Debug)]
enum Cause {
    Error {
        error: BoxError,
        /// The name of its type.
        class: &'static str,
        terminal: bool,
    },
    Panic {
        text: String,
        arose: Option<Arose>,
    },
    /// No answer in this time.
    Timeout(Duration),
    /// The work went away without an answer, such as a task that the runtime cancelled, or a source broke off.
    Lost(Cow<'static, str>),
}

/// What kind of failure it is, by which it is decided what becomes of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The stage answered an error, or did not answer in time: `on_error` decides.
    Error,
    /// The stage panicked: `on_panic` decides.
    Panic,
    /// Nobody decides: the pipeline halts.
    Lost,
}

impl Failure {
    /// Whether the stage did not answer in time.
    pub(crate) fn is_timeout(&self) -> bool {
        matches!(self.0.cause, Cause::Timeout(_))
    }

    pub(crate) fn error<E: Into<BoxError>>(error: E) -> Self {
        let class = std::any::type_name::<E>();
        match error.into().downcast::<Judged>() {
            Ok(judged) => {
                let Judged {
                    error,
                    class,
                    terminal,
                } = *judged;
                Failure::of(Cause::Error {
                    error,
                    class,
                    terminal,
                })
            }
            Err(error) => {
                let terminal = is_terminal(&*error);
                Failure::of(Cause::Error {
                    error,
                    class,
                    terminal,
                })
            }
        }
    }

    pub(crate) fn panic(payload: Box<dyn Any + Send>) -> Self {
        let text = match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => match payload.downcast::<&'static str>() {
                Ok(text) => (*text).to_owned(),
                Err(payload) => {
                    // A payload whose own `Drop` panics must not end the lane.
                    std::mem::forget(payload);
                    "a panic without a message".to_owned()
                }
            },
        };
        Failure::of(Cause::Panic { text, arose: None })
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Failure::of(Cause::Timeout(after))
    }

    pub(crate) fn lost(why: impl Into<Cow<'static, str>>) -> Self {
        Failure::of(Cause::Lost(why.into()))
    }

    fn of(cause: Cause) -> Self {
        Failure(Box::new(Inner {
            cause,
            attempts: 1,
            arguments: None,
        }))
    }

    /// The same panic, with where it arose.
    pub(crate) fn arisen(mut self, at: Option<Arose>) -> Self {
        if let Cause::Panic { arose, .. } = &mut self.0.cause {
            *arose = at;
        }
        self
    }

    /// Where the panic arose, if it is one and that was noted.
    pub(crate) fn arose(&self) -> Option<&Arose> {
        match &self.0.cause {
            Cause::Panic { arose, .. } => arose.as_ref(),
            _ => None,
        }
    }

    /// The same, of a call that was given these arguments. What is known already stays.
    pub(crate) fn given(mut self, arguments: Option<Arc<Arguments>>) -> Self {
        self.0.arguments = self.0.arguments.or(arguments);
        self
    }

    /// What the call was given, where that is kept.
    pub(crate) fn arguments(&self) -> Option<&Arc<Arguments>> {
        self.0.arguments.as_ref()
    }

    /// What went wrong, and each cause of it.
    pub(crate) fn chain(&self) -> Vec<String> {
        let Cause::Error { error, .. } = &self.0.cause else {
            return vec![self.0.cause.to_string()];
        };
        let mut chain = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source {
            chain.push(cause.to_string());
            source = cause.source();
        }
        chain
    }

    /// The same, after so many calls for one value.
    pub(crate) fn after(mut self, attempts: usize) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// How often the stage was called for the value.
    pub(crate) fn attempts(&self) -> usize {
        self.0.attempts
    }

    /// Whether another call may go better: not after a panic, nor after an error that says so of itself.
    pub(crate) fn is_retryable(&self) -> bool {
        match self.0.cause {
            Cause::Error { terminal, .. } => !terminal,
            Cause::Timeout(_) => true,
            Cause::Panic { .. } | Cause::Lost(_) => false,
        }
    }

    /// The name of the error's type, as the compiler has it.
    pub(crate) fn class(&self) -> &'static str {
        match self.0.cause {
            Cause::Error { class, .. } => class,
            Cause::Panic { .. } => "panic",
            Cause::Timeout(_) => "timeout",
            Cause::Lost(_) => "lost",
        }
    }

    pub(crate) fn kind(&self) -> FailureKind {
        match self.0.cause {
            Cause::Error { .. } | Cause::Timeout(_) => FailureKind::Error,
            Cause::Panic { .. } => FailureKind::Panic,
            Cause::Lost(_) => FailureKind::Lost,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.cause.fmt(f)?;
        match self.0.attempts {
            1 => Ok(()),
            attempts => write!(f, " (after {attempts} attempts)"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Error { error, .. } => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Cause::Panic { text, .. } => write!(f, "panicked: {text}"),
            Cause::Timeout(after) => {
                let after = humantime::format_duration(*after);
                write!(f, "no answer within {after}")
            }
            Cause::Lost(why) => write!(f, "{why}"),
        }
    }
}

/// Marks an error that no further attempt mends: a stage with `retry` is not called again for it.
///
/// ```
/// use waterhealer_runtime::{BoxError, terminal};
/// fn amount(text: &str) -> Result<u64, BoxError> {
///     Ok(text.parse::<u64>().map_err(terminal)?)
/// }
/// assert_eq!(amount("x").unwrap_err().to_string(), "invalid digit found in string");
/// ```
pub fn terminal(error: impl Into<BoxError>) -> Terminal {
    Terminal(error.into())
}

/// An error that no further attempt mends, made by [`terminal`]. It is found wherever it stands among the causes of the
/// error that a stage answers.
#[derive(Debug)]
pub struct Terminal(BoxError);

impl fmt::Display for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Terminal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

fn is_terminal(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<Terminal>() || error.source().is_some_and(is_terminal)
}

/// An error of which `retry(on = …)` has said whether it may be tried again, on its way into a [`Failure`].
#[derive(Debug)]
pub struct Judged {
    error: BoxError,
    class: &'static str,
    terminal: bool,
}

impl Judged {
    pub(crate) fn new<E: Into<BoxError>>(error: E, terminal: bool) -> Self {
        Judged {
            error: error.into(),
            class: std::any::type_name::<E>(),
            terminal,
        }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Judged {}

/// Why a pipeline ended without being asked to.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What kind of thing ended a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A record failed at a stage whose policy is `halt`: what is finished before it is committed, nothing past it, or past
    /// an earlier record that was still under way.
    Halted {
        /// The stage's name.
        stage: &'static str,
        /// The record that failed.
        position: Position,
    },
    /// The configuration is wrong; each mistake is in the message, with the layer it comes from.
    Configuration,
    /// The brokers cannot be reached, refuse us, or do not have what is asked for.
    Broker,
    /// A file that a source reads is missing or may not be read.
    File,
    /// The dedupe store cannot be opened, or reached at the start.
    Store,
    /// The broker refuses to commit the group's offsets, or the last commit could not be made.
    Commit,
    /// Commits have failed, or were not answered, for longer than `commit_timeout`. A restart may help, which the exit code
    /// 75 asks a supervisor for.
    CommitTimeout,
    /// A watchdog asks for a restart, which the exit code 75 tells a supervisor: the guide's page `auto_shutdown`.
    Watchdog {
        /// Which one: `graceful_offset`, `graceful_polling`, `brokers_away`, `auto_expired` or `max_total_commit`.
        name: &'static str,
    },
    /// Another process has taken this one's place in the group, or its `transactional.id`.
    Fenced,
    /// Work was still under way when the time to finish it ran out; its records are not committed.
    Unfinished,
    /// The pipeline's own threads ended early.
    Internal,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error {
            kind,
            message: message.into(),
        }
    }

    pub(crate) fn broker(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Broker, message)
    }

    /// What kind of thing it was.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(text: &str) -> std::io::Error {
        std::io::Error::other(text.to_owned())
    }

    #[derive(Debug, thiserror::Error)]
    #[error("no price")]
    struct NoPrice(#[source] Terminal);

    #[test]
    fn an_error_says_by_its_type_whether_another_attempt_makes_sense() {
        assert!(Failure::error(io("refused")).is_retryable());
        assert!(!Failure::error(terminal(io("forbidden"))).is_retryable());
        let wrapped = Failure::error(NoPrice(terminal("no such article")));
        assert!(!wrapped.is_retryable());
        assert_eq!(wrapped.to_string(), "no price: no such article");
        let judged = Judged::new(io("refused"), true);
        let judged = Failure::error(judged);
        assert!(!judged.is_retryable());
        assert!(judged.class().ends_with("io::error::Error"));
        assert_eq!(judged.after(3).to_string(), "refused (after 3 attempts)");
        assert!(Failure::timeout(Duration::from_secs(30)).is_retryable());
        assert!(!Failure::panic(Box::new("oh")).is_retryable());
    }
}
