//! A scheduler that lets a thread go on for a while before another one has its turn, by chance: much has to happen between two steps
//! of one thread for some mistakes to show, and an even choice at each step never leaves a thread alone for so long.

use shuttle::scheduler::{RandomScheduler, Schedule, Scheduler, Task, TaskId};

/// How much more likely the running thread is to go on than another one is to have its turn; a schedule each, in turn.
const WEIGHTS: [usize; 3] = [0, 8, 64];

pub(super) struct Bursts {
    random: RandomScheduler,
    schedule: usize,
}

impl Bursts {
    pub(super) fn new(schedules: usize) -> Self {
        Bursts {
            random: RandomScheduler::new(schedules),
            schedule: 0,
        }
    }
}

impl Scheduler for Bursts {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.schedule += 1;
        self.random.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let weight = match is_yielding {
            true => 0,
            false => WEIGHTS[self.schedule % WEIGHTS.len()],
        };
        let running = runnable.iter().find(|task| Some(task.id()) == current);
        let again = running.into_iter().cycle().take(weight);
        let choice: Vec<&Task> = runnable.iter().chain(again).copied().collect();
        self.random.next_task(&choice, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.random.next_u64()
    }
}
