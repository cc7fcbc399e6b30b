//! Leak: a ticket, the obligation itself, from `Default`.

use waterhealer::__private::Ticket;

fn main() {
    let _forged = Ticket::default();
}
