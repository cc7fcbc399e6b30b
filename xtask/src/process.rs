//! One process of the system and what tells it from a later one with the same number: the only place that signals.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::Doing;

/// A process as it was when it was recorded. Numbers are used again, also after a restart of the machine, so the moment
/// of its start and the machine's own run are part of its identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    /// Clock ticks between the machine's start and the process's.
    started: u64,
    /// Names one run of the machine, from its start to its end.
    boot: String,
}

impl Process {
    /// The process that has this number now, if one is running.
    pub(crate) fn running(pid: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(Process {
            pid,
            started: start_if_alive(&stat)?,
            boot: boot.trim().into(),
        })
    }

    /// Whether this very process still runs. A zombie does not.
    pub(crate) fn is_running(&self) -> bool {
        Process::running(self.pid).as_ref() == Some(self)
    }

    /// Sends a signal, but only to this very process; one that has ended is no error.
    pub(crate) fn signal(&self, signal: Signal) -> Result<(), Error> {
        if !self.is_running() {
            return Ok(());
        }
        self.send(signal, rustix::process::kill_process)
    }

    /// Sends a signal to the process group that it leads. To be called by its parent, which has not yet collected its exit
    /// status: until then the number cannot become another's, even if the process itself has ended.
    pub(crate) fn signal_group(&self, signal: Signal) -> Result<(), Error> {
        self.send(signal, rustix::process::kill_process_group)
    }

    fn send(
        &self,
        signal: Signal,
        send: fn(Pid, Signal) -> rustix::io::Result<()>,
    ) -> Result<(), Error> {
        match i32::try_from(self.pid)
            .ok()
            .and_then(Pid::from_raw)
            .map(|pid| send(pid, signal))
        {
            // It may end between the look and the signal.
            Some(Ok(()) | Err(rustix::io::Errno::SRCH)) => Ok(()),
            Some(Err(error)) => Err(error.into()).doing(|| format!("signal process {}", self.pid)),
            None => Err(Error::Failed(format!(
                "{} is not the number of a process",
                self.pid
            ))),
        }
    }

    /// Waits until it has ended, `patience` at most; true if it has. `reap` is called in between, for a parent that
    /// has to collect the exit status.
    pub(crate) fn wait_gone(&self, patience: Duration, mut reap: impl FnMut()) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            reap();
            if !self.is_running() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Field 22 of `/proc/PID/stat`, unless the process has ended. The name in field 2 may hold spaces and brackets, so the
/// count starts after the last bracket.
fn start_if_alive(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let state = fields.next()?;
    let threads: u32 = fields.nth(16)?.parse().ok()?;
    // The first thread may be a zombie while others still hold the process's ports and files.
    if matches!(state, "Z" | "X" | "x") && threads <= 1 {
        return None;
    }
    fields.nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_is_itself_until_it_ends() {
        let mut child = Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("sleep is everywhere");
        let process = Process::running(child.id()).expect("it was just started");
        assert!(process.is_running());

        process.signal(Signal::TERM).expect("it is ours");
        assert!(
            process.wait_gone(Duration::from_secs(10), || ()),
            "a zombie counts as ended"
        );
        child.wait().expect("it has ended");
        assert!(!process.is_running());
        process
            .signal(Signal::KILL)
            .expect("one that has ended is no error");
    }

    #[test]
    fn another_process_with_the_same_number_is_never_signalled() {
        let mut child = Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("sleep is everywhere");
        let now = Process::running(child.id()).expect("it was just started");
        let earlier = Process {
            started: now.started - 1,
            ..now.clone()
        };
        let before_a_reboot = Process {
            boot: "another".into(),
            ..now.clone()
        };
        for other in [earlier, before_a_reboot] {
            assert!(!other.is_running());
            other.signal(Signal::KILL).expect("nothing to do");
        }
        assert!(now.is_running(), "the signals went nowhere");
        child.kill().expect("it is ours");
        child.wait().expect("it has ended");
    }

    #[test]
    fn waiting_gives_up_in_time() {
        let mut child = Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("sleep is everywhere");
        let process = Process::running(child.id()).expect("it was just started");
        assert!(!process.wait_gone(Duration::from_millis(50), || ()));
        child.kill().expect("it is ours");
        child.wait().expect("it has ended");
    }

    #[test]
    fn the_start_is_read_behind_any_name() {
        let stat = |name: &str, state: &str, threads: u32| {
            format!(
                "7 ({name}) {state} 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 {threads} 21 4711 23"
            )
        };
        assert_eq!(start_if_alive(&stat("java", "S", 40)), Some(4711));
        assert_eq!(start_if_alive(&stat("a (b) c", "R", 1)), Some(4711));
        assert_eq!(start_if_alive(&stat("java", "Z", 1)), None);
        assert_eq!(
            start_if_alive(&stat("java", "Z", 3)),
            Some(4711),
            "two threads are still ending"
        );
        assert_eq!(start_if_alive("7 (java) S 1"), None);
    }
}
