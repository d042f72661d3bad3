//! What queued executions need from anyone: a confirming block, the beacon's round, a seat, an end (docs/mechanism.md, 1.2).

use mesg_api::market::WaitingItem;
use mesg_protocol::clock::Clock;

use crate::duty::deadline;

/// What a queued execution needs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A later block on record before its round is known.
    Tick,
    /// The signature of this round.
    Beacon(u64),
    /// Drawing its committee, or binding it again.
    Seat,
    /// Its end: the queue's deadline has passed.
    Poke,
    /// Time.
    Wait,
}

/// What `item` needs at block `now`, when this machine's clock says `wall` (unix seconds) and epochs have `epoch_secs`.
///
/// A drawable execution is drawn even after the queue's deadline, as long as nobody has enforced it.
#[must_use]
pub fn need(item: &WaitingItem, now: Clock, wall: u64, epoch_secs: u32) -> Need {
    let round_time = item.round_time.u64();
    let epoch = |time: u64| time.checked_div(epoch_secs.into()).unwrap_or(0);
    let outlived = epoch(now.time) > epoch(item.bound.time.u64()).saturating_add(1);
    let missed = !item.confirmed && now.time >= round_time;
    if item.confirmed && item.has_rand && !outlived {
        Need::Seat
    } else if deadline(item.until).expired(now) {
        Need::Poke
    } else if outlived || missed {
        Need::Seat
    } else if !item.confirmed {
        Need::Tick
    } else if wall >= round_time {
        Need::Beacon(item.round.u64())
    } else {
        Need::Wait
    }
}

/// The block time from which a tick for `item` may be sent when its turn comes `delay` seconds late: turns are shortened
/// so that all of them lie before the round can no longer be confirmed.
#[must_use]
pub fn tick_from(item: &WaitingItem, delay: u64, longest_delay: u64) -> u64 {
    let bound = item.bound.time.u64();
    let window = item.round_time.u64().saturating_sub(bound).saturating_sub(TICK_LEAD);
    let delay = if longest_delay > window {
        delay.saturating_mul(window).checked_div(longest_delay).unwrap_or(0)
    } else {
        delay
    };
    bound.saturating_add(delay)
}

/// Seconds before the round that a tick must be in a block: the protocol's 3, the rest of a window, two blocks.
const TICK_LEAD: u64 = 12;

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint64;
    use mesg_api::market::At;

    use super::*;

    fn at(time: u64) -> At {
        At { time: Uint64::new(time), height: Uint64::new(1) }
    }

    fn item(confirmed: bool, has_rand: bool) -> WaitingItem {
        WaitingItem {
            execution: Uint64::new(1),
            beacon: 0,
            round: Uint64::new(9),
            round_time: Uint64::new(124),
            bound: at(100),
            confirmed,
            has_rand,
            until: at(1_000),
        }
    }

    fn now(time: u64) -> Clock {
        Clock { time, height: 50 }
    }

    const EPOCH: u32 = 100;

    #[test]
    fn each_need() {
        assert_eq!(need(&item(false, false), now(101), 101, EPOCH), Need::Tick);
        assert_eq!(need(&item(false, false), now(124), 125, EPOCH), Need::Seat, "bound again");
        assert_eq!(need(&item(true, false), now(110), 123, EPOCH), Need::Wait);
        assert_eq!(need(&item(true, false), now(110), 124, EPOCH), Need::Beacon(9));
        assert_eq!(need(&item(true, true), now(130), 130, EPOCH), Need::Seat);
        assert_eq!(need(&item(true, false), now(300), 300, EPOCH), Need::Seat, "its weights are gone: bound again");
        assert_eq!(need(&item(true, false), now(1_000), 1_000, 5_000), Need::Poke);
        assert_eq!(need(&item(true, true), now(1_000), 1_000, 5_000), Need::Seat, "better drawn late than refunded");
        assert_eq!(need(&item(true, true), now(1_000), 1_000, EPOCH), Need::Poke);
    }

    #[test]
    fn turns_of_ticks_fit_before_the_round() {
        assert_eq!(tick_from(&item(false, false), 6, 6), 106);
        assert_eq!(tick_from(&item(false, false), 24, 24), 112, "12 s are left of 24");
        let near = WaitingItem { round_time: Uint64::new(110), ..item(false, false) };
        assert_eq!(tick_from(&near, 6, 6), 100);
    }
}
