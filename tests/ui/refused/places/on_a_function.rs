//! Mistake: `#[pipeline]` on a function.

use waterhealer::prelude::*;

#[pipeline(group = "shop")]
fn shop() {}

fn main() {
    shop();
}
