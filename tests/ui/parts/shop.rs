//! The contents of a module that a pipeline cannot see. No program of its own.
