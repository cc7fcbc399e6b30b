//! The rules of the house, checked on the sources themselves, and the graphs of pipelines. What the
//! programs in `ui` are refused with is compared there; that each is refused with something is checked here.

mod examples;
mod files;
mod graphs;
mod imports;
mod messages;
mod sources;
mod words;
