//! The pipeline as the macro describes it: its nodes and edges as data. Drawing it is `render`; the trait by which a lane
//! runs it is in `flow`.

mod handling;
mod path;
mod policy;
mod render;
mod spec;

pub use handling::{Handling, OrderBy, Retry};
pub(crate) use policy::Keeps;
pub use policy::{Breaker, DeadLetter, OnError, Share, Style};
pub use render::Format;
pub use spec::{Cardinality, Edge, NodeKind, NodeSpec, Spec};

/// The emitted value of a pipeline without `#[source(emit)]`: there is none.
#[derive(Debug)]
pub enum NoEmit {}
