//! The window of work of a seat, T_work = 2·t_run + WORK_SLACK, and what is done when in it (docs/mechanism.md, 2.3).

use mesg_api::market::ExecutionResponse;

/// A window of work: unix seconds of block time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its beginning.
    pub start: u64,
    /// T_work.
    pub length: u64,
}

impl Window {
    /// The window of an execution whose panel works now; none in other phases.
    #[must_use]
    pub fn of(view: &ExecutionResponse, t_run: u32, work_slack: u32) -> Option<Self> {
        let until = view.until.filter(|_| view.phase == "working")?.time.u64();
        let length = u64::from(t_run).saturating_mul(2).saturating_add(work_slack.into());
        Some(Self { start: until.saturating_sub(length), length })
    }

    /// From here on what cannot be had is not waited for: a sixth of the window.
    #[must_use]
    pub const fn give_up(self) -> u64 {
        self.start.saturating_add(self.length / 6)
    }

    /// Until here a decline is begun: a quarter of the window, so that it is in a block within the third.
    #[must_use]
    pub const fn last_decline(self) -> u64 {
        self.start.saturating_add(self.length / 4)
    }

    /// Until here the chain takes a decline: a third of the window.
    #[must_use]
    pub const fn last_taken(self) -> u64 {
        self.start.saturating_add(self.length / 3)
    }

    /// Until here salts are shown off chain: a quarter of the window before its end, in which everything can still be brought
    /// on chain.
    #[must_use]
    pub const fn open_until(self) -> u64 {
        self.until().saturating_sub(self.length / 4)
    }

    /// From here on seals go on chain: t_run and a third of WORK_SLACK after the beginning.
    #[must_use]
    pub fn switch(self, t_run: u32, work_slack: u32) -> u64 {
        self.start.saturating_add(t_run.into()).saturating_add(u64::from(work_slack / 3))
    }

    /// Its end.
    #[must_use]
    pub const fn until(self) -> u64 {
        self.start.saturating_add(self.length)
    }

    /// Seconds for one more try to fetch at `now`; none when it is too late for a decline anyway.
    #[must_use]
    pub const fn patience(self, now: u64) -> Option<u64> {
        let (give_up, last) = (self.give_up(), self.last_decline());
        let until = if now < give_up { give_up } else { give_up.midpoint(last) };
        match until.checked_sub(now) {
            Some(left) if left > 0 => Some(left),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_window() {
        let window = Window { start: 1_000, length: 120 };
        assert_eq!((window.give_up(), window.last_decline(), window.last_taken()), (1_020, 1_030, 1_040));
        assert_eq!((window.switch(30, 60), window.open_until(), window.until()), (1_050, 1_090, 1_120));
        assert_eq!(window.patience(1_000), Some(20));
        assert_eq!(window.patience(1_019), Some(1));
        assert_eq!(window.patience(1_020), Some(5));
        assert_eq!(window.patience(1_025), None);
        assert_eq!(window.patience(2_000), None);
    }
}
