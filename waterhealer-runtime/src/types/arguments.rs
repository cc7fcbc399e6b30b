//! What a call of a stage was given, written down. How values are written is `observe`'s.

/// What a call was given, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// How it is written: `json`, `debug`, or `name` of its type alone.
    pub(crate) form: &'static str,
    pub(crate) text: String,
    /// Whether there was more of it than is kept.
    pub(crate) cut: bool,
}
