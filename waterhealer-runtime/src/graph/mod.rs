//! The pipeline as the macro describes it: its nodes and edges as data. Drawing it is `render`; the trait by which a lane
//! runs it is in `flow`.

mod render;
mod spec;

pub use render::Format;
pub(crate) use spec::Keep;
pub use spec::{Cardinality, Edge, Handling, NodeKind, NodeSpec, OnError, OrderBy, Retry, Spec};

/// The emitted value of a pipeline without `#[source(emit)]`: there is none.
#[derive(Debug)]
pub enum NoEmit {}
