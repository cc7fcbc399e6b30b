//! What each node has handed on last. `checkpoint` on a node keeps its last value, which can be looked at while the pipeline
//! runs: for debugging, not for going on after a restart.
//!
//! A number goes through two stages, first as in the Python library's example; then one goes through that a stage refuses, and what
//! was made of it until then is found by its emit id.
//!
//! `cargo run --example checkpointing`; with `ENABLE_CHECKPOINTING=false` nothing is kept.

use std::sync::{Arc, OnceLock};

use waterhealer::prelude::*;
use waterhealer::{EmitId, Error, emit_id};

#[pipeline(checkpoint_history = 10)]
pub(crate) mod checkpointing {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        number
    }

    #[map(from = number, checkpoint)]
    fn increment(number: u64) -> u64 {
        number + 1
    }

    #[map(from = increment, checkpoint)]
    fn increment_plus2(number: u64) -> u64 {
        number + 2
    }

    #[sink(from = increment_plus2, on_error = skip)]
    fn print(number: u64, failed: &Arc<OnceLock<EmitId>>) -> Result<(), String> {
        if number > 100 {
            // An emit id names a record wherever it is spoken of: in a log line, in a dead letter.
            if let Some(emit_id) = emit_id() {
                failed.get_or_init(|| emit_id);
            }
            return Err(format!("{number} is too much"));
        }
        println!("{number}");
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let failed = Arc::new(OnceLock::new());
    let pipeline = checkpointing::pipeline(checkpointing::Resources {
        failed: Arc::clone(&failed),
    });
    let handle = pipeline.handle();
    let look = async {
        for number in [1_u64, 1_000, 5] {
            if let Err(error) = handle.emit(number).await {
                println!("{number}: {error}");
            }
            println!("after {number}:");
            for (path, value) in handle.checkpoint() {
                println!("    {path}: {value}");
            }
        }
        println!("\nwhat the record was that failed:");
        let failed = failed.get().into_iter();
        for value in failed.flat_map(|emit_id| handle.checkpoint_of(*emit_id)) {
            println!("    {}: {value}", value.node);
        }
        println!("\nthe last values of `increment`:");
        for value in handle.checkpoint_history("source.number.map.increment") {
            println!("    {value}");
        }
    };
    pipeline.config(Config::load()).run_until(look).await?;
    Ok(())
}
