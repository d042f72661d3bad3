//! Bindings over time: every committee was drawn by a round that nobody could know when it was bound (10).

use std::collections::BTreeMap;

use cosmwasm_std::BlockInfo;
use mesg_api::market::{MarketEvent, PARAMS};
use mesg_execution_market::state::RING;
use mesg_protocol::beacon::{BeaconParams, Round, confirming_windows, ring_index, window_of};
use mesg_protocol::clock::Clock;
use mesg_protocol::execution::{Execution, Panel};
use mesg_test_kit::Suite;

/// What was bound, and the blocks there were.
#[derive(Default)]
pub struct Bindings {
    /// By execution and round, the block that bound it.
    bound: BTreeMap<(u64, Round), Clock>,
    /// Times of blocks with a message of the market, by height.
    blocks: BTreeMap<u64, u64>,
    /// Panels that were checked, by execution: how many.
    drawn: BTreeMap<u64, usize>,
}

impl Bindings {
    /// What a message told that was taken in this block.
    pub fn events(&mut self, events: &[MarketEvent], block: &BlockInfo) {
        let now = Clock { time: block.time.seconds(), height: block.height };
        self.blocks.insert(now.height, now.time);
        for event in events {
            let (MarketEvent::Requested { execution, beacon, round, .. }
            | MarketEvent::BoundAgain { execution, beacon, round }) = event
            else {
                continue;
            };
            // A longer stay in the queue is told again; the binding is the one that it had.
            self.bound.entry((*execution, Round::new(*beacon, *round))).or_insert(now);
        }
    }

    /// Checks the panels that are new; `schedules` are those of the beacons by number.
    pub fn check(&mut self, suite: &Suite, schedules: &[BeaconParams], executions: &[(u64, Execution)]) {
        for (id, execution) in executions {
            let checked = self.drawn.insert(*id, execution.panels.len()).unwrap_or(0);
            for panel in execution.panels.iter().skip(checked) {
                let schedule = &schedules[usize::from(panel.drawn_by.beacon())];
                let margin = suite.record(&suite.market, &PARAMS, execution.params).expect("parameters").margin;
                self.check_panel(suite, schedule, margin, *id, panel);
            }
        }
    }

    /// Its round is the first one that is late enough for the block that bound it, whose epoch weighed it; and a later
    /// block is on record that came before the round was known.
    fn check_panel(&self, suite: &Suite, schedule: &BeaconParams, margin: u32, id: u64, panel: &Panel) {
        let at = self.bound.get(&(id, panel.drawn_by)).expect("it was bound to the round that drew it");
        let round = schedule.round_at_or_after(at.time + u64::from(margin));
        assert_eq!(panel.drawn_by.number(), round, "round of execution {id}");
        assert_eq!(panel.epoch, at.time / u64::from(suite.epoch_secs), "epoch of execution {id}");
        let confirms = |window: u64| {
            let place = u16::try_from(ring_index(window)).expect("a place of the ring");
            let Some(kept) = suite.record(&suite.market, &RING, place) else { return false };
            let slot = kept.slot;
            let time = self.blocks.get(&slot.height).expect("a block that there was");
            assert_eq!(slot.window, window_of(*time), "the window of block {}", slot.height);
            slot.window == window && slot.height > at.height
        };
        let mut windows = confirming_windows(at.time, schedule.time_of(round));
        assert!(windows.any(confirms), "invariant 10: nothing has confirmed the binding of {id}");
    }
}
