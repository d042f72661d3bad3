//! Block time and height, and deadlines in both (2.4).

use crate::codec::{CodecError, Reader, Record, Writer};

/// A block: its time in unix seconds and its height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    /// Unix seconds.
    pub time: u64,
    /// Block height.
    pub height: u64,
}

/// A moment that is past only when both its time and its height are reached, so that a halted or jumping chain
/// expires nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deadline {
    /// Unix seconds.
    pub time: u64,
    /// Block height.
    pub height: u64,
}

impl Deadline {
    /// `seconds` after `start`, and as many blocks as pass in them at one each `block_max_avg` seconds, rounded up.
    pub fn after(start: Clock, seconds: u32, block_max_avg: u32) -> Self {
        Self {
            time: start.time.saturating_add(seconds.into()),
            height: start.height.saturating_add(seconds.div_ceil(block_max_avg.max(1)).into()),
        }
    }

    /// Whether the deadline has passed at `now`.
    pub const fn expired(&self, now: Clock) -> bool {
        now.time >= self.time && now.height >= self.height
    }
}

impl Record for Clock {
    fn write(&self, out: &mut Writer) {
        out.int(self.time);
        out.int(self.height);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { time: input.int()?, height: input.int()? })
    }
}

impl Record for Deadline {
    fn write(&self, out: &mut Writer) {
        out.int(self.time);
        out.int(self.height);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { time: input.int()?, height: input.int()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Clock = Clock { time: 1_000, height: 50 };

    #[test]
    fn a_deadline_needs_time_and_height() {
        let deadline = Deadline::after(START, 25, 10);
        assert_eq!(deadline, Deadline { time: 1_025, height: 53 });
        assert!(!deadline.expired(Clock { time: 1_024, height: 60 }), "time not reached");
        assert!(!deadline.expired(Clock { time: 300_000, height: 52 }), "attack 44: three days in one block");
        assert!(deadline.expired(Clock { time: 1_025, height: 53 }));
    }
}
