//! Pipelines of the macro on `testing::drive`, with no broker and a clock moved by hand: the driver itself, kept failures, the examples of
//! the seeds' docstrings, and whole histories at random. What a real broker has to show is in `waterhealer-tests`.

mod docstrings;
mod failures;
mod histories;
mod testing;
