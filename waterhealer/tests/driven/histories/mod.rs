//! Whole pipelines with joins and windows, under any interleaving of records, time, answers, revoked and lost partitions.
//! Every record ends healed, or is held by a named operator, or its partition is gone; what is committed was stored; nothing
//! is stored twice in one assignment; and a pair is of one record. What an operator alone does is the runtime's to test.

mod diamond;
mod history;
mod web;
mod windows;
