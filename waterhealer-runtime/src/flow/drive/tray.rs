//! Where the messages of a driven pipeline end up in place of Kafka: kept, and acknowledged at once or by hand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::mailbox::Mailbox;
use super::super::outbox::Way;
use crate::broker::SendError;
use crate::error::Failure;
use crate::types::MessageParts;

pub(super) struct Tray<C> {
    mailbox: Arc<Mailbox<C>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    by_hand: bool,
    messages: Vec<Message>,
}

#[derive(Debug)]
struct Message {
    topic: String,
    parts: MessageParts,
    /// The call that waits for its acknowledgement.
    call: Option<usize>,
}

impl<C> Tray<C> {
    pub(super) fn new(mailbox: Arc<Mailbox<C>>) -> Self {
        Tray {
            mailbox,
            state: Arc::default(),
        }
    }

    /// Whether messages wait until the test acknowledges them.
    pub(super) fn set_by_hand(&self, by_hand: bool) {
        self.lock().by_hand = by_hand;
    }

    /// All messages to a topic so far.
    pub(super) fn to(&self, topic: &str) -> Vec<MessageParts> {
        let state = self.lock();
        let messages = state.messages.iter();
        let to = messages.filter(|message| message.topic == topic);
        to.map(|message| message.parts.clone()).collect()
    }

    /// The messages that wait, oldest first.
    pub(super) fn waiting(&self) -> Vec<(String, MessageParts)> {
        let state = self.lock();
        let messages = state.messages.iter();
        let waiting = messages.filter(|message| message.call.is_some());
        waiting
            .map(|message| (message.topic.clone(), message.parts.clone()))
            .collect()
    }

    /// Answers for one of those that wait, by its place among them; false if there are not so many.
    pub(super) fn answer(&self, place: usize, outcome: Result<(), Failure>) -> bool {
        let call = {
            let mut state = self.lock();
            let mut messages = state.messages.iter_mut();
            let waiting = messages.by_ref().filter(|message| message.call.is_some());
            waiting.skip(place).find_map(|message| message.call.take())
        };
        let Some(call) = call else {
            return false;
        };
        self.mailbox.answered(call, outcome);
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Clone for Tray<C> {
    fn clone(&self) -> Self {
        Tray {
            mailbox: Arc::clone(&self.mailbox),
            state: Arc::clone(&self.state),
        }
    }
}

impl<C: Send> Way for Tray<C> {
    fn send(&self, call: usize, topic: &str, parts: &MessageParts) -> Result<(), SendError> {
        let mut state = self.lock();
        let by_hand = state.by_hand;
        state.messages.push(Message {
            topic: topic.to_owned(),
            parts: parts.clone(),
            call: by_hand.then_some(call),
        });
        drop(state);
        if !by_hand {
            self.mailbox.answered(call, Ok(()));
        }
        Ok(())
    }
}
