//! What a runner does about a duty: pure decisions (docs/mechanism.md, 2.4).

use mesg_api::market::{At, DutyName};
use mesg_protocol::clock::{Clock, Deadline};

/// What is done about a duty now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Run the task, to have something to seal, open or publish.
    Work,
    /// Post what is journaled.
    Post,
    /// Enforce the deadline.
    Poke,
    /// End the execution.
    Settle,
    /// Nothing yet.
    Wait,
}

/// The step for a duty, if the seat's seal is journaled (`held`) or not.
///
/// A late act is valid until somebody enforces the deadline, so what is held is posted whenever it is owed. What is not
/// held at the deadline is not run any more: the deadline is enforced, even against oneself, so that the user is not left
/// waiting.
#[must_use]
pub fn step(duty: DutyName, at: At, held: bool, now: Clock) -> Step {
    let passed = deadline(at).expired(now);
    match duty {
        DutyName::Seal | DutyName::Open | DutyName::Publish if held => Step::Post,
        DutyName::Seal | DutyName::Open | DutyName::Publish if !passed => Step::Work,
        DutyName::Settle if passed => Step::Settle,
        DutyName::Poke | DutyName::Seal | DutyName::Open | DutyName::Publish if passed => Step::Poke,
        _ => Step::Wait,
    }
}

/// A deadline of a response.
#[must_use]
pub const fn deadline(at: At) -> Deadline {
    Deadline { time: at.time.u64(), height: at.height.u64() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: At = At { time: cosmwasm_std::Uint64::new(100), height: cosmwasm_std::Uint64::new(10) };
    const BEFORE: Clock = Clock { time: 99, height: 10 };
    const LOW: Clock = Clock { time: 500, height: 9 };
    const AFTER: Clock = Clock { time: 100, height: 10 };

    #[test]
    fn every_duty_has_its_step() {
        use DutyName::{Open, Poke, Publish, Seal, Settle};
        for own in [Seal, Open, Publish] {
            assert_eq!(step(own, AT, false, BEFORE), Step::Work);
            assert_eq!(step(own, AT, false, LOW), Step::Work, "a jumping clock expires nothing");
            assert_eq!(step(own, AT, false, AFTER), Step::Poke);
            assert_eq!(step(own, AT, true, BEFORE), Step::Post);
            assert_eq!(step(own, AT, true, AFTER), Step::Post, "late is valid until enforced");
        }
        for held in [false, true] {
            assert_eq!(step(Poke, AT, held, BEFORE), Step::Wait);
            assert_eq!(step(Poke, AT, held, AFTER), Step::Poke);
            assert_eq!(step(Settle, AT, held, LOW), Step::Wait);
            assert_eq!(step(Settle, AT, held, AFTER), Step::Settle);
        }
    }
}
