//! What threads share on the way of a record: locks, atomics, channels. The standard library's; where schedules are tested,
//! `shuttle`'s, which decides at each use of them which thread goes on.

#[cfg(not(all(test, feature = "schedules")))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic, mpsc};

#[cfg(all(test, feature = "schedules"))]
pub(crate) use scheduled::mpsc;
#[cfg(all(test, feature = "schedules"))]
pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard, atomic};

/// What `shuttle` has not: a wait for an answer that may end first. There is no time in a schedule, so it ends or not.
#[cfg(all(test, feature = "schedules"))]
mod scheduled {
    pub(crate) mod mpsc {
        use std::sync::mpsc::{RecvTimeoutError, TryRecvError};
        use std::time::Duration;

        use shuttle::rand::{Rng, thread_rng};
        use shuttle::sync::mpsc;
        use shuttle::thread::yield_now;

        pub(crate) use shuttle::sync::mpsc::SyncSender;

        pub(crate) struct Receiver<T>(mpsc::Receiver<T>);

        pub(crate) fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
            let (sender, receiver) = mpsc::sync_channel(bound);
            (sender, Receiver(receiver))
        }

        impl<T> Receiver<T> {
            pub(crate) fn try_recv(&self) -> Result<T, TryRecvError> {
                self.0.try_recv()
            }

            /// In half of the cases time stands still until there is an answer: one that never comes is then found.
            pub(crate) fn recv_timeout(&self, _at_most: Duration) -> Result<T, RecvTimeoutError> {
                if thread_rng().r#gen() {
                    return self.0.recv().map_err(|_| RecvTimeoutError::Disconnected);
                }
                loop {
                    match self.0.try_recv() {
                        Ok(answer) => return Ok(answer),
                        Err(TryRecvError::Disconnected) => {
                            return Err(RecvTimeoutError::Disconnected);
                        }
                        Err(TryRecvError::Empty) if thread_rng().gen_ratio(1, 8) => {
                            return Err(RecvTimeoutError::Timeout);
                        }
                        Err(TryRecvError::Empty) => yield_now(),
                    }
                }
            }
        }
    }
}
