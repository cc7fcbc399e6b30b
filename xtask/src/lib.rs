//! The project's own commands, as a library: the real services that tests run against, and the runner of the test
//! suites. The command line is in `main.rs`. Nothing in here knows the Kafka client or the crates under test.

pub mod interrupt;
pub mod services;
pub mod suites;

mod error;
mod machine;
mod process;

pub use error::Error;
