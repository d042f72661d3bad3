//! What the market's owner and pauser do, and what of it is pending.

use cosmwasm_std::Uint128;
use mesg_api::market::{BeaconMsg, Change, ChangeKind, ChangeRef, ExecuteMsg, ParamsMsg, TipsMsg};
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::bps::Bps;
use mesg_protocol::ids::TermsId;
use mesg_test_kit::Beacon;

use super::step::Govern;
use super::world::World;

/// Seconds of the notice of a proposal.
const NOTICE: u64 = 7 * 86_400;

/// What is announced and not yet in force.
#[derive(Default)]
pub struct Governance {
    /// Another beacon.
    beacon: Option<(Beacon, BeaconParams)>,
    /// Another price: its terms, from when on.
    pub announced: Option<(TermsId, (u64, u64))>,
}

impl World {
    pub fn govern(&mut self, step: &Govern) {
        match step {
            Govern::ProposeParams { variant } => {
                let params = variant_of(self.suite.params.clone(), *variant);
                assert!(self.market("governor", &ExecuteMsg::Propose(Change::Params(params))), "within the bounds");
            }
            Govern::ProposeBeacon { secret } => self.propose_beacon(*secret),
            Govern::Revoke { beacon } => {
                let taken = self.market("governor", &ExecuteMsg::Revoke(kind(*beacon)));
                if taken && *beacon {
                    self.governance.beacon = None;
                }
            }
            Govern::Apply { beacon, wait } => {
                if *wait {
                    self.suite.advance(NOTICE);
                }
                let taken = self.market("mallory", &ExecuteMsg::Apply(kind(*beacon)));
                if taken && *beacon {
                    self.beacons.extend(self.governance.beacon.take());
                }
            }
            Govern::Pause => {
                self.market("pauser", &ExecuteMsg::Pause {});
            }
            Govern::Unpause => {
                self.market("pauser", &ExecuteMsg::Unpause {});
            }
        }
    }

    fn propose_beacon(&mut self, secret: u64) {
        let (beacon, genesis) = (Beacon::new(secret), self.suite.now());
        let (public_key, period) = (beacon.public_key(), 2 + secret);
        let proposed = BeaconMsg { public_key, genesis: genesis.into(), period: period.into() };
        assert!(self.market("governor", &ExecuteMsg::Propose(Change::Beacon(proposed))), "a beacon");
        let no = u8::try_from(self.beacons.len()).expect("few beacons");
        self.governance.beacon = Some((beacon, BeaconParams { no, genesis, period }));
    }
}

const fn kind(beacon: bool) -> ChangeRef {
    ChangeRef { change: if beacon { ChangeKind::Beacon } else { ChangeKind::Params } }
}

/// Rows within the bounds, each with the same κ.
fn variant_of(mut params: ParamsMsg, variant: usize) -> ParamsMsg {
    let tips = |tick: u128, beacon: u128, seat: u128, settle: u128| TipsMsg {
        tick: Uint128::new(tick),
        beacon: Uint128::new(beacon),
        seat: Uint128::new(seat),
        certify: Uint128::zero(),
        settle: Uint128::new(settle),
    };
    match variant {
        0 => {
            params.burn_bps = Bps::saturating(800);
            params.t_open = 240;
        }
        1 => {
            params.gate_bps = Bps::saturating(7_000);
            params.margin = 30;
            params.tips = tips(4_000, 2_000, 3_000, 1_000);
        }
        2 => {
            (params.t_queue, params.t_publish, params.work_slack) = (600, 150, 30);
            params.tips = tips(0, 0, 0, 10_000);
        }
        _ => {}
    }
    params
}
