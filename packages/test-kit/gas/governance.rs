//! What the deployer, the market's owner and its pauser send. What is proposed stays pending, for what only the notice can bring.

use cosmwasm_std::{Addr, Uint128, to_json_vec};
use mesg_api::market::{
    BeaconMsg, Change, ChangeKind, ChangeRef, ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg,
};
use mesg_api::{registry, staking};
use mesg_protocol::bps::Bps;
use mesg_test_kit::{Beacon, Chain, Contract, Node, Suite};
use serde::Serialize;

use crate::acts::market;
use crate::state::Gas;

/// Secret of the beacon that is proposed; for tests only.
const NEXT_BEACON: u64 = 0x6e65_7874;

/// Measures them.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    set_market(suite, table);
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

/// Told to contracts of the same codes that have no market yet, of a market beside them.
fn set_market(suite: &mut Suite<Node>, table: &mut Gas) {
    let token = suite.token.to_string();
    let owner = suite.account("developer").into_string();
    let msg = registry::InstantiateMsg { owner, token: token.clone(), registration_fee: Uint128::zero() };
    let registry = deploy(suite, Contract::Registry, &msg);
    let present: staking::ConfigResponse =
        suite.query(&suite.staking, &staking::QueryMsg::Config {}).expect("an answer");
    let msg = staking::InstantiateMsg {
        token,
        registry: registry.to_string(),
        epoch_secs: present.epoch_secs,
        unbonding_secs: present.unbonding_secs,
        block_max_avg: present.block_max_avg,
        min_stake: present.min_stake,
        capacity_bps: present.capacity_bps,
        producer_epoch_secs: present.producer_epoch_secs,
    };
    let staking = deploy(suite, Contract::Staking, &msg);
    let ConfigResponse { beacon, .. } = suite.ask(&QueryMsg::Config {});
    let msg = InstantiateMsg {
        registry: registry.to_string(),
        staking: staking.to_string(),
        beacon,
        params: suite.params.clone(),
        owner: None,
        pauser: None,
    };
    let market = deploy(suite, Contract::Market, &msg).into_string();
    let set = registry::ExecuteMsg::SetMarket { market: market.clone() };
    suite.execute("developer", &registry, &set).expect("set");
    table.note("set_market_registry", suite.gas);
    suite.execute("developer", &staking, &staking::ExecuteMsg::SetMarket { market }).expect("set");
    table.note("set_market_staking", suite.gas);
}

fn deploy(suite: &mut Suite<Node>, contract: Contract, msg: &impl Serialize) -> Addr {
    suite.app.deploy(contract, "developer", &to_json_vec(msg).expect("JSON"))
}
