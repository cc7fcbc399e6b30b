//! From tokens to what was written: the module, its node functions, their attributes. Parsing reports what cannot be read
//! and goes on; whether what was read makes sense is for `check`.

pub(crate) mod breaker;
pub(crate) mod edge;
pub(crate) mod function;
pub(crate) mod handling;
pub(crate) mod module;
pub(crate) mod node;
pub(crate) mod option;
pub(crate) mod pipeline;
pub(crate) mod value;
pub(crate) mod watchdogs;
