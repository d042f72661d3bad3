//! The owner's and the pauser's messages. What is proposed stays pending, for what only the notice can bring.

use mesg_api::market::{BeaconMsg, Change, ChangeKind, ChangeRef, ExecuteMsg};
use mesg_protocol::bps::Bps;
use mesg_test_kit::{Beacon, Node, Suite};

use crate::acts::market;
use crate::state::Gas;

/// Secret of the beacon that is proposed; for tests only.
const NEXT_BEACON: u64 = 0x6e65_7874;

/// Measures them.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    let mut params = suite.params.clone();
    params.burn_bps = Bps::saturating(400);
    let propose = ExecuteMsg::Propose(Change::Params(params));
    table.note("propose_params", market(suite, "governor", &propose));
    let revoke = ExecuteMsg::Revoke(ChangeRef { change: ChangeKind::Params });
    table.note("revoke", market(suite, "governor", &revoke));
    market(suite, "governor", &propose);
    let beacon = BeaconMsg {
        public_key: Beacon::new(NEXT_BEACON).public_key(),
        genesis: suite.beacon_schedule.genesis.into(),
        period: 3u64.into(),
    };
    table.note("propose_beacon", market(suite, "governor", &ExecuteMsg::Propose(Change::Beacon(beacon))));
    let pauser = Some(suite.account("relay").into_string());
    table.note("set_pauser", market(suite, "governor", &ExecuteMsg::SetPauser { pauser }));
    table.note("pause", market(suite, "relay", &ExecuteMsg::Pause {}));
    table.note("unpause", market(suite, "relay", &ExecuteMsg::Unpause {}));
    let to = Some(suite.account("crank").into_string());
    table.note("offer_ownership", market(suite, "governor", &ExecuteMsg::OfferOwnership { to }));
    table.note("accept_ownership", market(suite, "crank", &ExecuteMsg::AcceptOwnership {}));
}
