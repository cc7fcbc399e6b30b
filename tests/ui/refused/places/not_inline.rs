//! Mistake: `#[pipeline]` on a module that is in another file, where a macro cannot look.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
#[path = "../../parts/shop.rs"]
mod shop;

fn main() -> ExitCode {
    ExitCode::SUCCESS
}
