//! The clock that interrupts components.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::Engine;

/// Length of one epoch of the engine.
const PERIOD: Duration = Duration::from_millis(20);

/// Advances an engine's epoch every 20 ms until dropped.
#[derive(Debug)]
pub struct EpochClock {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EpochClock {
    /// Starts the clock of `engine` on a thread of its own.
    pub fn start(engine: &Engine) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let engine = engine.clone();
        let thread = std::thread::Builder::new().name("sandbox-epoch".to_owned()).spawn(move || {
            while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }

    /// Epochs that cover `wall_clock`, the running one not counted.
    pub fn epochs(wall_clock: Duration) -> u64 {
        let epochs = wall_clock.as_nanos().div_ceil(PERIOD.as_nanos());
        u64::try_from(epochs).unwrap_or(u64::MAX / 2).saturating_add(1)
    }
}

impl Drop for EpochClock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread holds nothing that a panic could leave half done.
            let _ = thread.join();
        }
    }
}
