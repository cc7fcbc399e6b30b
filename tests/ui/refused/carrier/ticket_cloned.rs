//! Leak: a ticket, the obligation itself, cloned: both could be settled.

use waterhealer::__private::Ticket;

fn main() {
    let _twice = |ticket: &Ticket| Ticket::clone(ticket);
}
