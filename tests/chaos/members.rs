//! The members of the group: processes of the program `member`, by slot. Started, signalled and buried; one that ends by
//! itself is started again, as a supervisor would, and its reason kept.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a member may take to end once it is told to: its own grace is 25 s.
const PATIENCE: Duration = Duration::from_secs(45);

/// What every member is started with.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) program: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
}

/// All of them. They are killed when this value is dropped.
pub(crate) struct Members {
    start: Start,
    slots: Vec<Slot>,
    /// Those that were told to end.
    leaving: Vec<Leaving>,
    /// How members have ended that nobody told to: how often, and each reason once.
    pub(crate) ended: Ended,
}

/// How members have ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// By themselves, with a reason.
    pub(crate) times: usize,
    pub(crate) reasons: Vec<String>,
    /// By a signal or a panic of their own, or not at all.
    pub(crate) crashes: Vec<String>,
}

#[derive(Default)]
struct Slot {
    wanted: bool,
    running: Option<Running>,
    starts: usize,
}

struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

struct Leaving {
    running: Running,
    until: Instant,
}

impl Members {
    pub(crate) fn new(start: Start, slots: usize) -> Members {
        Members {
            start,
            slots: (0..slots).map(|_| Slot::default()).collect(),
            leaving: Vec::new(),
            ended: Ended::default(),
        }
    }

    /// Starts the member of a slot, if none runs there.
    pub(crate) fn start(&mut self, slot: usize) -> io::Result<()> {
        let place = &mut self.slots[slot];
        place.wanted = true;
        if place.running.is_none() {
            let name = format!("member-{slot}-{}", place.starts);
            place.starts += 1;
            place.running = Some(spawn(&self.start, name)?);
        }
        Ok(())
    }

    /// SIGKILL. It is not started again before [`Members::start`].
    pub(crate) fn kill(&mut self, slot: usize) -> io::Result<()> {
        let place = &mut self.slots[slot];
        place.wanted = false;
        if let Some(mut running) = place.running.take() {
            running.child.kill()?;
            running.child.wait()?;
        }
        Ok(())
    }

    /// SIGTERM. It has its time to end in order, and is not started again before [`Members::start`].
    pub(crate) fn leave(&mut self, slot: usize) {
        let place = &mut self.slots[slot];
        place.wanted = false;
        if let Some(running) = place.running.take() {
            // One that was stopped could not hear it.
            send(&running.child, Signal::CONT);
            send(&running.child, Signal::TERM);
            let until = Instant::now() + PATIENCE;
            self.leaving.push(Leaving { running, until });
        }
    }

    /// SIGSTOP.
    pub(crate) fn freeze(&mut self, slot: usize) {
        if let Some(running) = &self.slots[slot].running {
            send(&running.child, Signal::STOP);
        }
    }

    /// SIGCONT.
    pub(crate) fn thaw(&mut self, slot: usize) {
        if let Some(running) = &self.slots[slot].running {
            send(&running.child, Signal::CONT);
        }
    }

    /// Buries those that have ended, and starts those again that should run.
    pub(crate) fn mind(&mut self) -> io::Result<()> {
        for slot in 0..self.slots.len() {
            let place = &mut self.slots[slot];
            if let Some(running) = &mut place.running
                && let Some(status) = running.child.try_wait()?
            {
                self.ended.by_itself(running, status);
                place.running = None;
                if place.wanted {
                    self.start(slot)?;
                }
            }
        }
        let ended = &mut self.ended;
        let mut failed = Ok(());
        self.leaving
            .retain_mut(|leaving| match leaving.running.child.try_wait() {
                Ok(Some(status)) => {
                    ended.when_told(&leaving.running, status);
                    false
                }
                Ok(None) if Instant::now() >= leaving.until => {
                    let name = &leaving.running.name;
                    let seconds = PATIENCE.as_secs();
                    ended.crashes.push(format!(
                        "{name} has not ended {seconds} s after SIGTERM; {}",
                        leaving.running.last_words()
                    ));
                    failed = leaving
                        .running
                        .child
                        .kill()
                        .and_then(|()| leaving.running.child.wait().map(drop));
                    false
                }
                Ok(None) => true,
                Err(error) => {
                    failed = Err(error);
                    false
                }
            });
        failed
    }

    /// Tells all to end, and whether they have.
    pub(crate) fn all_left(&mut self) -> io::Result<bool> {
        for slot in 0..self.slots.len() {
            self.leave(slot);
        }
        self.mind()?;
        Ok(self.leaving.is_empty())
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        let slots = self.slots.iter_mut().filter_map(|slot| slot.running.take());
        let leaving = self.leaving.drain(..).map(|leaving| leaving.running);
        for mut running in slots.chain(leaving) {
            // One that has ended needs no killing.
            if running.child.kill().is_ok() {
                let _ended = running.child.wait();
            }
        }
    }
}

impl Ended {
    /// Nobody has told it to.
    fn by_itself(&mut self, running: &Running, status: ExitStatus) {
        self.times += 1;
        self.note(running, status);
    }

    fn when_told(&mut self, running: &Running, status: ExitStatus) {
        if !status.success() {
            self.note(running, status);
        }
    }

    fn note(&mut self, running: &Running, status: ExitStatus) {
        let words = running.last_words();
        let crashed = status.signal().is_some() || status.code() == Some(101);
        if crashed {
            self.crashes
                .push(format!("{} ended by {status}; {words}", running.name));
        } else {
            self.reasons
                .push(format!("{} ended by {status}; {words}", running.name));
        }
    }
}

impl Running {
    /// Its log's last line.
    fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let last = text.lines().next_back().unwrap_or("it said nothing");
        format!("{}: {last}", self.log.display())
    }
}

fn spawn(start: &Start, name: String) -> io::Result<Running> {
    let log = start.folder.join(format!("{name}.log"));
    let file = File::create(&log)?;
    let mut command = Command::new(&start.program);
    // Settings of whoever runs this are not the member's.
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        if text.starts_with("WATERHEALER_") || text.starts_with("KAFKA_") || text == "LOGLEVEL" {
            command.env_remove(&variable);
        }
    }
    command
        .args(&start.arguments)
        .envs(start.env.iter().cloned())
        .current_dir(&start.folder)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    let child = command.spawn()?;
    Ok(Running { child, name, log })
}

/// To a child whose exit status was not collected: the number is still its own.
fn send(child: &Child, signal: Signal) {
    if let Err(error) = kill_process(Pid::from_child(child), signal) {
        eprintln!("{signal:?} to process {}: {error}", child.id());
    }
}

/// The program `member`, which is built beside this one.
pub(crate) fn program(own: &Path) -> PathBuf {
    own.with_file_name("member")
}
