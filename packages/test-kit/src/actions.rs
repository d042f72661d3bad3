//! What actors do, from one request to the last coin.

use cosmwasm_std::{Uint64, Uint128};
use mesg_api::market::{
    CertifyItem, ExecuteMsg, Executions, Input, MarketEvent, PublishItem, QueryMsg, ReceiveMsg, RequestItem,
    WaitingResponse,
};
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::ROUND_1;
use mesg_protocol::ids::RunnerId;

use crate::chain::Chain;
use crate::runner::{Place, Runner, Work};
use crate::suite::{Outcome, Suite};

impl<C: Chain> Suite<C> {
    /// A request of the suite's task with a small input.
    pub fn item(&self) -> RequestItem {
        RequestItem {
            terms: self.terms,
            input: Input::Inline { json: r#"{"numbers":[40,2]}"#.to_owned() },
            max_fee: Uint128::new(100_000_000),
            validators: None,
            own_runner: None,
        }
    }

    /// Fills purse 0 of a named account.
    pub fn deposit(&mut self, name: &str, amount: u128) -> Outcome {
        let market = self.market.clone();
        self.send_token(name, &market, amount, &ReceiveMsg::Deposit { account: None, sub: 0 })
    }

    /// Requests one execution by `Send`.
    pub fn request(&mut self, name: &str) -> u64 {
        let (market, items) = (self.market.clone(), vec![self.item()]);
        let events = self.send_token(name, &market, 100_000_000, &ReceiveMsg::Request { items });
        requested(&events.expect("requested"))
    }

    /// Posts a tick in a later block, which confirms what is bound.
    pub fn tick(&mut self) {
        self.next_block();
        self.market("crank", &ExecuteMsg::Tick {}).expect("ticked");
    }

    /// Waits for the round of an execution and has the relay submit it.
    pub fn submit_beacon(&mut self, execution: u64) -> Outcome {
        self.submit_beacon_for(&[execution])
    }

    /// Waits for the round of the first of these executions and has the relay submit it for all of them.
    pub fn submit_beacon_for(&mut self, executions: &[u64]) -> Outcome {
        let round = self.execution(executions[0]).round.u64();
        let time = self.beacon_schedule.time_of(round);
        self.app.wait(time + 1, 0);
        let signature = self.beacon.sign(round);
        let executions = executions.iter().map(|execution| Uint64::new(*execution)).collect();
        self.market("relay", &ExecuteMsg::SubmitBeacon { round: round.into(), signature, executions })
    }

    /// Confirms, submits the beacon and so seats the committee. A tick that came too late for the round, on a real
    /// node, binds again: then once more.
    pub fn seat(&mut self, execution: u64) -> Vec<RunnerId> {
        for _ in 0..3 {
            self.tick();
            self.submit_beacon(execution).expect("submitted");
            if self.execution(execution).phase != "queued" {
                break;
            }
        }
        self.seats(execution)
    }

    /// The committee in draw order.
    pub fn seats(&self, execution: u64) -> Vec<RunnerId> {
        self.execution(execution)
            .panels
            .last()
            .map_or_else(Vec::new, |panel| panel.seats.iter().map(|seat| seat.runner).collect())
    }

    /// A runner with the attestation key of its seat in the latest round; without a seat, with its first one.
    pub fn signer(&self, execution: u64, runner: RunnerId) -> Runner {
        let view = self.execution(execution);
        let seat = view.panels.last().and_then(|panel| panel.seats.iter().find(|seat| seat.runner == runner));
        self.runner(runner).with_key(seat.map_or(0, |seat| seat.key_no))
    }

    /// Where the seats of the latest round act; before any, where nobody's act is valid.
    pub fn place(&self, execution: u64) -> Place {
        let view = self.execution(execution);
        let panel = view.panels.last();
        let seed = panel.and_then(|panel| panel.seed).unwrap_or(Digest32::ZERO);
        let round = panel.map_or(ROUND_1, |panel| panel.escalation);
        Place { domain: self.domain(), seed, execution, round }
    }

    /// The certificate of all seats of the latest round, and the message that posts it.
    pub fn certify(&mut self, execution: u64, work: &Work) -> Outcome {
        let items = vec![self.certificate(execution, work)];
        self.market("relay", &ExecuteMsg::Certify { items, settle: Vec::new() })
    }

    /// The certificate of all seats of the latest round for `work`.
    pub fn certificate(&self, execution: u64, work: &Work) -> CertifyItem {
        let place = self.place(execution);
        let PublishItem { execution: id, mfuel, result } = work.publish(execution);
        let mut seats = Vec::new();
        for runner in self.seats(execution) {
            let runner = self.signer(execution, runner);
            seats.extend(runner.salt(&place).0);
            seats.extend(runner.seal(&place, work).signature.to_vec());
        }
        CertifyItem { execution: id, mfuel, result, seats: seats.into() }
    }

    /// One seat seals.
    pub fn seal(&mut self, execution: u64, runner: RunnerId, work: &Work) -> Outcome {
        let item = self.signer(execution, runner).seal(&self.place(execution), work);
        self.market("relay", &ExecuteMsg::Seal { items: vec![item] })
    }

    /// One seat opens.
    pub fn open(&mut self, execution: u64, runner: RunnerId, work: &Work) -> Outcome {
        let item = self.signer(execution, runner).open(&self.place(execution), work);
        self.market("relay", &ExecuteMsg::Open { items: vec![item] })
    }

    /// Publishes a result.
    pub fn publish(&mut self, execution: u64, work: &Work) -> Outcome {
        self.market("relay", &ExecuteMsg::Publish { items: vec![work.publish(execution)] })
    }

    /// Enforces deadlines.
    pub fn poke(&mut self, execution: u64) -> Outcome {
        self.market("crank", &ExecuteMsg::Poke(Executions { executions: vec![execution.into()] }))
    }

    /// Ends a provisional execution.
    pub fn settle(&mut self, execution: u64) -> Outcome {
        self.market("crank", &ExecuteMsg::Settle(Executions { executions: vec![execution.into()] }))
    }

    /// All seats seal and open `work`, which is published.
    pub fn work(&mut self, execution: u64, work: &Work) {
        for runner in self.seats(execution) {
            self.seal(execution, runner, work).expect("sealed");
        }
        for runner in self.seats(execution) {
            self.open(execution, runner, work).expect("opened");
        }
        self.publish(execution, work).expect("published");
    }

    /// A queued execution to its end, by honest runners.
    pub fn run_to_end(&mut self, execution: u64) {
        self.seat(execution);
        self.work_on(execution);
    }

    /// A seated execution to its end, by honest runners; who has sealed already does not seal again.
    pub fn work_on(&mut self, execution: u64) {
        self.work(execution, &Work::honest());
        self.expire(execution);
        self.settle(execution).expect("settled");
    }

    /// Queued executions.
    pub fn waiting(&self) -> WaitingResponse {
        self.ask(&QueryMsg::Waiting { start_after: None, limit: Some(50) })
    }
}

fn requested(events: &[MarketEvent]) -> u64 {
    let found = events.iter().find_map(|event| match event {
        MarketEvent::Requested { execution, .. } => Some(*execution),
        _ => None,
    });
    found.expect("a requested event")
}
