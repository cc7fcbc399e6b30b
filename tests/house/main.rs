//! The rules of the house, checked on the sources themselves, and the graph of a pipeline in all its forms. What the
//! programs in `ui` are refused with is compared there; that each is refused with something, and explained, is checked here.

mod bad_days;
mod coverage;
mod deploy;
mod examples;
mod explain;
mod files;
mod graphs;
mod imports;
mod messages;
mod sources;
mod words;
