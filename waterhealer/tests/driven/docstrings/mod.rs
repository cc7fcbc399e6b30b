//! The examples in the docstrings of water-healer and of streamz 0.5.2, which it builds on: the same values in give the same
//! values out. A test has the name of its class; where a docstring has no example, the values are those of streamz's own
//! tests. Where ours differs on purpose, the test says how.

mod joins;
mod memory;
mod seeds;
mod support;
mod time;
mod values;
mod windows;
