//! What goes wrong: `Failure`, one call of the user's code; `Error`, the pipeline as a whole.
//! Compile-time findings are the macro crate's.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use crate::types::Position;

/// Any error that can cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What went wrong in one call of a stage: the error it answered, or the panic that left it.
#[derive(Debug)]
pub struct Failure(Box<Cause>);

#[derive(Debug)]
enum Cause {
    /// The error and the name of its type.
    Error(BoxError, &'static str),
    Panic(String),
    /// The work went away without an answer, such as a task that the runtime cancelled, or a source broke off.
    Lost(Cow<'static, str>),
}

impl Failure {
    pub(crate) fn error<E: Into<BoxError>>(error: E) -> Self {
        let class = std::any::type_name::<E>();
        Failure(Box::new(Cause::Error(error.into(), class)))
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
        Failure(Box::new(Cause::Panic(text)))
    }

    pub(crate) fn lost(why: impl Into<Cow<'static, str>>) -> Self {
        Failure(Box::new(Cause::Lost(why.into())))
    }

    /// Whether a policy for errors may decide about it; a panic or lost work never may.
    pub(crate) fn is_error(&self) -> bool {
        matches!(*self.0, Cause::Error(..))
    }

    /// The name of the error's type, as the compiler has it.
    pub(crate) fn class(&self) -> &'static str {
        match *self.0 {
            Cause::Error(_, class) => class,
            Cause::Panic(_) => "panic",
            Cause::Lost(_) => "lost",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Cause::Error(error, _) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Cause::Panic(text) => write!(f, "panicked: {text}"),
            Cause::Lost(why) => write!(f, "{why}"),
        }
    }
}

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
    /// The group's offsets could not be committed.
    Commit,
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
