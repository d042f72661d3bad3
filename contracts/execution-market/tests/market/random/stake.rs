//! What runners do with stake and keys, and the service's owner with bond, price and version.

use cosmwasm_std::Uint128;
use mesg_api::market::{ExecuteMsg, ReceiveMsg, ServiceRef};
use mesg_api::registry::{self, ConfigResponse};
use mesg_api::staking::{self, RUNNERS};
use mesg_protocol::ids::TermsId;
use mesg_protocol::score::Exclusion;
use mesg_test_kit::Runner;

use super::step::{Service, Stake};
use super::world::World;

/// Seconds and blocks of the notice of a price.
const NOTICE: (u64, u64) = (86_400, 1_440);

impl World {
    pub fn stake(&mut self, step: &Stake) {
        let staking = self.suite.staking.clone();
        let (Stake::Bond { runner, .. }
        | Stake::Unbond { runner, .. }
        | Stake::Withdraw { runner }
        | Stake::OptOut { runner }
        | Stake::OptIn { runner }
        | Stake::RotateKey { runner }
        | Stake::Unjail { runner, .. }
        | Stake::Sync { runner }) = step;
        let (runner, owner) = self.owned(*runner);
        let version = self.suite.version;
        let msg = match step {
            Stake::Bond { amount, .. } => {
                let recipient = self.suite.account(&owner).to_string();
                let gift = cw20::Cw20ExecuteMsg::Transfer { recipient, amount: Uint128::new(*amount) };
                let token = self.suite.token.clone();
                self.send("mallory", &token, &gift);
                if self.pay(&owner, &staking, *amount, &staking::ReceiveMsg::Bond { runner }) {
                    self.seen.pool.changed(runner, None);
                }
                return;
            }
            Stake::Unbond { amount, .. } => staking::ExecuteMsg::Unbond { runner, amount: Uint128::new(*amount) },
            Stake::Withdraw { .. } => staking::ExecuteMsg::Withdraw { runner, to: None },
            Stake::OptOut { .. } => staking::ExecuteMsg::OptOut { runner, version },
            Stake::OptIn { .. } => staking::ExecuteMsg::OptIn { runner, version },
            Stake::RotateKey { .. } => {
                let Some(row) = self.suite.record(&staking, &RUNNERS, runner) else { return };
                let next = self.suite.runner(runner).with_key(row.key_no + 1);
                staking::ExecuteMsg::RotateKey { runner, attestation_key: Runner::public_key(&next.attestation) }
            }
            Stake::Unjail { wait, .. } => {
                self.await_jail(*wait);
                staking::ExecuteMsg::Unjail { runner }
            }
            Stake::Sync { .. } => staking::ExecuteMsg::Sync { runner },
        };
        let opts = match step {
            Stake::OptIn { .. } => Some(true),
            Stake::OptOut { .. } => Some(false),
            _ => None,
        };
        let changes = !matches!(step, Stake::Withdraw { .. } | Stake::RotateKey { .. });
        if self.send(&owner, &staking, &msg) && changes {
            self.seen.pool.changed(runner, opts);
        }
    }

    /// Lets the end of some jail pass.
    fn await_jail(&mut self, wait: bool) {
        let end = self.suite.runners.iter().find_map(|runner| {
            match self.suite.record(&self.suite.staking, &RUNNERS, runner.id)?.exclusion? {
                Exclusion::Jail { until } => Some(until),
                Exclusion::Tombstone => None,
            }
        });
        if let (Some(end), true) = (end, wait) {
            self.suite.advance(end.saturating_sub(self.suite.now()));
        }
    }

    pub fn service(&mut self, step: &Service) {
        let (service, version) = (self.suite.service, self.suite.version);
        let (market, registry) = (self.suite.market.clone(), self.suite.registry.clone());
        match step {
            Service::Bond { amount } => {
                self.pay("developer", &market, *amount, &ReceiveMsg::BondService { service });
            }
            Service::Unbond => {
                self.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service }));
            }
            Service::WithdrawBond => {
                self.market("developer", &ExecuteMsg::WithdrawServiceBond(ServiceRef { service }));
            }
            Service::Resume => {
                self.market("developer", &ExecuteMsg::ResumeService(ServiceRef { service }));
            }
            Service::Yank { yanked } => {
                self.send("developer", &registry, &registry::ExecuteMsg::SetYanked { version, yanked: *yanked });
            }
            Service::AnnouncePrice { per_call } => {
                let mut price = self.suite.manifest.tasks[0].price;
                price.per_call = Uint128::new(*per_call);
                let msg = registry::ExecuteMsg::AnnouncePrice { version, task: 0, price };
                if self.send("developer", &registry, &msg) {
                    let rows: ConfigResponse =
                        self.suite.query(&registry, &registry::QueryMsg::Config {}).expect("an answer");
                    let block = self.suite.app.block_info();
                    let from = (block.time.seconds() + NOTICE.0, block.height + NOTICE.1);
                    self.governance.announced = Some((TermsId(rows.terms), from));
                }
            }
            Service::WithdrawPrice => {
                let msg = registry::ExecuteMsg::WithdrawPrice { version, task: 0 };
                if self.send("developer", &registry, &msg) {
                    self.governance.announced = None;
                }
            }
            Service::AwaitPrice => self.suite.advance(NOTICE.0),
        }
    }

    /// Requests name the terms in force.
    pub fn follow_price(&mut self) {
        let block = self.suite.app.block_info();
        let Some((terms, (time, height))) = self.governance.announced else { return };
        if block.time.seconds() >= time && block.height >= height {
            self.suite.terms = terms;
            self.governance.announced = None;
        }
    }
}
