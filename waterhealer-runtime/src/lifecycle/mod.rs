//! How long a pipeline lives: watchdogs that ask for its end, to be started anew (`auto_shutdown`). `watchdogs` judges and is
//! pure: no clock, no thread; `figures` is what it judges by; `watch` looks now and then, and has the pipeline end. What a
//! program makes of that is `runner`'s.

mod figures;
mod watch;
mod watchdogs;

pub(crate) use watch::{Watch, polls_within};
