//! For tests: a whole pipeline driven with no broker and a clock moved by hand ([`drive`]), and stages alone ([`with`],
//! [`with_batch`]).
//!
//! [`drive`] takes a pipeline in place of its `run`, and gives a [`Drive`]: records are pushed in, the clock is moved,
//! partitions come and go, and at any moment one can ask how far each could be committed, what operators hold, and what has
//! failed.
//!
//! ```
//! use std::sync::Mutex;
//! use std::time::Duration;
//! use waterhealer::prelude::*;
//!
//! /// What the stages share; a test looks into it.
//! #[derive(Default)]
//! pub struct Ledger(Mutex<Vec<u64>>);
//!
//! #[pipeline(group = "sums")]
//! mod sums {
//!     use super::*;
//!
//!     #[source(topic = "amounts", on_error = skip)]
//!     fn amount(record: &Record<'_>) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
//!         Ok(record.text()?.parse()?)
//!     }
//!
//!     #[map(from = amount.partition(3, within = "1s"))]
//!     fn sum(amounts: Vec<u64>) -> u64 {
//!         amounts.iter().sum()
//!     }
//!
//!     #[sink(from = sum)]
//!     fn write(sum: u64, ledger: &Ledger) {
//!         ledger.0.lock().unwrap().push(sum);
//!     }
//! }
//!
//! # fn main() {
//! # // In a test of one's own: `#[test] fn sums_are_written() {`
//! let ledger = Ledger::default();
//! let mut test = waterhealer::testing::drive(sums::pipeline(sums::Resources { ledger }));
//!
//! test.records("amounts", ["1", "2"]);
//! assert_eq!(test.healed("amounts", 0), Some(0), "two of three: nothing may be committed");
//! assert_eq!(test.held()[0].values, 2);
//!
//! test.advance(Duration::from_secs(1));
//! assert_eq!(test.healed("amounts", 0), Some(2), "a second is over: the batch has gone on");
//! assert_eq!(*test.resources().ledger.0.lock().unwrap(), [3]);
//!
//! test.record("amounts", 0, 2, "a pear");
//! assert!(test.failures()[0].skipped);
//! assert_eq!(test.end().committed[0].offset, 3);
//! # }
//! ```
//!
//! **What it proves.** The code that works is the pipeline's own and the runtime's own: the graph that the macro wrote, the
//! lane that attends to it, the ledger, the operators. A record that is not healed here is not healed over Kafka either; one
//! that is passed too early here would be lost there. Nothing depends on how fast the machine is: asynchronous stages run on
//! one thread, operators wait by the test's clock, and answers can be held and given in any order.
//!
//! **What it does not prove.** There is no Kafka here. When a broker takes a commit, how a group rebalances, how a message is
//! delivered and how often a record comes: the delivery guarantees rest on a broker, and are shown by tests with one, such as
//! [`Embedded`](crate::Embedded). The configuration is not looked at; records are taken in one by one; and a stage that itself
//! waits by a real clock does so here too.
//!
//! A carrier is only ever lent to a test, as to a stage: a test that keeps one does not compile.

pub use waterhealer_runtime::testing::*;
