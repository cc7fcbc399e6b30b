//! Pipelines of the macro on `testing::drive`, with no broker and a clock moved by hand: the driver itself, the examples of
//! the seeds' docstrings, and whole histories at random. What a real broker has to show is in `waterhealer-tests`.

mod docstrings;
mod histories;
mod testing;
