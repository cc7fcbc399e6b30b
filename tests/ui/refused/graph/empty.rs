//! Mistake: a pipeline without nodes.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {}

fn main() -> ExitCode {
    shop::main()
}
