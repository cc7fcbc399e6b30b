//! The guide: how to write a pipeline, run it, configure it, and what holds when things go wrong. No code lives here.
//!
//! - [`writing`]: nodes, edges, parameters, answers
//! - [`carriers`]: `Tracked<T>`, and what the compiler refuses
//! - [`running`]: the command line, the configuration, the handle
//! - [`delivery`]: what is promised, and what is not
//! - [`rules`]: each code of a message (WH0001, …): why, a refused program, the mended one

#[doc = include_str!("writing.md")]
pub mod writing {}

#[doc = include_str!("carriers.md")]
pub mod carriers {}

#[doc = include_str!("running.md")]
pub mod running {}

#[doc = include_str!("delivery.md")]
pub mod delivery {}

pub mod rules;
